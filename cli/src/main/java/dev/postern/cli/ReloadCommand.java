package dev.postern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/// Makes a running gateway or ticket service read its TGS key file at once.
@Command(
        name = "reload",
        description =
                "Makes a running gateway or ticket service read its TGS key file at once. It does"
                        + " so by itself within seconds of a change; this says what came of it.")
final class ReloadCommand implements Callable<Integer> {
    @Option(
            names = "--admin",
            required = true,
            paramLabel = "SOCKET",
            description = "The socket that [admin] of its file names.")
    private Path socket = Path.of("");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return RevokeCommand.send(spec, socket, List.of("reload"));
    }
}
