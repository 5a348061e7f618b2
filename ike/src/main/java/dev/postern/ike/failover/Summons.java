package dev.postern.ike.failover;

import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.wire.GatewayList;
import dev.postern.wire.GatewaySwitch;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

/// What a client does about N(GATEWAY_SWITCH) with vouchers that hold: it goes there by a resume,
/// as far as its policy and its calm allow. The gateway that it leaves stays until the other one
/// has let it in; a lost one is checked meanwhile, so that a vain call is no worse than none.
final class Summons {
    private final ClientPolicy policy;
    private final Calm calm;
    private final Outbox outbox;

    Summons(ClientPolicy policy, Calm calm, Outbox outbox) {
        this.policy = policy;
        this.calm = calm;
        this.outbox = outbox;
    }

    void follow(Now now, Course course, Event.SwitchOrdered ordered) {
        Primary current = course.primary();
        if (current == null || ordered.handle() != current.handle() || course.isBusy()) {
            return;
        }
        Integer target = null;
        String objection = objection(now, course, ordered);
        if (objection == null) {
            target = course.gateways().redirected(ordered.gateway(), current.gateway());
            objection = fault(course.gateways(), target, current, ordered.successor());
        }
        if (ordered.reason() == GatewaySwitch.Reason.FAILURE && !current.silent()) {
            course.pass(now, new Input.Probe(current.handle(), policy.suspicion()));
        }
        if (objection == null && target != null) {
            course.gateways().identify(target, ordered.successor());
            course.visit(now, target, current, false);
        } else {
            String where = GatewayList.text(ordered.gateway());
            outbox.emit(
                    new Event.SwitchRefused(ordered.handle(), where, String.valueOf(objection)));
        }
    }

    private @Nullable String objection(Now now, Course course, Event.SwitchOrdered ordered) {
        boolean allowed =
                switch (policy.switches()) {
                    case NONE -> false;
                    case CONFIGURED -> course.gateways().knows(ordered.gateway());
                    case VOUCHED -> true;
                };
        if (!allowed) {
            return policy.switches() == SwitchAllowance.NONE
                    ? "policy allows no switch by vouchers"
                    : "policy allows configured gateways only";
        }
        return calm.mayMoveAt(now) > now.nanos() ? "we have moved too lately" : null;
    }

    private static @Nullable String fault(
            GatewayOrder gateways, @Nullable Integer target, Primary current, Identity successor) {
        if (target == null) {
            return "it cannot be reached from here";
        }
        if (target == current.gateway()) {
            return "it is the one that serves us";
        }
        Identity known = gateways.get(target).identity();
        return known == null || known.equals(successor)
                ? null
                : "the voucher says that it is " + successor + ", and we know it as " + known;
    }
}
