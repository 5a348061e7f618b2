package dev.postern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/// Shows where a running gateway stands behind the addresses that its cluster shares.
@Command(
        name = "standby",
        description =
                "Shows whether the gateway is active or a standby behind the addresses that its"
                        + " cluster shares, under which epoch, the records of hot standby that it"
                        + " holds and how far the others lag behind.")
final class CtlStandbyCommand implements Callable<Integer> {
    @Option(
            names = "--admin",
            required = true,
            paramLabel = "SOCKET",
            description = "The socket that [admin] of the gateway's file names.")
    private Path socket = Path.of("");

    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return RevokeCommand.send(
                spec, socket, json ? List.of("standby", "json") : List.of("standby"));
    }
}
