package dev.postern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// Asks a running client.
@Command(name = "status", description = "Says how the running client stands.")
final class ClientStatusCommand implements Callable<Integer> {
    @Mixin private ControlSocket control = new ControlSocket();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        return json ? control.print(spec, "status", "json") : control.print(spec, "status");
    }
}
