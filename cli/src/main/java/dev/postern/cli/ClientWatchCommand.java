package dev.postern.cli;

import dev.postern.gateway.daemon.AdminException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;

/// Looks on.
@Command(name = "watch", description = "Prints what happens to the running client, until it ends.")
final class ClientWatchCommand implements Callable<Integer> {
    @Mixin private ControlSocket control = new ControlSocket();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "As JSON objects, one in a line.")
    private boolean json;

    @Option(names = "--all", description = "From the oldest event that the client remembers.")
    private boolean all;

    @Override
    public Integer call() {
        boolean looksOn = false;
        try {
            String last = control.ask("last").getFirst();
            String seen = all ? "0" : last;
            looksOn = true;
            while (true) {
                for (String line :
                        json ? control.ask("events", seen, "json") : control.ask("events", seen)) {
                    int blank = line.indexOf(' ');
                    seen = line.substring(0, blank);
                    spec.commandLine().getOut().println(line.substring(blank + 1));
                    spec.commandLine().getOut().flush();
                }
            }
        } catch (AdminException e) {
            return looksOn ? ended() : ControlSocket.fail(spec, e.getMessage());
        } catch (IOException e) {
            return looksOn ? ended() : ControlSocket.fail(spec, control.unanswered(e));
        }
    }

    /// A client that ends takes its socket away; one that was killed leaves it behind.
    private int ended() {
        return Files.notExists(control.file())
                ? ExitCode.DONE
                : ControlSocket.fail(
                        spec,
                        "the client has gone without a word; `postern client restore` puts the"
                                + " host back, and `postern client up` starts it again");
    }
}
