package dev.postern.cli;

import dev.postern.host.Restoration;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/// Undoes what a client that was killed has left on this host.
@Command(
        name = "restore",
        description =
                "Puts routes and resolver back after a client that was killed; its next start does"
                        + " so too.")
final class ClientRestoreCommand implements Callable<Integer> {
    @Option(
            names = "--state",
            paramLabel = "DIRECTORY",
            description = "What host.state of its file names; /run/postern without it.")
    private Path state = Restoration.DIRECTORY;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        KilledClients killed = KilledClients.putBack(state);
        int result = ExitCode.DONE;
        for (String failure : killed.failures()) {
            result = ControlSocket.fail(spec, failure);
        }
        for (String runs : killed.running()) {
            result = ControlSocket.fail(spec, runs);
        }
        if (killed.undone() > 0 || result == ExitCode.DONE) {
            spec.commandLine().getOut().println(killed.told());
            spec.commandLine().getOut().flush();
        }
        return result;
    }
}
