package dev.postern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.concurrent.Callable;

/// Ends what `ctl drain` began.
@Command(
        name = "undrain",
        description =
                "Lets clients in again at a gateway that was being emptied. Those that have gone"
                        + " stay where they are.")
final class CtlUndrainCommand implements Callable<Integer> {
    @Mixin private AdminSocket admin = new AdminSocket();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return admin.print(spec, List.of("undrain"));
    }
}
