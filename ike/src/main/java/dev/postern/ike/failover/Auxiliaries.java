package dev.postern.ike.failover;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.Redirection;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// Sessions that stand by at other gateways while one serves the client: set up one after the
/// other, when nothing is in doubt, by a full exchange each; given up without harm to the session
/// that serves. At most [AuxiliaryPolicy#sessions] of them.
///
/// Calm is their first duty: nobody sets one up sooner than policy says after a move, and by chance
/// up to twice as late; each failure in a row doubles that, up to sixteen times. So a gateway that
/// is lost with all its clients brings the others no storm of handshakes.
final class Auxiliaries {
    /// Handles of their IKE SAs, beside those of the client's attempts.
    private static final long FIRST_HANDLE = 1L << 40;

    private static final int MOST_DOUBLINGS = 4;

    /// A gateway whose session was of no use is left alone for this long.
    private static final long UNFIT_NANOS = 3_600 * Now.NANOS_PER_SECOND;

    private final ClientPolicy policy;
    private final Entropy entropy;
    private final Outbox outbox;
    private final List<Auxiliary> held = new ArrayList<>();
    private final Map<Integer, Long> unfitUntil = new HashMap<>();
    private long lastHandle = FIRST_HANDLE;
    private long dueAt = Long.MAX_VALUE;
    private int vain;
    private @Nullable Identity serving;

    Auxiliaries(ClientPolicy policy, Entropy entropy, Outbox outbox) {
        this.policy = policy;
        this.entropy = entropy;
        this.outbox = outbox;
    }

    long deadline() {
        return dueAt;
    }

    /// Whether this is for a session that only stands by.
    boolean holdsBack(Effect effect) {
        return held.stream().anyMatch(each -> each.holdsBack(effect));
    }

    /// An event of the endpoint.
    ///
    /// @return whether it is about one of these sessions, and nobody else's
    boolean take(Now now, Course course, Event event) {
        Auxiliary auxiliary = byHandle(event.handle());
        if (auxiliary == null) {
            return false;
        }
        course.gateways().on(now, event);
        if (event instanceof Event.IkeSaEstablished) {
            stands(now, course, auxiliary);
        } else if (event instanceof Event.PeerAlive) {
            auxiliary.answers(true);
        } else if (event instanceof Event.PeerUnresponsive) {
            failed();
            end(now, course, auxiliary, "it does not answer", true);
        } else if (event instanceof Event.ReauthenticationDue) {
            end(now, course, auxiliary, "it has to authenticate anew", false);
        } else if (event instanceof Event.IkeSaClosed closed) {
            ended(now, course, auxiliary, closed);
        }
        return true;
    }

    private @Nullable Auxiliary byHandle(long handle) {
        return held.stream().filter(each -> each.handle() == handle).findFirst().orElse(null);
    }

    private void stands(Now now, Course course, Auxiliary auxiliary) {
        String fault = fault(course, auxiliary);
        if (fault != null) {
            unfitUntil.put(auxiliary.gateway(), now.nanos() + UNFIT_NANOS);
            end(now, course, auxiliary, fault, false);
            return;
        }
        vain = 0;
        outbox.emit(
                new Event.AuxiliaryStands(
                        auxiliary.handle(),
                        course.gateways().name(auxiliary.gateway()),
                        auxiliary.innerAddresses()));
        schedule(now);
    }

    /// What makes it useless, or a danger to the session that serves; null for nothing.
    private @Nullable String fault(Course course, Auxiliary auxiliary) {
        Primary primary = course.primary();
        if ((primary != null && auxiliary.gateway() == primary.gateway())
                || Objects.equals(auxiliary.peer(), serving)) {
            return "that gateway serves us already";
        }
        return primary != null
                        && auxiliary.innerAddresses().stream()
                                .anyMatch(primary.addresses()::contains)
                ? "it assigns an inner address that the session has already"
                : null;
    }

    private void ended(Now now, Course course, Auxiliary auxiliary, Event.IkeSaClosed closed) {
        held.remove(auxiliary);
        if (!auxiliary.isLeaving()) {
            failed();
            String reason = closed.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            tell(course, auxiliary, closed.detail().isEmpty() ? reason : closed.detail());
        }
        schedule(now);
    }

    private void failed() {
        vain = Math.min(MOST_DOUBLINGS, vain + 1);
    }

    private void tell(Course course, Auxiliary auxiliary, String reason) {
        outbox.emit(
                new Event.AuxiliaryEnded(
                        auxiliary.handle(), course.gateways().name(auxiliary.gateway()), reason));
    }

    private void end(Now now, Course course, Auxiliary auxiliary, String reason, boolean silently) {
        if (auxiliary.leave()) {
            tell(course, auxiliary, reason);
            course.pass(now, new Input.Close(auxiliary.handle(), silently));
        }
    }

    /// A gateway has come to serve the client.
    void settled(Now now, Course course, Event.IkeSaEstablished established) {
        serving = established.peer();
        for (Auxiliary each : List.copyOf(held)) {
            String fault = each.stands() ? fault(course, each) : null;
            if (fault != null) {
                end(now, course, each, fault, false);
            }
        }
        schedule(now);
    }

    private void schedule(Now now) {
        long wait = policy.auxiliary().afterNanos() << vain;
        dueAt =
                serving != null && held.size() < policy.auxiliary().sessions()
                        ? now.nanos() + wait + new Draw(entropy).below(wait)
                        : Long.MAX_VALUE;
    }

    /// Sets the next one up, when it is time.
    void wakeUp(Now now, Course course) {
        if (dueAt > now.nanos()) {
            return;
        }
        schedule(now);
        Primary primary = course.primary();
        if (primary == null
                || !course.isQuiet()
                || held.stream().anyMatch(each -> !each.stands())) {
            return;
        }
        for (int gateway : course.gateways().after(primary.gateway(), now)) {
            if (isFit(now, course, primary, gateway)) {
                begin(now, course, gateway);
                return;
            }
        }
    }

    /// Another gateway for sure, by an identity of its own, and none that failed lately: a full
    /// exchange with the one that serves us might end the session there.
    private boolean isFit(Now now, Course course, Primary primary, int gateway) {
        Identity identity = course.gateways().get(gateway).identity();
        return gateway != primary.gateway()
                && identity != null
                && !identity.equals(serving)
                && held.stream().noneMatch(each -> identity.equals(each.peer()))
                && unfitUntil.getOrDefault(gateway, Long.MIN_VALUE) <= now.nanos()
                && !course.gateways().standings().avoids(gateway, now);
    }

    private void begin(Now now, Course course, int gateway) {
        Auxiliary auxiliary = new Auxiliary(++lastHandle, gateway);
        held.add(auxiliary);
        GatewayCandidate candidate = course.gateways().get(gateway);
        course.gateways().standings().begunAside(now, auxiliary.handle(), gateway);
        course.pass(
                now,
                new Input.Initiate(
                        auxiliary.handle(),
                        candidate.profile(policy.profile()),
                        candidate.path(),
                        Redirection.REFUSED));
    }

    /// The gateway that serves us is in doubt: whether these are there is known when it is lost.
    void check(Now now, Course course) {
        for (Auxiliary each : List.copyOf(held)) {
            if (each.stands()) {
                each.answers(false);
                course.pass(now, new Input.Probe(each.handle(), policy.suspicion()));
            }
        }
    }

    /// The one that carries on in place of the next attempt, from now on not one of these any more;
    /// null for none. What is not ready then is in the way.
    ///
    /// @param step what would be tried
    @Nullable Auxiliary successor(Now now, Course course, Plan.@Nullable Step step) {
        Primary primary = course.primary();
        boolean serves = primary != null && !primary.silent();
        boolean resumesFirst =
                step != null
                        && step.resume()
                        && policy.auxiliary().use() == AuxiliaryPolicy.Use.AFTER_RESUME;
        if (serves || resumesFirst) {
            return null;
        }
        for (Auxiliary each : List.copyOf(held)) {
            if (!each.stands()) {
                end(now, course, each, "its setting up is not waited for", true);
            }
        }
        for (Auxiliary each : held) {
            if (each.isReady()) {
                held.remove(each);
                course.gateways().standings().promoted(each.handle());
                return each;
            }
        }
        return null;
    }

    /// They have nobody to stand by.
    void endAll(Now now, Course course) {
        serving = null;
        for (Auxiliary each : List.copyOf(held)) {
            end(now, course, each, "nothing is to be kept up", !each.stands());
        }
        dueAt = Long.MAX_VALUE;
    }

    /// The host has another address than before.
    void moved(Now now, Course course) {
        for (Auxiliary each : List.copyOf(held)) {
            if (each.stands()) {
                Path path = course.gateways().get(each.gateway()).path();
                course.pass(now, new Input.Moved(each.handle(), path));
            }
        }
    }

    /// The gateways where a session stands by.
    List<Integer> gateways() {
        return held.stream().filter(Auxiliary::stands).map(Auxiliary::gateway).toList();
    }
}
