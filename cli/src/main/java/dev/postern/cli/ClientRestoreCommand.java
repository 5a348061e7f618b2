package dev.postern.cli;

import dev.postern.host.Change;
import dev.postern.host.HostTools;
import dev.postern.host.Restoration;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
        int result = ExitCode.DONE;
        int undone = 0;
        try {
            for (Path journal : Restoration.journals(state)) {
                try {
                    List<Change> changes = Restoration.restore(journal, HostTools.OF_THE_SYSTEM);
                    undone += changes.size();
                } catch (IOException e) {
                    result = ControlSocket.fail(spec, e.getMessage());
                }
            }
        } catch (IOException e) {
            return ControlSocket.fail(spec, state + " cannot be read: " + e.getMessage());
        }
        if (undone > 0 || result == ExitCode.DONE) {
            spec.commandLine().getOut().println(told(undone));
            spec.commandLine().getOut().flush();
        }
        return result;
    }

    private static String told(int undone) {
        return switch (undone) {
            case 0 -> "There was nothing to put back.";
            case 1 -> "1 change was undone.";
            default -> undone + " changes were undone.";
        };
    }
}
