package dev.postern.ike.exchange;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Effect;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.standby.StandbyCounters;
import dev.postern.ike.standby.StandbyCounters.Sequences;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.ticket.Session;
import dev.postern.wire.Octets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Tells the standby of each protected IKE SA what it has to know, as it changes: the whole record
/// when keys, Child SAs, addresses or the session have changed, counters in batches.
final class StandbyReplication {
    /// A synchronization leaps over so many Message IDs and more; a peer without it must be met
    /// exactly.
    private static final int MESSAGE_ID_BATCH = 8;

    private StandbyReplication() {}

    /// Whether a standby carries on with this IKE SA.
    static boolean protects(Turn turn, IkeSa sa) {
        return !sa.isClient()
                && sa.session() != null
                && turn.configuration()
                        .standby()
                        .protects(sa.relation().profile().name(), sa.path().local().getAddress());
    }

    /// Keeps the keys of a new Child SA.
    static void keepKeys(
            Turn turn, IkeSa sa, int inboundSpi, SecretBytes inbound, SecretBytes outbound) {
        HeldChildSa child = sa.children().byInboundSpi(inboundSpi);
        if (child != null && protects(turn, sa)) {
            byte[] keys = Arrays.copyOf(inbound.expose(), inbound.length() + outbound.length());
            System.arraycopy(outbound.expose(), 0, keys, inbound.length(), outbound.length());
            child.keep(SecretBytes.owning(keys));
        }
    }

    /// Tells what has changed in this turn, ahead of the messages that show it to the peer.
    static void tell(Turn turn, Set<IkeSa> changed) {
        for (IkeSa sa : changed) {
            boolean carried = sa.state() instanceof Established || sa.state() instanceof Replaced;
            if (!carried) {
                if (sa.state() instanceof Deleting) {
                    ended(turn, sa);
                }
            } else if (protects(turn, sa)) {
                tell(turn, sa);
            } else {
                // The peer has moved to an address that is ours alone (RFC 4555).
                ended(turn, sa);
            }
        }
    }

    private static void tell(Turn turn, IkeSa sa) {
        Standby standby = sa.relation().standby();
        int next = sa.requests().nextId();
        int expected = sa.responses().expectedId();
        int shape = shape(sa);
        if (standby.isOutdated(sa.session(), shape)) {
            StandbyRecord record = StandbySnapshot.of(turn, sa);
            if (record != null) {
                standby.written(record.key(), sa.session(), shape, next, expected);
                turn.addFirst(new Effect.KeepRecord(record));
            }
        } else if (standby.lag(next, expected) >= batch(sa)) {
            tellCounters(turn, sa);
        }
    }

    private static int batch(IkeSa sa) {
        return sa.has(Session.Extension.MESSAGE_ID_SYNC)
                        && sa.relation().standby().synchronization() == null
                ? MESSAGE_ID_BATCH
                : 1;
    }

    /// All of them: the last that is told counts.
    private static void tellCounters(Turn turn, IkeSa sa) {
        Standby standby = sa.relation().standby();
        Octets key = standby.key();
        if (key != null) {
            List<Sequences> sequences = new ArrayList<>(1);
            for (HeldChildSa child : sa.children().all()) {
                sequences.add(
                        new Sequences(
                                child.inboundSpi(), child.lastOutbound(), child.highestInbound()));
            }
            int next = sa.requests().nextId();
            int expected = sa.responses().expectedId();
            standby.countersWritten(next, expected);
            turn.addFirst(
                    new Effect.KeepCounters(new StandbyCounters(key, next, expected, sequences)));
        }
    }

    /// Everything that a record holds and no counter says, in a number.
    private static int shape(IkeSa sa) {
        int shape = sa.path().hashCode();
        shape = 31 * shape + (sa.state() instanceof Replaced ? 1 : 0);
        shape = 31 * shape + sa.relation().standby().failoverCount();
        shape = 31 * shape + (sa.relation().isTicketed() ? 1 : 0);
        shape = 31 * shape + (sa.record() == null ? 0 : 1);
        for (HeldChildSa child : sa.children().all()) {
            shape = 31 * shape + child.inboundSpi();
            shape = 31 * shape + child.standing().hashCode();
            shape = 31 * shape + (child.isSealing() ? 1 : 0);
        }
        return shape;
    }

    /// The data plane tells how far a Child SA's sequence numbers are.
    static void sequencesUsed(Turn turn, IkeSa sa, Input.SequencesUsed used) {
        HeldChildSa child = sa.children().byInboundSpi(used.inboundSpi());
        if (child != null) {
            child.noteSequences(used.outbound(), used.inbound());
            tellCounters(turn, sa);
        }
    }

    /// The IKE SA has ended, or ends: nobody shall carry on with it.
    static void ended(Turn turn, IkeSa sa) {
        Standby standby = sa.relation().standby();
        Octets key = standby.key();
        if (key != null) {
            standby.forgotten();
            turn.addFirst(new Effect.ForgetRecord(key));
        }
    }

    /// Another member owns all that is protected here: it ends without a word, and its records
    /// stay. So does whatever has only begun at an address that is that member's now: an answer
    /// that somebody else gives us yet would be sent from there.
    static void standDown(Turn turn) {
        turn.takeOvers().clear();
        Restored.endAll(turn);
        StandbyPolicy policy = turn.configuration().standby();
        for (IkeSa sa : turn.table().everything()) {
            if (!sa.isClient() && policy.hands(sa.path().local().getAddress())) {
                sa.relation().standby().forgotten();
                sa.close(
                        turn,
                        CloseReason.SUPERSEDED,
                        "another member serves it",
                        sa.session() == null);
            }
        }
    }
}
