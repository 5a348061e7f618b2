package dev.postern.cli;

import picocli.CommandLine.Command;

/// Commands about tickets.
@Command(
        name = "ticket",
        description = "Looks into tickets.",
        subcommands = {TicketInspectCommand.class})
final class TicketCommand {}
