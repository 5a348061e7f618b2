package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// IKE_FOLLOWUP_KE at the responder, RFC 9370 section 2.2.4. A series that is not awaited is
/// STATE_NOT_FOUND, which ends nothing but the series.
final class FollowUpResponder {
    private FollowUpResponder() {}

    static void onRequest(Turn turn, IkeSa sa, Message message, List<Payload> payloads) {
        FollowUps followUps = sa.relation().followUps();
        AwaitedSeries series = followUps.take(FollowUps.linkIn(payloads));
        if (series == null) {
            turn.count(Counter.REFUSED_STATE_NOT_FOUND);
            respond(turn, sa, message, List.of(Payload.Notify.of(NotifyType.STATE_NOT_FOUND)));
            return;
        }
        RekeyKeyExchange.Answered answered = answer(turn, series, payloads);
        if (answered == null) {
            series.close();
            turn.count(Counter.REFUSED_INVALID_SYNTAX);
            respond(turn, sa, message, List.of(Payload.Notify.of(NotifyType.INVALID_SYNTAX)));
        } else if (series.advance(turn, answered.shared())) {
            complete(turn, sa, message, series, answered.payload());
        } else {
            followUps.await(series);
            respond(turn, sa, message, List.of(answered.payload(), link(series)));
        }
    }

    /// KEr(n) and SK(n); null where the peer has sent no value of the method that is due.
    private static RekeyKeyExchange.@Nullable Answered answer(
            Turn turn, AwaitedSeries series, List<Payload> payloads) {
        Payload.KeyExchange ke = Message.find(payloads, Payload.KeyExchange.class);
        return ke == null || ke.method() != series.method().transformId()
                ? null
                : RekeyKeyExchange.answer(series.method(), ke, turn.entropy());
    }

    private static void complete(
            Turn turn,
            IkeSa sa,
            Message message,
            AwaitedSeries series,
            Payload.KeyExchange keyExchange) {
        List<Payload> rest;
        try (series) {
            rest =
                    sa.isEstablished() && !sa.duties().isClosing()
                            ? series.outcome().complete(turn, sa, series.secrets())
                            : List.of(Payload.Notify.of(NotifyType.TEMPORARY_FAILURE));
        }
        if (Message.findError(rest) != null) {
            respond(turn, sa, message, rest);
            return;
        }
        List<Payload> answer = new ArrayList<>();
        answer.add(keyExchange);
        answer.addAll(rest);
        respond(turn, sa, message, answer);
        series.outcome().answered(turn, sa);
    }

    /// What names a series to the peer.
    static Payload.Notify link(AwaitedSeries series) {
        return Payload.Notify.of(NotifyType.ADDITIONAL_KEY_EXCHANGE, series.link());
    }

    private static void respond(Turn turn, IkeSa sa, Message message, List<Payload> payloads) {
        sa.respond(turn, message.header(), message.octets().array(), payloads);
    }
}
