package dev.postern.ike.exchange;

import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;
import dev.postern.wire.Protocol;

import java.util.ArrayList;
import java.util.List;

/// INFORMATIONAL in both roles: liveness checks and Deletes of both kinds, RFC 7296 sections 1.4
/// and 2.4.
final class Informational {
    private Informational() {}

    /// Checks that the peer lives. A request that is under way already serves, whatever it is for.
    static void probe(Turn turn, IkeSa sa, RetransmissionSchedule schedule) {
        if (sa.requests().isBusy()) {
            turn.send(sa.path(), sa.requests().urge(schedule, turn.now().nanos()));
        } else {
            sa.request(turn, ExchangeType.INFORMATIONAL, List.of(), schedule, new LivenessCheck());
        }
    }

    /// Ends an IKE SA by Delete; its Child SAs end at once. A request that is under way already is
    /// waited for, where its answer can still be hoped for: it may replace the IKE SA.
    static void delete(Turn turn, IkeSa sa, CloseReason reason) {
        SessionRecord.end(turn, sa);
        if (!sa.isEstablished() || sa.requests().isResting()) {
            deleteAndForget(turn, sa, reason, "");
            return;
        }
        for (HeldChildSa child : sa.children().all()) {
            sa.children().remove(turn, sa, child);
        }
        if (sa.requests().isBusy()) {
            sa.duties().close(turn, reason);
            return;
        }
        sa.enter(turn, new Deleting(reason));
        sa.request(
                turn,
                ExchangeType.INFORMATIONAL,
                List.of(new Payload.Delete(Protocol.IKE, List.of())),
                RetransmissionSchedule.QUICK);
    }

    /// Tells the peer once that the IKE SA is no more, where there are keys to say it under, and
    /// closes it.
    static void deleteAndForget(Turn turn, IkeSa sa, CloseReason reason, String detail) {
        if (sa.state().maySendRequests()) {
            OwnRequest unfinished = sa.takePending();
            if (unfinished != null) {
                unfinished.abandon(turn);
            }
            sa.requests().answered();
            sa.request(
                    turn,
                    ExchangeType.INFORMATIONAL,
                    List.of(new Payload.Delete(Protocol.IKE, List.of())),
                    RetransmissionSchedule.QUICK);
        }
        sa.close(turn, reason, detail, false);
    }

    /// A due and authentic request.
    static void onRequest(Turn turn, IkeSa sa, Message message, List<Payload> payloads) {
        List<Payload> answer = new ArrayList<>();
        boolean endsIkeSa = false;
        List<HeldChildSa> lacking = InvalidSpi.named(sa, payloads);
        for (Payload payload : payloads) {
            if (payload instanceof Payload.Delete delete) {
                endsIkeSa |= delete.protocol() == Protocol.IKE;
                answer.addAll(ChildSaDeletion.onRequest(turn, sa, delete));
            }
        }
        InvalidSpi.mend(turn, sa, lacking);
        CounterSyncResponder.skip(turn, sa, payloads);
        answer.addAll(Mobility.onRequest(turn, sa, sa.transport().source(sa.path()), payloads));
        endsIkeSa |= Message.findNotify(payloads, NotifyType.AUTHENTICATION_FAILED) != null;
        if (!endsIkeSa && !sa.isClient()) {
            answer.addAll(TicketDelivery.answer(turn, sa, payloads));
        }
        sa.respond(
                turn, message.header(), message.octets().array(), endsIkeSa ? List.of() : answer);
        CrashToken.take(sa, payloads);
        if (sa.isClient()) {
            AuthenticationLifetime.receive(turn, sa, payloads);
            TicketDelivery.receive(turn, sa, payloads);
            RedirectInitiator.onRequest(turn, sa, payloads);
            SwitchResponder.onRequest(turn, sa, payloads);
        }
        if (!endsIkeSa && Parking.onRequest(turn, sa, payloads)) {
            return;
        }
        if (endsIkeSa) {
            IkeSaSuccession.adoptRival(turn, sa);
            IkeSaSuccession.replacedIsDeleted(turn, sa);
            SessionRecord.end(turn, sa);
            // Where both peers delete at once, each answers and forgets its own Delete (section
            // 2.25.2).
            CloseReason reason =
                    sa.state() instanceof Deleting
                            ? CloseReason.CLOSED_LOCALLY
                            : CloseReason.DELETED_BY_PEER;
            sa.close(turn, reason, "", false);
        }
    }

    /// The authentic answer to our outstanding request.
    static void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {
        boolean urged = sa.requests().isUrged();
        sa.requests().answered();
        OwnRequest request = sa.takePending();
        if (urged && request != null && !(request instanceof LivenessCheck)) {
            turn.emit(new Event.PeerAlive(sa.handle()));
        }
        if (request != null) {
            request.onResponse(turn, sa, payloads);
        } else {
            // What nobody else has asked for is our Delete of the IKE SA, or its parking.
            CloseReason reason =
                    sa.state() instanceof Deleting deleting
                            ? deleting.reason()
                            : CloseReason.CLOSED_LOCALLY;
            sa.close(turn, reason, "", false);
        }
        if (sa.isEstablished()) {
            SessionRecord.windowIsFree(turn, sa);
        }
    }
}
