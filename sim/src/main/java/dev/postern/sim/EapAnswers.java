package dev.postern.sim;

import dev.postern.eap.EapOutcome;
import dev.postern.ike.Answer;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import java.util.List;

/// What an endpoint is answered after a step of EAP.
final class EapAnswers {
    private EapAnswers() {}

    /// @param attributes what AAA says of who has succeeded
    static Answer of(EapOutcome outcome, List<Octets> attributes) {
        return switch (outcome) {
            case EapOutcome.Continue(Octets packet) -> new Answer.EapContinues(packet);
            case EapOutcome.Success success ->
                    new Answer.EapSucceeded(
                            success.packet(),
                            success.msk(),
                            Identity.fqdn(success.identity()),
                            success.mutual(),
                            attributes,
                            0);
            case EapOutcome.Failure(Octets packet, String reason) ->
                    new Answer.EapFailed(packet, reason);
        };
    }
}
