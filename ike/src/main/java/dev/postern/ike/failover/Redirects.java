package dev.postern.ike.failover;

import dev.postern.ike.Event;
import dev.postern.ike.Now;
import dev.postern.ike.Redirection;
import dev.postern.wire.GatewayList;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Objects;

/// The redirections that a client has followed lately, and whether it follows another one (RFC 5685
/// section 7).
final class Redirects {
    /// What becomes of one.
    sealed interface Judgement {}

    /// @param target its place in [GatewayOrder]
    record Followed(int target) implements Judgement {}

    /// @param reason for people
    record Refused(String reason) implements Judgement {}

    /// What a client does that is told to go elsewhere.
    private sealed interface Turn {}

    /// @param attempt that takes the place of the one that was redirected
    private record Go(Attempt attempt) implements Turn {}

    /// The redirected attempt is given up; what was planned goes on.
    private record GoOn() implements Turn {}

    /// @param current serves the client until the other one does
    private record Visit(int target, Primary current) implements Turn {}

    private record Stay() implements Turn {}

    private final RedirectAllowance allowance;
    private final Calm calm;
    private final Outbox outbox;
    private final Deque<Long> followed = new ArrayDeque<>();

    Redirects(RedirectAllowance allowance, Calm calm, Outbox outbox) {
        this.allowance = allowance;
        this.calm = calm;
        this.outbox = outbox;
    }

    /// What an attempt that nobody has sent us to tells its gateway.
    Redirection stance() {
        return allowance.targets() == RedirectAllowance.Targets.NONE
                ? Redirection.REFUSED
                : Redirection.ACCEPTED;
    }

    /// Does what follows from a redirection.
    void follow(Now now, Course course, Event.Redirected redirected, Plan plan, Race race) {
        Primary current = course.primary();
        switch (turn(now, course, redirected, race.underWay(redirected.handle()), current, plan)) {
            case Go(Attempt elsewhere) -> race.begin(now, course, elsewhere, null, current);
            case GoOn _ -> {
                race.finish();
                course.next(now);
            }
            case Visit(int target, Primary serving) -> course.visit(now, target, serving, false);
            case Stay _ -> {}
        }
    }

    /// @param running the attempt that is under way
    /// @param current what serves the client
    private Turn turn(
            Now now,
            Course course,
            Event.Redirected redirected,
            @Nullable Attempt running,
            @Nullable Primary current,
            Plan plan) {
        GatewayOrder gateways = course.gateways();
        if (running != null && redirected.handle() == running.handle()) {
            Integer target = follow(now, redirected, running.gateway(), gateways);
            @Nullable Integer serving =
                    current != null && plan.isVisit() ? current.gateway() : null;
            if (target != null && !target.equals(serving)) {
                return new Go(running.redirectedTo(target, gateways.sentBy(running.gateway())));
            }
            return serving != null
                    ? new GoOn()
                    : new Go(Attempt.inFull(running.gateway(), Redirection.REFUSED));
        }
        boolean serves =
                current != null && redirected.handle() == current.handle() && !current.silent();
        if (running != null || current == null || !serves) {
            return new Stay();
        }
        Integer target =
                calm.mayMoveAt(now) > now.nanos()
                        ? decline(redirected, "we have moved too lately")
                        : follow(now, redirected, current.gateway(), gateways);
        return target == null ? new Stay() : new Visit(target, current);
    }

    /// The gateway that we are sent to, or null where we do not go.
    ///
    /// @param sender the gateway that sends us there
    @Nullable Integer follow(
            Now now, Event.Redirected redirected, int sender, GatewayOrder gateways) {
        return switch (judge(now, redirected.gateway(), sender, gateways)) {
            case Followed(int target) -> target;
            case Refused(String reason) -> decline(redirected, reason);
        };
    }

    /// Tells why we do not go.
    @Nullable Integer decline(Event.Redirected redirected, String reason) {
        outbox.emit(new Event.RedirectRefused(redirected.handle(), redirected.gateway(), reason));
        return null;
    }

    /// @param sender the gateway that sends us there
    Judgement judge(Now now, GatewayList.Entry gateway, int sender, GatewayOrder gateways) {
        String objection = objection(now, gateway, gateways.knows(gateway));
        if (objection != null) {
            return new Refused(objection);
        }
        Integer target = gateways.redirected(gateway, sender);
        if (target == null) {
            return new Refused(
                    switch (gateway) {
                        case GatewayList.Name _ -> "no gateway of this name is known here";
                        case GatewayList.Address address ->
                                Objects.requireNonNullElse(
                                        gateways.objection(address, sender),
                                        "it cannot be reached from here");
                    });
        }
        if (target == sender) {
            return new Refused("it is the one that sends us there");
        }
        followed.add(now.nanos());
        return new Followed(target);
    }

    /// What stands against following, in words; null for nothing.
    ///
    /// @param known whether the target is one of the client's gateways
    private @Nullable String objection(Now now, GatewayList.Entry target, boolean known) {
        while (!followed.isEmpty() && now.nanos() - followed.peek() >= allowance.periodNanos()) {
            followed.remove();
        }
        boolean allowed =
                switch (allowance.targets()) {
                    case NONE -> false;
                    case CONFIGURED -> known;
                    case DOMAIN -> known || isInDomain(target);
                    case PROVEN -> true;
                };
        if (!allowed) {
            return "policy allows "
                    + switch (allowance.targets()) {
                        case NONE -> "no redirection";
                        case CONFIGURED -> "configured gateways only";
                        case DOMAIN -> "configured gateways and names in " + allowance.domain();
                        case PROVEN -> "every gateway";
                    };
        }
        return followed.size() >= allowance.maximum()
                ? followed.size() + " redirections were followed lately, a loop perhaps"
                : null;
    }

    private boolean isInDomain(GatewayList.Entry target) {
        return target instanceof GatewayList.Name(String fqdn)
                && ("." + fqdn.toLowerCase(Locale.ROOT))
                        .endsWith("." + allowance.domain().toLowerCase(Locale.ROOT));
    }
}
