package dev.postern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/// Shows the cluster as a running gateway sees it.
@Command(
        name = "members",
        description =
                "Shows the members of the gateway's cluster: up, lost (out of sight, perhaps alive)"
                        + " or down, and whether this side of a split is the primary one.")
final class CtlMembersCommand implements Callable<Integer> {
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
                spec, socket, json ? List.of("members", "json") : List.of("members"));
    }
}
