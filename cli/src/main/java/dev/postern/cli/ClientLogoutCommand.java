package dev.postern.cli;

import dev.postern.gateway.configuration.ClientConfiguration;
import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.files.OwnerFile;
import dev.postern.gateway.files.UseLock;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/// Leaves nothing behind by which a session could be resumed.
@Command(
        name = "logout",
        description =
                "Ends the running client and its session, with a Delete, and removes its ticket."
                        + " Where none runs, removes the ticket that its file names.")
final class ClientLogoutCommand implements Callable<Integer> {
    @Mixin private ControlSocket control = new ControlSocket();

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration of the client: its socket and its ticket.")
    private @Nullable Path file;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        ClientConfiguration named = null;
        if (file != null) {
            try {
                named = ClientConfiguration.read(file);
            } catch (ConfigurationException e) {
                spec.commandLine().getErr().println(e.getMessage());
                spec.commandLine().getErr().flush();
                return ExitCode.WRONG_USAGE;
            }
            control.standsAt(named.adminSocket());
        }
        if (control.isServed()) {
            return ClientDownCommand.end(control, spec, true);
        }
        return named == null
                ? ControlSocket.fail(
                        spec,
                        control.nobody()
                                + "; --config names the file of one that does not run, and whose"
                                + " ticket is to go")
                : remove(named);
    }

    private int remove(ClientConfiguration named) {
        if (named.ticket() == null) {
            return say("This client keeps no ticket.");
        }
        Path ticket = named.ticket().file();
        try {
            String holder = UseLock.holder(ticket);
            if (holder != null) {
                return ControlSocket.fail(
                        spec,
                        "the ticket "
                                + ticket
                                + " stays: a client that runs uses it"
                                + (holder.isEmpty() ? "" : ", process " + holder)
                                + ", and answers at another socket than "
                                + control.file()
                                + "; --admin names the one it was started with");
            }
            return say(
                    OwnerFile.remove(ticket)
                            ? "The ticket " + ticket + " is removed."
                            : "There is no ticket " + ticket + ".");
        } catch (IOException e) {
            return ControlSocket.fail(spec, "the ticket cannot be removed: " + e);
        }
    }

    private int say(String what) {
        spec.commandLine().getOut().println(what);
        spec.commandLine().getOut().flush();
        return ExitCode.DONE;
    }
}
