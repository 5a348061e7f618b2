package dev.postern.cli;

import picocli.CommandLine.Command;

/// What an operator asks of a running gateway.
@Command(
        name = "ctl",
        description =
                "Talks to a running gateway, and with `gateways` to a running client, over the"
                        + " socket that [admin] of its file names.",
        subcommands = {
            CtlMembersCommand.class,
            CtlStandbyCommand.class,
            GatewaysCommand.class,
            CtlFenceCommand.class,
            CtlAdvertiseCommand.class,
            CtlDrainCommand.class,
            CtlUndrainCommand.class
        })
final class CtlCommand {}
