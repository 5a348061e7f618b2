package dev.postern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// A hint from outside that the gateway may be gone.
@Command(
        name = "check",
        description =
                "Has the running client ask its gateway whether it lives, and leave it if not.")
final class ClientCheckCommand implements Callable<Integer> {
    @Mixin private ControlSocket control = new ControlSocket();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return control.print(spec, "check");
    }
}
