package dev.postern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.concurrent.Callable;

/// Tells a running gateway that a lost member has ended, or that a site is lost.
@Command(
        name = "fence",
        description = {
            "Tells a gateway that a lost member of its cluster is down for certain, so that its"
                    + " side may go on without it.",
            "",
            "Say it only of a machine that is off or cut off from its clients: of a member that"
                    + " lives on the other side of a split both sides would go on.",
            "",
            "With the name of another site it says that this site is down, all of it, until it is"
                    + " seen again: its clients keep their inner addresses here."
        })
final class CtlFenceCommand implements Callable<Integer> {
    @Mixin private AdminSocket admin = new AdminSocket();

    @Parameters(paramLabel = "NODE|SITE", description = "Its name, as `ctl members` shows it.")
    private String node = "";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return admin.print(spec, List.of("fence", node));
    }
}
