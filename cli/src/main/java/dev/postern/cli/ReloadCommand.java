package dev.postern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.concurrent.Callable;

/// Makes a running gateway or ticket service read its TGS key file at once.
@Command(
        name = "reload",
        description =
                "Makes a running gateway or ticket service read its TGS key file at once. It does"
                        + " so by itself within seconds of a change; this says what came of it.")
final class ReloadCommand implements Callable<Integer> {
    @Mixin private AdminSocket admin = new AdminSocket();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return admin.print(spec, List.of("reload"));
    }
}
