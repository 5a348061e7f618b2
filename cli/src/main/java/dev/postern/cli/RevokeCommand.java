package dev.postern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// Revokes at a running gateway.
@Command(
        name = "revoke",
        description = {
            "Revokes sessions at a running gateway: their tickets no longer open anything, and"
                    + " their IKE SAs are deleted.",
            "",
            "  postern revoke --admin SOCKET session HEX          one session",
            "  postern revoke --admin SOCKET identity NAME        all of a peer until now",
            "  postern revoke --admin SOCKET certificate SHA256   all that it authenticated until"
                    + " now",
            "  postern revoke --admin SOCKET before TIME          everything from before, or now",
            "  postern revoke --admin SOCKET list                 what is revoked",
            "",
            "A session's HEX is what the lines ike-sa-established and session-confirmed of a"
                    + " gateway's log call session; it is the same at all gateways and over all"
                    + " resumes.",
            "",
            "Say it to each gateway of the domain. Who authenticates in full afterwards is let in"
                    + " again: to shut somebody out, take away the key or the account as well."
        })
final class RevokeCommand implements Callable<Integer> {
    @Mixin private AdminSocket admin = new AdminSocket();

    @Parameters(arity = "1..2", paramLabel = "WHAT", description = "See above.")
    private List<String> subject = List.of();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        List<String> words = new ArrayList<>();
        if (subject.equals(List.of("list"))) {
            words.add("revocations");
        } else {
            words.add("revoke");
            words.addAll(subject);
        }
        return admin.print(spec, words);
    }
}
