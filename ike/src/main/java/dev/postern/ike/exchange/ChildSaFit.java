package dev.postern.ike.exchange;

import dev.postern.ike.Now;
import dev.postern.ike.negotiate.TrafficSelectorNarrowing;
import dev.postern.ike.sa.ChildSa;

/// Makes the Child SAs of a session fit a policy that has changed under them. One that stands alone
/// is rekeyed with all that the peer may have now, so it grows as well as shrinks: the peer narrows
/// it to what it wants (RFC 7296 section 2.9). Of several, each that reaches further than it may is
/// rekeyed with what is left of it, or deleted where nothing is. A peer that does not take the
/// narrower one soon loses the wider one nevertheless.
final class ChildSaFit {
    /// Time for a peer that is busy to be asked a second time (RFC 7296 section 2.25).
    private static final long PATIENCE_NANOS = 20 * Now.NANOS_PER_SECOND;

    private ChildSaFit() {}

    static void all(Turn turn, IkeSa sa) {
        boolean alone = sa.childSas().size() == 1;
        for (HeldChildSa child : sa.children().all()) {
            if (child.isLive() && !child.child().isTransport()) {
                fit(turn, sa, child, alone);
            }
        }
    }

    private static void fit(Turn turn, IkeSa sa, HeldChildSa child, boolean alone) {
        SelectorPolicy common = common(sa, child.child());
        if (alone) {
            rekey(turn, sa, child, SelectorPolicy.of(sa));
        } else if (common.isEmpty()) {
            ChildSaDeletion.disown(turn, sa, child);
        } else if (reachesFurther(sa, child.child())) {
            rekey(turn, sa, child, common);
        }
    }

    /// One that was agreed on before the policy changed, and is installed after it.
    static void late(Turn turn, IkeSa sa, HeldChildSa child) {
        if (sa.relation().hasChangedPolicy()
                && !child.child().isTransport()
                && reachesFurther(sa, child.child())) {
            SelectorPolicy common = common(sa, child.child());
            rekey(turn, sa, child, common.isEmpty() ? SelectorPolicy.of(sa) : common);
        }
    }

    private static void rekey(Turn turn, IkeSa sa, HeldChildSa child, SelectorPolicy wish) {
        child.become(wish);
        if (reachesFurther(sa, child.child())) {
            child.endAt(Math.min(child.endsAt(), turn.now().nanos() + PATIENCE_NANOS));
        }
        sa.duties().addNow(turn, new Duty.RekeyChildSa(child.inboundSpi()));
    }

    private static SelectorPolicy common(IkeSa sa, ChildSa child) {
        SelectorPolicy has = SelectorPolicy.of(child, sa.isClient());
        return SelectorPolicy.of(sa).narrow(has.own(), has.peer());
    }

    private static boolean reachesFurther(IkeSa sa, ChildSa child) {
        SelectorPolicy has = SelectorPolicy.of(child, sa.isClient());
        SelectorPolicy may = SelectorPolicy.of(sa);
        return !TrafficSelectorNarrowing.isSubset(has.own(), may.own())
                || !TrafficSelectorNarrowing.isSubset(has.peer(), may.peer());
    }
}
