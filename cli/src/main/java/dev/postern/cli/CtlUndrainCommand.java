package dev.postern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/// Ends what `ctl drain` began.
@Command(
        name = "undrain",
        description =
                "Lets clients in again at a gateway that was being emptied. Those that have gone"
                        + " stay where they are.")
final class CtlUndrainCommand implements Callable<Integer> {
    @Option(
            names = "--admin",
            required = true,
            paramLabel = "SOCKET",
            description = "The socket that [admin] of the gateway's file names.")
    private Path socket = Path.of("");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return RevokeCommand.send(spec, socket, List.of("undrain"));
    }
}
