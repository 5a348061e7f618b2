package dev.postern.ike.exchange;

import dev.postern.ike.FurtherChildSa;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.negotiate.TrafficSelectorNarrowing;
import dev.postern.ticket.SessionChildSa;
import dev.postern.wire.TrafficSelector;

import java.util.List;

/// The Child SAs that a client is configured to have beside its first one. Each follows in an
/// exchange of its own: after a full exchange, after a resume, and after it has ended without its
/// owner's will.
final class FurtherChildSas {
    private FurtherChildSas() {}

    /// Those that are to stand on this IKE SA.
    private static List<FurtherChildSa> wanted(IkeSa sa) {
        return sa.relation().profile() instanceof InitiatorProfile profile
                ? profile.furtherChildSas()
                : List.of();
    }

    /// The IKE SA stands: what is missing comes next.
    static void follow(Turn turn, IkeSa sa) {
        for (FurtherChildSa each : wanted(sa)) {
            sa.duties().addNow(turn, new Duty.SetUpChildSa(each));
        }
    }

    /// Asks for one, where it is missing still.
    static void setUp(Turn turn, IkeSa sa, FurtherChildSa wanted) {
        if (!sa.children().has(wanted)) {
            ChildSaInitiator.setUp(turn, sa, wanted, selectors(sa, wanted));
        }
    }

    private static SelectorPolicy selectors(IkeSa sa, FurtherChildSa wanted) {
        List<TrafficSelector> own =
                wanted.local().isEmpty() ? SelectorPolicy.of(sa).own() : wanted.local();
        return new SelectorPolicy(own, wanted.remote());
    }

    /// Whether a Child SA of the session before is one of those that follow anyway.
    static boolean isAmong(IkeSa sa, SessionChildSa before) {
        return wanted(sa).stream()
                .anyMatch(each ->
                        TrafficSelectorNarrowing.isSubset(
                                before.responderSelectors(), each.remote()));
    }
}
