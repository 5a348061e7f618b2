package dev.postern.cli;

import dev.postern.gateway.daemon.AdminException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
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
        try {
            String seen = all ? "0" : control.ask("last").getFirst();
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
            return ControlSocket.fail(spec, e.getMessage());
        } catch (IOException e) {
            return ControlSocket.fail(spec, control.nobody());
        }
    }
}
