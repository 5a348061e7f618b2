package dev.postern.cli;

import dev.postern.cli.demo.DemoCommand;
import dev.postern.cli.pki.PkiCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

import java.util.Optional;

/// The `postern` command. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
@Command(
        name = "postern",
        description = "An IKEv2/IPsec gateway and client whose sessions survive the gateway.",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        versionProvider = Postern.class,
        subcommands = {
            DemoCommand.class,
            GatewayCommand.class,
            ClientCommand.class,
            CheckCommand.class,
            TgsKeyCommand.class,
            PkiCommand.class,
            TicketCommand.class,
            TicketServiceCommand.class,
            RevokeCommand.class,
            ParkCommand.class,
            ReloadCommand.class,
            CtlCommand.class,
            ReplayCommand.class,
            SimScaleCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "From the source tree also:",
            "  ./postern test [--install]   run every test of the tree",
            "  ./postern format [--check]   lay out every Java file"
        })
public final class Postern implements IVersionProvider {
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Postern()).execute(arguments));
    }

    @Override
    public String[] getVersion() {
        return new String[] {"Postern " + version()};
    }

    @Command(name = "version", description = "Prints the version.")
    int printVersion() {
        System.out.println("Postern " + version());
        return CommandLine.ExitCode.OK;
    }

    /// What the jar's manifest says; classes outside a jar have no version.
    private static String version() {
        return Optional.ofNullable(Postern.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
    }
}
