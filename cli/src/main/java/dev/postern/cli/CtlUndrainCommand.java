package dev.postern.cli;

import dev.postern.gateway.daemon.AdminException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

/// Ends what `ctl drain` began.
@Command(
        name = "undrain",
        description =
                "Lets clients in again at a gateway that is being emptied. Those that have gone"
                        + " stay where they are. A gateway that is started again lets clients"
                        + " in by itself.")
final class CtlUndrainCommand implements Callable<Integer> {
    @Mixin private AdminSocket admin = new AdminSocket();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            DrainStatus status = DrainStatus.parse(admin.ask(List.of("undrain")).getFirst());
            out.println("Clients are let in again; " + status.left() + " had stayed.");
            return ExitCode.DONE;
        } catch (AdminException e) {
            return AdminSocket.refused(spec, e);
        } catch (IOException e) {
            return admin.unanswered(spec, e);
        } finally {
            out.flush();
        }
    }
}
