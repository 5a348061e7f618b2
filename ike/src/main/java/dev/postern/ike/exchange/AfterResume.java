package dev.postern.ike.exchange;

import dev.postern.ike.Now;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ticket.Session;
import dev.postern.ticket.SessionChildSa;
import dev.postern.wire.MessageId;
import dev.postern.wire.TrafficSelector;

import java.util.List;

/// What a client does once a 1-RTT resume has carried its traffic over, off the critical path
/// (failover profile): the Child SAs beyond the default one follow, a key exchange that the resume
/// went without is made up for, and before the switch count runs out the IKE SA is rekeyed.
final class AfterResume {
    /// A storm of resumes must not become one of key exchanges: they spread over these minutes.
    private static final long DEFERRED_FROM_NANOS = 30 * Now.NANOS_PER_SECOND;

    private static final long DEFERRED_OVER_NANOS = 150 * Now.NANOS_PER_SECOND;

    /// The last switch count cannot be raised by another resume, so this one hurries.
    private static final long LAST_COUNT_OVER_NANOS = 5 * Now.NANOS_PER_SECOND;

    private AfterResume() {}

    /// @param old the session as it was before
    /// @param exchangedKeys whether the resume carried KEi and KEr
    static void plan(Turn turn, IkeSa sa, Session old, boolean exchangedKeys) {
        long now = turn.now().nanos();
        KeyExchangeInResume policy = sa.relation().profile().resumption().keyExchange();
        if (!exchangedKeys && policy == KeyExchangeInResume.DEFERRED) {
            long wait = DEFERRED_FROM_NANOS + Duties.below(turn.entropy(), DEFERRED_OVER_NANOS);
            sa.life().rekeyBy(now + wait);
        }
        boolean hybrid = !sa.relation().established().suite().additional().isEmpty();
        if (exchangedKeys && hybrid) {
            // One round trip has no place for additional key exchanges; they follow at once.
            sa.life().rekeyBy(now + Duties.below(turn.entropy(), LAST_COUNT_OVER_NANOS));
        }
        if (sa.relation().established().gatewaySwitchCount() == MessageId.MAXIMUM_SWITCH_COUNT) {
            sa.life().rekeyBy(now + Duties.below(turn.entropy(), LAST_COUNT_OVER_NANOS));
        }
        List<TrafficSelector> assigned =
                sa.innerAddresses().stream().map(TrafficSelector::host).toList();
        for (SessionChildSa child : old.childSas()) {
            if (!child.isDefault() && !FurtherChildSas.isAmong(sa, child)) {
                List<TrafficSelector> own =
                        assigned.isEmpty() ? child.initiatorSelectors() : assigned;
                sa.duties().addNow(turn, new Duty.CreateChildSa(own, child.responderSelectors()));
            }
        }
        FurtherChildSas.follow(turn, sa);
    }
}
