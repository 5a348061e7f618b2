package dev.postern.cli;

import dev.postern.host.Restoration;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/// Ends a running client.
@Command(
        name = "down",
        description =
                "Ends the running client, and waits until the host is as it was before. Where none"
                        + " answers, what a killed one has left on the host is put back, a barrier"
                        + " too.")
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

    @Option(
            names = "--state",
            paramLabel = "DIRECTORY",
            description = "What host.state of its file names; /run/postern without it.")
    private Path state = Restoration.DIRECTORY;

    @Override
    public Integer call() throws InterruptedException {
        return control.isServed() ? end(control, spec, logout) : putBack();
    }

    /// There is none to end.
    private int putBack() {
        KilledClients killed = KilledClients.putBack(state);
        int result = ExitCode.DONE;
        for (String failure : killed.failures()) {
            result = ControlSocket.fail(spec, failure);
        }
        if (killed.undone() == 0) {
            return ControlSocket.fail(spec, control.nobody());
        }
        spec.commandLine().getOut().println("The client was killed. " + killed.told());
        spec.commandLine().getOut().flush();
        return result;
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
