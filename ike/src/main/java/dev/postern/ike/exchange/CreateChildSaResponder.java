package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import java.util.ArrayList;
import java.util.List;

/// CREATE_CHILD_SA at its responder: which of the three exchanges of RFC 7296 section 1.3 it is. An
/// IKE SA that is being closed, or has a successor, answers TEMPORARY_FAILURE (section 2.25.2).
final class CreateChildSaResponder {
    private CreateChildSaResponder() {}

    static void onRequest(Turn turn, IkeSa sa, Message message, List<Payload> payloads) {
        byte[] octets = message.octets().array();
        if (!sa.isEstablished() || sa.duties().isClosing()) {
            turn.count(Counter.REFUSED_CREATE_CHILD_SA);
            Payload refusal = Payload.Notify.of(NotifyType.TEMPORARY_FAILURE);
            sa.respond(turn, message.header(), octets, List.of(refusal));
            return;
        }
        if (IkeSaRekeyResponder.isMeant(
                Message.find(payloads, Payload.SecurityAssociation.class))) {
            IkeSaRekeyResponder.onRequest(turn, sa, message, payloads);
            return;
        }
        List<Payload> answer = new ArrayList<>(ChildSaResponder.onRequest(turn, sa, payloads));
        if (Message.findError(answer) == null) {
            answer.addAll(TicketDelivery.answer(turn, sa, payloads));
        }
        sa.respond(turn, message.header(), octets, answer);
    }
}
