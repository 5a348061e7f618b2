package dev.postern.cli;

import dev.postern.gateway.daemon.AdminClient;
import dev.postern.gateway.daemon.AdminException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/// Moves a running client to another gateway.
@Command(
        name = "switch",
        description = {
            "Moves a running client to another gateway while its gateway is alive, and waits for"
                + " the outcome. The old gateway serves it until the new one does; where the new"
                + " one does not answer, nothing changes."
        })
final class ClientSwitchCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 100;
    private static final String UNDER_WAY = " trying another";

    @Option(
            names = "--admin",
            required = true,
            paramLabel = "SOCKET",
            description = "The socket that [admin] of the client's file names.")
    private Path socket = Path.of("");

    @Parameters(
            arity = "0..1",
            paramLabel = "GATEWAY",
            description =
                    "Its identity or address; the next one in the client's order where it is not"
                            + " said.")
    private String gateway = "";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            String before = ask(List.of("gateway"));
            String now = ask(gateway.isEmpty() ? List.of("switch") : List.of("switch", gateway));
            while (now.endsWith(UNDER_WAY)) {
                Thread.sleep(LOOK_MILLIS);
                now = ask(List.of("gateway"));
            }
            if (now.equals(before)) {
                err.println("postern: the other gateway did not take the session; it stays " + now);
                return ExitCode.FAILED;
            }
            out.println("The session is " + now + ".");
            return ExitCode.DONE;
        } catch (AdminException e) {
            err.println("postern: " + e.getMessage());
            return ExitCode.WRONG_USAGE;
        } catch (IOException e) {
            err.println("postern: no client answers at " + socket + ": " + e.getMessage());
            return ExitCode.FAILED;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private String ask(List<String> words) throws AdminException, IOException {
        return AdminClient.run(socket, words).getFirst();
    }
}
