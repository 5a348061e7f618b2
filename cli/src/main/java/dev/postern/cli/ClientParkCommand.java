package dev.postern.cli;

import dev.postern.gateway.daemon.AdminException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/// Has a running client's session rest.
@Command(
        name = "park",
        description = {
            "Lets the session of a running client rest, and waits until it does: client and gateway"
                + " forget its SAs, and the client resumes it, by its ticket, for the next packet"
                + " into the tunnel."
        })
final class ClientParkCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 100;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final String PARKED = "parked";

    @Mixin private ControlSocket control = new ControlSocket();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        return control.carryOut(spec, this::park);
    }

    private int park() throws AdminException, IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        String now = control.ask("park").getFirst();
        while (!now.equals(PARKED) && System.nanoTime() < end) {
            Thread.sleep(LOOK_MILLIS);
            now = control.ask("gateway").getFirst();
        }
        if (!now.equals(PARKED)) {
            return ControlSocket.fail(
                    spec,
                    "the session does not rest, it is "
                            + now
                            + ": its gateway has not answered yet, or a packet into the tunnel"
                            + " has woken it");
        }
        spec.commandLine().getOut().println("The session rests until the next packet.");
        spec.commandLine().getOut().flush();
        return ExitCode.DONE;
    }
}
