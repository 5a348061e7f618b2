package dev.postern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// Shows which gateways a running client knows: `postern client gateways`, and `postern ctl
/// gateways`.
@Command(
        name = "gateways",
        description = {
            "Shows every gateway that a running client knows, in the order in which it would try"
                + " them now: where it knows each from, its rank, how it fared there last, and for"
                + " how long it is avoided; and every name that it looks up."
        })
final class GatewaysCommand implements Callable<Integer> {
    @Mixin private ControlSocket control = new ControlSocket();

    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return json ? control.print(spec, "gateways", "json") : control.print(spec, "gateways");
    }
}
