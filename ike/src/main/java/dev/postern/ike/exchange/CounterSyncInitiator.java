package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Now;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ike.sa.SkProtection.Opened;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.MessageId;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.util.ArrayList;
import java.util.List;

/// SA Counter Synchronization at the newly active member, RFC 6311 section 5. Until it is answered
/// the IKE SA begins nothing else. A peer drops an M1 that it has seen before, also where its
/// answer was lost; so a repetition is not the same octets again but a request of its own, with a
/// higher M1 and another nonce, and only the newest is answered. A Postern peer, which takes no
/// failover count twice, answers the very octets again, and gets them.
final class CounterSyncInitiator {
    /// Message IDs that the former member may have used since the standby was told; every
    /// repetition that is a request of its own leaps four times as far.
    private static final int FIRST_LEAP = 256;

    private static final int MAXIMUM_ATTEMPTS = 8;
    private static final long FIRST_WAIT_NANOS = Now.NANOS_PER_SECOND / 4;
    private static final long LONGEST_WAIT_NANOS = 4 * Now.NANOS_PER_SECOND;

    private final int firstId;
    private Octets nonce = Octets.EMPTY;
    private int m1;
    private int p1;
    private int attempts;
    private List<byte[]> datagrams = List.of();
    private long repeatAt = RequestWindow.NEVER;

    /// @param firstId M1 of the first request
    private CounterSyncInitiator(int firstId) {
        this.firstId = firstId;
    }

    /// M1 of our first request, larger than any value that may have been used: a member before us
    /// may have done the same and failed before the standby was told. An IKE SA that is taken over
    /// goes on from there at once, so that what it tells of itself never names our epoch without
    /// our M1. There may be no such number; [#transmit] ends the IKE SA then.
    ///
    /// @param known Message ID of its next request, as far as is known
    static int firstM1(Standby standby, int known) {
        long sequence = MessageId.sequence(known) + leap(standby);
        return MessageId.of(
                MessageId.gatewaySwitchCount(known),
                (int) Math.min(sequence, MessageId.MAXIMUM_SEQUENCE));
    }

    private static long leap(Standby standby) {
        return (long) FIRST_LEAP * standby.takeovers();
    }

    /// Begins what is due; nothing where it has begun already or there is nothing to synchronize.
    static void begin(Turn turn, IkeSa sa) {
        Standby standby = sa.relation().standby();
        if (!standby.isDue() || !sa.isEstablished()) {
            return;
        }
        if (!sa.has(Session.Extension.MESSAGE_ID_SYNC)) {
            standby.synchronize(null);
            if (sa.has(Session.Extension.REPLAY_COUNTER_SYNC)) {
                sa.duties().addNow(turn, new Duty.SyncReplayCounters());
            } else {
                TakeOver.synchronizedWith(turn, sa);
            }
            return;
        }
        CounterSyncInitiator begun = new CounterSyncInitiator(sa.requests().nextId());
        standby.synchronize(begun);
        begun.transmit(turn, sa);
    }

    /// The IKE SA has something to say, which has to wait for the counters.
    static void beforeOwnRequests(Turn turn, IkeSa sa) {
        if (sa.relation().standby().isDue() && sa.duties().deadline() <= turn.now().nanos()) {
            begin(turn, sa);
        }
    }

    /// When the request is repeated.
    long repeatAt() {
        return repeatAt;
    }

    /// Does what is due.
    static void pass(Turn turn, IkeSa sa) {
        Standby standby = sa.relation().standby();
        CounterSyncInitiator begun = standby.synchronization();
        long now = turn.now().nanos();
        if (begun == null) {
            if (standby.synchronizeAt() <= now) {
                begin(turn, sa);
            }
        } else if (begun.repeatAt <= now) {
            begun.transmit(turn, sa);
        }
    }

    private void transmit(Turn turn, IkeSa sa) {
        long leap = leap(sa.relation().standby());
        long sequence = MessageId.sequence(firstId) + (leap << (2 * attempts)) - leap;
        if (attempts == MAXIMUM_ATTEMPTS || sequence >= MessageId.MAXIMUM_SEQUENCE) {
            sa.close(
                    turn,
                    CloseReason.PEER_UNRESPONSIVE,
                    "no answer from "
                            + Addresses.text(sa.path().remote())
                            + " to the synchronization of Message IDs",
                    false);
            return;
        }
        turn.count(attempts == 0 ? Counter.SYNCHRONIZATIONS : Counter.RETRANSMITTED_REQUEST);
        if (datagrams.isEmpty() || !sa.relation().peerSentVendorId()) {
            datagrams = request(turn, sa, (int) sequence);
        }
        turn.send(sa.path(), datagrams);
        repeatAt = turn.now().nanos() + Math.min(FIRST_WAIT_NANOS << attempts, LONGEST_WAIT_NANOS);
        attempts++;
    }

    private List<byte[]> request(Turn turn, IkeSa sa, int sequence) {
        m1 = MessageId.of(MessageId.gatewaySwitchCount(firstId), sequence);
        p1 = sa.responses().expectedId();
        nonce = CounterSync.newNonce(turn);
        // Should we fail too, the next member starts from here.
        sa.requests().continueFrom(m1);
        sa.requests().hold();
        List<Payload> payloads = new ArrayList<>(3);
        payloads.add(new CounterSync.Values(nonce, m1, p1).toPayload());
        HeldChildSa first = sa.children().first();
        if (sa.has(Session.Extension.REPLAY_COUNTER_SYNC) && first != null) {
            boolean extended = first.child().suite().extendedSequenceNumbers();
            payloads.add(CounterSync.replayCounters(extended, sa.relation().standby().leap()));
        }
        payloads.addAll(CounterSync.failoverCount(sa));
        Header header =
                new Header(
                        sa.spiI(),
                        sa.spiR(),
                        ExchangeType.INFORMATIONAL,
                        sa.isInitiator(),
                        false,
                        0);
        return sa.seal(turn, header, payloads);
    }

    /// Handles a response that may be the answer.
    ///
    /// @return false where it is none, and goes the way of every other response
    static boolean onResponse(Turn turn, IkeSa sa, Message message) {
        CounterSyncInitiator begun = sa.relation().standby().synchronization();
        Payload.Encrypted sk = message.encrypted();
        if (begun == null
                || sk == null
                || message.header().messageId() != 0
                || message.header().exchange() != ExchangeType.INFORMATIONAL) {
            return false;
        }
        CounterSync.Values values =
                SkProtection.open(message, sk, sa.keys().inbound())
                                        instanceof Opened.Authentic authentic
                                && authentic.payloads().size() == 1
                        ? CounterSync.Values.of(authentic.payloads())
                        : null;
        if (values == null || !begun.isAnsweredBy(values)) {
            turn.count(Counter.DROPPED_SYNCHRONIZATION);
            return true;
        }
        sa.showLife(turn);
        turn.count(Counter.SYNCHRONIZED);
        sa.relation().standby().synchronize(null);
        sa.requests()
                .continueFrom(
                        CounterSyncResponder.higher(
                                values.expectedReceive(), sa.requests().nextId()));
        if (Integer.compareUnsigned(values.expectedSend(), sa.responses().expectedId()) > 0) {
            sa.responses().continueFrom(values.expectedSend());
        }
        TakeOver.synchronizedWith(turn, sa);
        return true;
    }

    /// The nonce of the newest request, and values that are no lower than ours under the same
    /// switch count.
    private boolean isAnsweredBy(CounterSync.Values values) {
        return values.nonce().equals(nonce)
                && Integer.compareUnsigned(values.expectedReceive(), m1) >= 0
                && Integer.compareUnsigned(values.expectedSend(), p1) >= 0
                && MessageId.gatewaySwitchCount(values.expectedReceive())
                        == MessageId.gatewaySwitchCount(m1)
                && MessageId.gatewaySwitchCount(values.expectedSend())
                        == MessageId.gatewaySwitchCount(p1);
    }
}
