package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Path;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ike.sa.SkProtection.Opened;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.MessageId;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// SA Counter Synchronization at the peer of a cluster, RFC 6311 section 5: the newly active member
/// says where it believes the counters to be, and gets the higher ones back. A request that is not
/// news is dropped in silence, because nothing but its content keeps it from being a replay.
final class CounterSyncResponder {
    /// More than this is left out of no Child SA at once.
    private static final long MAXIMUM_DELTA = 1L << 40;

    private CounterSyncResponder() {}

    /// Handles a request that may be one for synchronization.
    ///
    /// @return false where it is none, and goes the way of every other request
    static boolean onRequest(Turn turn, IkeSa sa, Path from, Message message) {
        Header header = message.header();
        Payload.Encrypted sk = message.encrypted();
        if (header.exchange() != ExchangeType.INFORMATIONAL
                || header.messageId() != 0
                || sk == null
                || !sa.isEstablished()
                || !sa.has(Session.Extension.MESSAGE_ID_SYNC)) {
            return false;
        }
        int hash = Arrays.hashCode(message.octets().array());
        List<byte[]> before = sa.relation().standby().answerTo(hash);
        if (!before.isEmpty()) {
            // The very octets again, and nothing since: their answer was lost, perhaps.
            turn.count(Counter.RETRANSMITTED_RESPONSE);
            turn.send(from, before);
            return true;
        }
        if (!(SkProtection.open(message, sk, sa.keys().inbound())
                instanceof Opened.Authentic authentic)) {
            return false;
        }
        List<Payload> payloads = authentic.payloads();
        if (Message.findNotify(payloads, NotifyType.IKEV2_MESSAGE_ID_SYNC) == null) {
            return false;
        }
        CounterSync.Values asked = CounterSync.Values.of(payloads);
        if (asked == null || !isWellFormed(sa, payloads) || !isNews(sa, payloads, asked)) {
            turn.count(Counter.DROPPED_SYNCHRONIZATION);
        } else {
            perform(turn, sa, from, message, payloads, asked);
        }
        return true;
    }

    /// Section 5.1: nothing else may stand in the message; FAILOVER_COUNT only between Postern
    /// peers.
    private static boolean isWellFormed(IkeSa sa, List<Payload> payloads) {
        Set<Integer> seen = new HashSet<>(4);
        for (Payload payload : payloads) {
            boolean allowed =
                    payload instanceof Payload.Notify notify
                            && seen.add(notify.type())
                            && (notify.is(NotifyType.IKEV2_MESSAGE_ID_SYNC)
                                    || (notify.is(NotifyType.IPSEC_REPLAY_COUNTER_SYNC)
                                            && sa.has(Session.Extension.REPLAY_COUNTER_SYNC)
                                            && delta(sa, notify) >= 0)
                                    || (notify.is(NotifyType.FAILOVER_COUNT)
                                            && sa.relation().peerSentVendorId()));
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    /// M1 is higher than anything that came from the cluster, earlier requests of this kind
    /// included, and a Postern peer's failover count is too.
    private static boolean isNews(IkeSa sa, List<Payload> payloads, CounterSync.Values asked) {
        Standby standby = sa.relation().standby();
        int expected = sa.responses().expectedId();
        long m1 = Integer.toUnsignedLong(asked.expectedSend());
        long highest =
                Math.max(Integer.toUnsignedLong(expected) - 1, standby.highestSynchronized());
        boolean sameSwitchCounts =
                MessageId.gatewaySwitchCount(asked.expectedSend())
                                == MessageId.gatewaySwitchCount(expected)
                        && MessageId.gatewaySwitchCount(asked.expectedReceive())
                                == MessageId.gatewaySwitchCount(sa.requests().nextId());
        return m1 > highest && sameSwitchCounts && risesFailoverCount(sa, payloads);
    }

    private static boolean risesFailoverCount(IkeSa sa, List<Payload> payloads) {
        if (!sa.relation().peerSentVendorId()) {
            return true;
        }
        Payload.Notify count = Message.findNotify(payloads, NotifyType.FAILOVER_COUNT);
        return count != null
                && count.data().length() == 4
                && Integer.compareUnsigned(
                                count.data().toInt(), sa.relation().standby().failoverCount())
                        > 0;
    }

    /// The one place where state changes. Requests that wait for an answer are not waited for any
    /// longer (section 9); what they were for is begun anew.
    private static void perform(
            Turn turn,
            IkeSa sa,
            Path from,
            Message message,
            List<Payload> payloads,
            CounterSync.Values asked) {
        Standby standby = sa.relation().standby();
        boolean synchronizing = standby.isSynchronizing();
        int next = higher(asked.expectedReceive(), sa.requests().nextId());
        int expected = higher(asked.expectedSend(), sa.responses().expectedId());
        OwnRequest unfinished = sa.takePending();
        sa.requests().continueFrom(next);
        sa.responses().continueFrom(expected);
        if (synchronizing) {
            // Both sides have failed over at once; ours is still to be answered.
            sa.requests().hold();
        }
        if (unfinished != null) {
            Duty again = unfinished.again(sa);
            unfinished.abandon(turn);
            if (unfinished instanceof LivenessCheck) {
                // Whoever synchronizes lives.
                turn.emit(new Event.PeerAlive(sa.handle()));
            }
            if (again != null) {
                sa.duties().addNow(turn, again);
            }
        }
        Payload.Notify count = Message.findNotify(payloads, NotifyType.FAILOVER_COUNT);
        if (count != null) {
            standby.raiseFailoverCount(count.data().toInt());
        }
        skip(turn, sa, payloads);
        sa.showLife(turn);
        turn.count(Counter.SYNCHRONIZED);
        List<byte[]> response =
                sa.seal(
                        turn,
                        message.header().toResponse(),
                        List.of(new CounterSync.Values(asked.nonce(), next, expected).toPayload()));
        standby.answered(
                Integer.toUnsignedLong(asked.expectedSend()),
                Arrays.hashCode(message.octets().array()),
                response);
        turn.send(from, response);
    }

    /// N(IPSEC_REPLAY_COUNTER_SYNC): the sequence numbers of all Child SAs leap (section 5.2).
    static void skip(Turn turn, IkeSa sa, List<Payload> payloads) {
        Payload.Notify notify = Message.findNotify(payloads, NotifyType.IPSEC_REPLAY_COUNTER_SYNC);
        long delta = notify == null ? 0 : delta(sa, notify);
        if (delta <= 0 || !sa.has(Session.Extension.REPLAY_COUNTER_SYNC)) {
            return;
        }
        for (HeldChildSa child : sa.children().all()) {
            turn.add(new Effect.SkipSequences(child.inboundSpi(), delta));
        }
    }

    /// The number of sequence numbers to leave out, or a negative one where the notification is not
    /// what it must be: 8 octets with extended sequence numbers, else 4 (section 6.4).
    private static long delta(IkeSa sa, Payload.Notify notify) {
        @Nullable HeldChildSa first = sa.children().first();
        if (first == null) {
            return 0;
        }
        if (first.child().suite().extendedSequenceNumbers()) {
            long delta = notify.data().length() == 8 ? notify.data().toLong(0) : -1;
            return delta > MAXIMUM_DELTA ? -1 : delta;
        }
        return notify.data().length() == 4 ? Integer.toUnsignedLong(notify.data().toInt()) : -1;
    }

    static int higher(int one, int other) {
        return Integer.compareUnsigned(one, other) >= 0 ? one : other;
    }
}
