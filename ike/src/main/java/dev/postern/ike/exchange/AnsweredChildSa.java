package dev.postern.ike.exchange;

import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Path;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.ProposalSelector;
import dev.postern.ike.sa.ChildSa;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The Child SA that the answer to IKE_AUTH brings: one that was asked for, or why there is none.
sealed interface AnsweredChildSa {
    record Granted(ChildSa child) implements AnsweredChildSa {}

    record Missing(CloseReason reason, String detail) implements AnsweredChildSa {}

    /// @param inboundSpi that was offered, with the selectors `offered`
    static AnsweredChildSa judge(
            List<Payload> answer,
            InitiatorProfile profile,
            int inboundSpi,
            SelectorPolicy offered,
            Path path) {
        Payload.SecurityAssociation chosen =
                Message.find(answer, Payload.SecurityAssociation.class);
        Payload.TsInitiator tsI = Message.find(answer, Payload.TsInitiator.class);
        Payload.TsResponder tsR = Message.find(answer, Payload.TsResponder.class);
        if (chosen == null || tsI == null || tsR == null) {
            Payload.Notify error = Message.findError(answer);
            String seen = error == null ? "no Child SA" : NotifyType.name(error.type());
            return new Missing(reasonOf(error), "the gateway answered " + seen);
        }
        EspSuite esp = ProposalSelector.verifyEsp(profile.espSuites(), chosen.proposals());
        if (esp == null) {
            return new Missing(
                    CloseReason.NO_PROPOSAL_CHOSEN,
                    "the gateway chose an ESP proposal that was not offered");
        }
        AnsweredSelectors selectors =
                AnsweredSelectors.judge(answer, offered, TransportMode.isWanted(profile), path);
        if (selectors == null) {
            return new Missing(
                    CloseReason.TS_UNACCEPTABLE,
                    "the gateway chose selectors "
                            + tsI.selectors()
                            + " and "
                            + tsR.selectors()
                            + " beyond the offer, or another mode");
        }
        return new Granted(
                new ChildSa(
                        inboundSpi,
                        chosen.proposals().getFirst().spi().toInt(),
                        esp,
                        selectors.own(),
                        selectors.peer(),
                        selectors.transport()));
    }

    /// What the refusal of a Child SA means for the IKE SA that is to carry it.
    static CloseReason reasonOf(Payload.@Nullable Notify error) {
        NotifyType type = error == null ? null : NotifyType.of(error.type());
        return switch (type) {
            case NO_PROPOSAL_CHOSEN -> CloseReason.NO_PROPOSAL_CHOSEN;
            case TS_UNACCEPTABLE -> CloseReason.TS_UNACCEPTABLE;
            case INTERNAL_ADDRESS_FAILURE, FAILED_CP_REQUIRED -> CloseReason.ADDRESS_FAILURE;
            case null, default -> CloseReason.SYNTAX;
        };
    }
}
