package dev.postern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.concurrent.Callable;

/// Parks sessions at a running gateway.
@Command(
        name = "park",
        description = {
            "Lets sessions at a running gateway rest: it and their clients forget the SAs, and the"
                + " next packet of a client brings its session back, here or at another gateway of"
                + " the domain. Only clients that speak the failover profile can be parked; of"
                + " others nothing changes. Where nothing was parked the exit code is 2. The lines"
                + " ike-sa-established and ike-sa-rekeyed of the gateway's log say whose IKE SAs"
                + " have which SPIs.",
            "",
            "  postern park --admin SOCKET alice@example        all sessions of a peer",
            "  postern park --admin SOCKET 0123456789abcdef     the one with this IKE SPI"
        })
final class ParkCommand implements Callable<Integer> {
    @Mixin private AdminSocket admin = new AdminSocket();

    @Parameters(
            paramLabel = "IDENTITY|SPI",
            description = "Whose sessions, or the SPI of an IKE SA, either side's.")
    private String subject = "";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return admin.print(spec, List.of("park", subject));
    }
}
