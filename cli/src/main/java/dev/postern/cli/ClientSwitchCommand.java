package dev.postern.cli;

import dev.postern.gateway.daemon.AdminException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
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

    @Mixin private ControlSocket control = new ControlSocket();

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
        return control.carryOut(spec, this::move);
    }

    private int move() throws AdminException, IOException, InterruptedException {
        String before = ask("gateway");
        String now = gateway.isEmpty() ? ask("switch") : ask("switch", gateway);
        while (now.endsWith(UNDER_WAY)) {
            Thread.sleep(LOOK_MILLIS);
            now = ask("gateway");
        }
        if (now.equals(before)) {
            return ControlSocket.fail(
                    spec, "the other gateway did not take the session; it stays " + now);
        }
        spec.commandLine().getOut().println("The session is " + now + ".");
        spec.commandLine().getOut().flush();
        return ExitCode.DONE;
    }

    private String ask(String... words) throws AdminException, IOException {
        return control.ask(words).getFirst();
    }
}
