package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.FurtherChildSa;
import dev.postern.ike.Lifetime;
import dev.postern.ike.exchange.HeldChildSa.Standing;

import org.jspecify.annotations.Nullable;

/// The lifetimes of Child SAs, by time and by what went through them: at the soft limit one is
/// rekeyed, at the hard one it ends (RFC 7296 section 2.8, RFC 4301 section 4.4.2.1).
final class ChildSaLife {
    /// Without extended sequence numbers 2^32 packets can be sent (RFC 4303 section 3.3.3); a new
    /// Child SA is made when three quarters are.
    private static final long SHORT_SEQUENCES_SOFT = 3L << 30;

    private ChildSaLife() {}

    /// By the profile, or by what its client has said of this one.
    static Lifetime lifetimeOf(IkeSa sa, HeldChildSa child) {
        FurtherChildSa further = child.further();
        return further == null ? sa.relation().profile().life().childSa() : further.lifetime();
    }

    static void begin(Turn turn, HeldChildSa child, Lifetime lifetime) {
        child.rekeyAt(IkeSaLife.rekeyInstant(turn, lifetime));
        child.endAt(
                lifetime.hardNanos() == 0
                        ? Long.MAX_VALUE
                        : turn.now().nanos() + lifetime.hardNanos());
    }

    /// One that has had a successor is in use again: it is rekeyed anew, and ends when it would
    /// have ended.
    static void rekeyInTime(Turn turn, IkeSa sa, HeldChildSa child) {
        child.rekeyAt(IkeSaLife.rekeyInstant(turn, lifetimeOf(sa, child)));
    }

    /// When the first of an IKE SA's Child SAs is due.
    static long deadline(IkeSa sa) {
        long earliest = Long.MAX_VALUE;
        for (HeldChildSa child : sa.children().all()) {
            earliest = Math.min(earliest, Math.min(child.rekeyAt(), child.endsAt()));
        }
        return earliest;
    }

    /// Does what is due.
    static void pass(Turn turn, IkeSa sa) {
        long now = turn.now().nanos();
        for (HeldChildSa child : sa.children().all()) {
            if (child.endsAt() <= now) {
                expire(turn, sa, child);
            } else if (child.rekeyAt() <= now) {
                rekey(turn, sa, child);
            }
        }
    }

    /// What went through a Child SA so far.
    static void used(Turn turn, IkeSa sa, HeldChildSa child, long octets, long packets) {
        Lifetime lifetime = lifetimeOf(sa, child);
        boolean shortSequence = !child.child().suite().extendedSequenceNumbers();
        if (reaches(octets, lifetime.hardOctets()) || reaches(packets, lifetime.hardPackets())) {
            expire(turn, sa, child);
        } else if (reaches(octets, lifetime.rekeyOctets())
                || reaches(packets, lifetime.rekeyPackets())
                || (shortSequence && packets >= SHORT_SEQUENCES_SOFT)) {
            rekey(turn, sa, child);
        }
    }

    private static boolean reaches(long used, long limit) {
        return limit != 0 && used >= limit;
    }

    private static void rekey(Turn turn, IkeSa sa, HeldChildSa child) {
        child.rekeyAt(Long.MAX_VALUE);
        ChildSaInitiator own = ChildSaInitiator.pendingAt(sa);
        boolean underWay = own != null && own.rekeys(child.inboundSpi());
        if (child.isLive() && !underWay) {
            sa.duties().addNow(turn, new Duty.RekeyChildSa(child.inboundSpi()));
        }
    }

    /// The pair carries nothing more from here on, whether the peer answers our Delete or not.
    private static void expire(Turn turn, IkeSa sa, HeldChildSa child) {
        child.endAt(Long.MAX_VALUE);
        if (child.standing() == Standing.LINGERING) {
            sa.children().remove(turn, sa, child);
        } else {
            turn.count(Counter.EXPIRED_CHILD_SA);
            ChildSaDeletion.disown(turn, sa, child);
            if (isMissed(sa, child)) {
                sa.duties().addNow(turn, anew(sa, child));
            }
        }
    }

    /// A pair has ended for which there is no successor: the peer has deleted it, or both have. A
    /// client whose last one that was has an IKE SA and no tunnel: it asks for the same again, not
    /// at once, for the peer may do it again too.
    static void ended(Turn turn, IkeSa sa, HeldChildSa child) {
        if (isMissed(sa, child)) {
            sa.duties().addLater(turn, anew(sa, child));
        }
    }

    /// What a client has to begin where this pair is gone and nothing is in its place; null for
    /// nothing.
    static @Nullable Duty toMakeAnew(IkeSa sa, HeldChildSa gone) {
        return isMissed(sa, gone) ? anew(sa, gone) : null;
    }

    private static boolean isMissed(IkeSa sa, HeldChildSa child) {
        FurtherChildSa further = child.further();
        return sa.isClient()
                && sa.isEstablished()
                && (further == null ? sa.children().isMissing() : !sa.children().has(further));
    }

    private static Duty anew(IkeSa sa, HeldChildSa child) {
        FurtherChildSa further = child.further();
        if (further != null) {
            return new Duty.SetUpChildSa(further);
        }
        SelectorPolicy same = SelectorPolicy.of(child.child(), sa.isClient());
        return new Duty.RestoreChildSa(same.own(), same.peer());
    }
}
