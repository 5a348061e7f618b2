package dev.postern.cli;

import dev.postern.gateway.daemon.AdminException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// Empties a running gateway and waits until it is empty.
@Command(
        name = "drain",
        description = {
            "Empties a running gateway: its clients are redirected to the backups of its file (RFC"
                + " 5685), at a pace, and resume there; nobody new is let in, and /readyz says 503."
                + " Prints how many are left until nobody is.",
            "",
            "Interrupting this command does not end the emptying; `ctl undrain` does. Clients that"
                    + " cannot be redirected stay until --deadline, or for as long as they like."
        })
final class CtlDrainCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 250;
    private static final long SAY_MILLIS = 2_000;

    @Mixin private AdminSocket admin = new AdminSocket();

    @Option(
            names = "--rate",
            paramLabel = "N/s",
            description =
                    "Clients that are redirected per second, 0.01 to 100000; 50 where it is not"
                            + " said.")
    private String rate = "";

    @Option(
            names = "--to",
            paramLabel = "GATEWAY",
            description =
                    "Where they go, several times for several: an address, with a port perhaps, or"
                        + " a name, of another gateway. The backups of the gateway's file where it"
                        + " is not said.")
    private List<String> targets = List.of();

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            description =
                    "After this long whoever is left is parked where it can resume, else deleted;"
                            + " such as 10m.")
    private String deadline = "";

    @Option(names = "--no-wait", description = "Begin, and do not wait.")
    private boolean noWait;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try {
            DrainStatus status = ask(order());
            out.println(status.sentence());
            out.flush();
            return noWait ? ExitCode.DONE : await(status, out);
        } catch (AdminException e) {
            return AdminSocket.refused(spec, e);
        } catch (IOException e) {
            return admin.unanswered(spec, e);
        } finally {
            out.flush();
        }
    }

    private List<String> order() {
        List<String> words = new ArrayList<>();
        words.add("drain");
        if (!rate.isEmpty()) {
            words.add("rate=" + rate);
        }
        if (!deadline.isEmpty()) {
            words.add("deadline=" + deadline);
        }
        targets.forEach(target -> words.add("to=" + target));
        return words;
    }

    private int await(DrainStatus begun, PrintWriter out)
            throws AdminException, IOException, InterruptedException {
        DrainStatus status = begun;
        long sayAt = System.currentTimeMillis() + SAY_MILLIS;
        while (!status.isEmpty()) {
            if (!status.draining()) {
                out.println("Somebody let clients in again.");
                return ExitCode.FAILED;
            }
            Thread.sleep(LOOK_MILLIS);
            status = ask(List.of("drain-status"));
            if (System.currentTimeMillis() >= sayAt) {
                out.println(status.sentence());
                out.flush();
                sayAt += SAY_MILLIS;
            }
        }
        out.println("The gateway is empty.");
        return ExitCode.DONE;
    }

    private DrainStatus ask(List<String> words) throws AdminException, IOException {
        return DrainStatus.parse(admin.ask(words).getFirst());
    }
}
