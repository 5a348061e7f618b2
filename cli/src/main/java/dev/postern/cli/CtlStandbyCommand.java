package dev.postern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// Shows where a running gateway stands behind the addresses that its cluster shares.
@Command(
        name = "standby",
        description =
                "Shows whether the gateway is active or a standby behind the addresses that its"
                        + " cluster shares, under which epoch, the records of hot standby that it"
                        + " holds and how far the others lag behind.")
final class CtlStandbyCommand implements Callable<Integer> {
    @Mixin private AdminSocket admin = new AdminSocket();

    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return admin.print(spec, "standby", json);
    }
}
