package dev.postern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// Shows the cluster as a running gateway sees it.
@Command(
        name = "members",
        description =
                "Shows the members of the gateway's cluster: up, lost (out of sight, perhaps alive)"
                        + " or down, and whether this side of a split is the primary one.")
final class CtlMembersCommand implements Callable<Integer> {
    @Mixin private AdminSocket admin = new AdminSocket();

    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return admin.print(spec, "members", json);
    }
}
