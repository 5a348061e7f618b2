package dev.postern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// Ends a running client.
@Command(
        name = "down",
        description = "Ends the running client, and waits until the host is as it was before.")
final class ClientDownCommand implements Callable<Integer> {
    @Mixin private ControlSocket control = new ControlSocket();

    @Spec private CommandSpec spec = CommandSpec.create();

    private static final long PATIENCE_MILLIS = 60_000;
    private static final long LOOK_MILLIS = 100;

    @Option(
            names = "--logout",
            description =
                    "End the session too, with a Delete, and remove its ticket: the next start"
                            + " authenticates in full.")
    private boolean logout;

    @Override
    public Integer call() throws InterruptedException {
        return end(control, spec, logout);
    }

    /// @param logout whether the session ends too
    static int end(ControlSocket control, CommandSpec spec, boolean logout)
            throws InterruptedException {
        int said = logout ? control.print(spec, "down", "logout") : control.print(spec, "down");
        if (said != ExitCode.DONE) {
            return said;
        }
        long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (control.isServed()) {
            if (System.currentTimeMillis() > deadline) {
                return ControlSocket.fail(spec, "the client has not ended yet");
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return ExitCode.DONE;
    }
}
