package dev.postern.ike.exchange;

import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ticket.Session;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// SA Counter Synchronization, RFC 6311: what the peers agree on in IKE_AUTH, and the notifications.
///
///     newly active member                            peer
///     HDR(Message ID 0), SK{ N(IKEV2_MESSAGE_ID_SYNC), [N(IPSEC_REPLAY_COUNTER_SYNC)], [N(FAILOVER_COUNT)] } -->
///                               <--   HDR(Message ID 0), SK{ N(IKEV2_MESSAGE_ID_SYNC) }
final class CounterSync {
    private static final int NONCE_LENGTH = 4;

    private CounterSync() {}

    /// The data of N(IKEV2_MESSAGE_ID_SYNC), section 6.3.
    ///
    /// @param expectedSend Message ID of the sender's next request
    /// @param expectedReceive Message ID of the receiver's next request
    record Values(Octets nonce, int expectedSend, int expectedReceive) {
        Payload toPayload() {
            byte[] data =
                    new WireWriter(12)
                            .octets(nonce)
                            .i32(expectedSend)
                            .i32(expectedReceive)
                            .finish();
            return Payload.Notify.of(NotifyType.IKEV2_MESSAGE_ID_SYNC, Octets.of(data));
        }

        static @Nullable Values of(List<Payload> payloads) {
            Payload.Notify notify = Message.findNotify(payloads, NotifyType.IKEV2_MESSAGE_ID_SYNC);
            if (notify == null || notify.data().length() != NONCE_LENGTH + 8) {
                return null;
            }
            Octets data = notify.data();
            return new Values(
                    data.slice(0, NONCE_LENGTH),
                    data.slice(NONCE_LENGTH, NONCE_LENGTH + 4).toInt(),
                    data.slice(NONCE_LENGTH + 4, NONCE_LENGTH + 8).toInt());
        }
    }

    static Octets newNonce(Turn turn) {
        return Octets.of(turn.entropy().octets(NONCE_LENGTH));
    }

    /// What an initiator announces in IKE_AUTH.
    static List<Payload> announced(Turn turn) {
        StandbyPolicy policy = turn.configuration().standby();
        List<Payload> payloads = new ArrayList<>(2);
        if (policy.messageIdSync()) {
            payloads.add(Payload.Notify.of(NotifyType.IKEV2_MESSAGE_ID_SYNC_SUPPORTED));
        }
        if (policy.replayCounterSync()) {
            payloads.add(Payload.Notify.of(NotifyType.IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED));
        }
        return payloads;
    }

    /// Notes what both announce.
    static void agree(Turn turn, IkeSa sa, List<Payload> fromPeer) {
        StandbyPolicy policy = turn.configuration().standby();
        if (policy.messageIdSync() && has(fromPeer, NotifyType.IKEV2_MESSAGE_ID_SYNC_SUPPORTED)) {
            sa.agreeOn(Session.Extension.MESSAGE_ID_SYNC);
        }
        if (policy.replayCounterSync()
                && has(fromPeer, NotifyType.IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED)) {
            sa.agreeOn(Session.Extension.REPLAY_COUNTER_SYNC);
        }
    }

    /// What a responder answers: nothing that the initiator has not announced (section 5).
    static List<Payload> answered(Turn turn, List<Payload> request) {
        List<Payload> payloads = announced(turn);
        payloads.removeIf(payload ->
                payload instanceof Payload.Notify notify
                        && request.stream()
                                .noneMatch(p ->
                                        p instanceof Payload.Notify asked
                                                && asked.type() == notify.type()));
        return payloads;
    }

    private static boolean has(List<Payload> payloads, NotifyType type) {
        return Message.findNotify(payloads, type) != null;
    }

    /// The suites that a further Child SA of this IKE SA may have: all of its Child SAs use
    /// extended sequence numbers or none does (section 6.4).
    static List<EspSuite> suites(IkeSa sa) {
        List<EspSuite> all = sa.relation().profile().espSuites();
        HeldChildSa first = sa.children().first();
        if (!sa.has(Session.Extension.REPLAY_COUNTER_SYNC) || first == null) {
            return all;
        }
        boolean extended = first.child().suite().extendedSequenceNumbers();
        return all.stream().filter(suite -> suite.extendedSequenceNumbers() == extended).toList();
    }

    /// N(IPSEC_REPLAY_COUNTER_SYNC): how many sequence numbers the peer leaves out, section 6.4.
    static Payload replayCounters(boolean extended, long delta) {
        Octets data = extended ? Octets.ofLong(delta) : Octets.ofInt((int) delta);
        return Payload.Notify.of(NotifyType.IPSEC_REPLAY_COUNTER_SYNC, data);
    }

    /// N(FAILOVER_COUNT) for a Postern peer; nothing for others, to whom its number means nothing.
    static List<Payload> failoverCount(IkeSa sa) {
        return sa.relation().peerSentVendorId()
                ? List.of(
                        Payload.Notify.of(
                                NotifyType.FAILOVER_COUNT,
                                Octets.ofInt(sa.relation().standby().failoverCount())))
                : List.of();
    }
}
