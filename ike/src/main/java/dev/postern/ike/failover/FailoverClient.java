package dev.postern.ike.failover;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.sa.ResumableSession;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// A client that keeps one session alive across gateways (draft-dondeti-ipsec-failover-sol-00
/// section 4.2). Wraps the endpoint that speaks the exchanges, and is as pure: inputs and instants
/// in, effects out.
///
/// When the gateway does not answer a check any more, the others are tried in order, the silent one
/// last: first each with a resume, then each with a full exchange, then all again after a wait. The
/// silent gateway's IKE SA stays until its replacement stands; should it answer after all, the
/// client stays with it.
public final class FailoverClient {
    private final ClientPolicy policy;
    private final IkeEndpoint endpoint;
    private final Entropy entropy;
    private final List<Effect> effects = new ArrayList<>();
    private final Plan plan = new Plan();
    private final GatewayOrder gateways;
    private @Nullable Primary primary;
    private @Nullable Attempt attempt;
    private @Nullable ResumableSession held;
    private long lastHandle;
    private long retryAt = Long.MAX_VALUE;
    private boolean wanted;
    private boolean suspected;
    private boolean countRetried;
    private boolean parked;
    private int parkedAt;

    /// The IKE SA that carries the session.
    private record Primary(long handle, int gateway, List<InetAddress> addresses, boolean silent) {
        Primary fallenSilent() {
            return new Primary(handle, gateway, addresses, true);
        }

        Primary alive() {
            return new Primary(handle, gateway, addresses, false);
        }
    }

    /// An exchange with a gateway that may become the primary.
    private record Attempt(long handle, int gateway, boolean resume) {}

    public FailoverClient(ClientPolicy policy, IkeEndpoint endpoint, Entropy entropy) {
        this.policy = policy;
        this.endpoint = endpoint;
        this.entropy = entropy;
        this.gateways = new GatewayOrder(policy.gateways());
    }

    /// Connects, beginning with the first gateway, or resumes a session that was kept.
    ///
    /// @param kept a session of an earlier run, or null
    public List<Effect> start(Now now, @Nullable ResumableSession kept) {
        effects.clear();
        wanted = true;
        held = kept;
        plan.begin(gateways.from(0));
        next(now);
        return take();
    }

    /// Ends the session with a Delete.
    public List<Effect> stop(Now now) {
        effects.clear();
        wanted = false;
        parked = false;
        retryAt = Long.MAX_VALUE;
        Attempt running = attempt;
        attempt = null;
        if (running != null) {
            pass(now, new Input.Close(running.handle(), true));
        }
        if (primary != null) {
            pass(now, new Input.Close(primary.handle(), false));
        }
        return take();
    }

    /// Hands an input to the endpoint and draws the conclusions.
    public List<Effect> handle(Now now, Input input) {
        effects.clear();
        pass(now, input);
        if (retryAt <= now.nanos()) {
            retryAt = Long.MAX_VALUE;
            plan.begin(primary == null ? gateways.from(0) : gateways.after(primary.gateway()));
            next(now);
        }
        return take();
    }

    /// Something hints that the gateway is gone: traffic without answers, an application, an
    /// unauthenticated message. It is checked, no more.
    public List<Effect> suspect(Now now, Event.Suspicion suspicion) {
        effects.clear();
        Primary current = primary;
        // One check at a time; what it finds ends the suspicion.
        if (current != null && attempt == null && !current.silent() && !suspected) {
            suspected = true;
            effects.add(
                    new Effect.Emit(
                            new Event.GatewaySuspected(
                                    current.handle(), name(current.gateway()), suspicion)));
            pass(now, new Input.Probe(current.handle(), policy.suspicion()));
        }
        return take();
    }

    /// The host has another address towards the gateway than before, or another way.
    public List<Effect> moved(Now now) {
        effects.clear();
        Primary current = primary;
        if (current != null && attempt == null) {
            Path path = gateways.get(current.gateway()).path();
            pass(now, new Input.Moved(current.handle(), path));
        }
        return take();
    }

    /// Lets the session rest: neither side holds an IKE SA until [#wake]. Nothing happens while
    /// another exchange is under way.
    public List<Effect> park(Now now) {
        effects.clear();
        if (primary != null && attempt == null && !primary.silent() && !suspected) {
            pass(now, new Input.Park(primary.handle()));
        }
        return take();
    }

    /// There is something to send: a parked session is resumed, at the gateway that it rests with
    /// if that is there.
    public List<Effect> wake(Now now) {
        effects.clear();
        if (parked && wanted && attempt == null) {
            parked = false;
            plan.begin(gateways.from(parkedAt));
            next(now);
        }
        return take();
    }

    public boolean isParked() {
        return parked;
    }

    public long nextDeadline() {
        return Math.min(endpoint.nextDeadline(), retryAt);
    }

    /// The gateway that serves the session, or null.
    public @Nullable GatewayCandidate currentGateway() {
        return primary == null ? null : gateways.get(primary.gateway());
    }

    private List<Effect> take() {
        return List.copyOf(effects);
    }

    private String name(int gateway) {
        return gateways.get(gateway).name();
    }

    private void pass(Now now, Input input) {
        for (Effect effect : endpoint.handle(now, input)) {
            effects.add(effect);
            if (effect instanceof Effect.Emit emit) {
                on(now, emit.event());
            }
        }
    }

    private void on(Now now, Event event) {
        switch (event) {
            case Event.IkeSaEstablished established -> onEstablished(now, established);
            case Event.IkeSaClosed closed -> onClosed(now, closed);
            case Event.PeerUnresponsive silent -> onSilent(now, silent.handle());
            case Event.PeerAlive alive -> onAlive(now, alive.handle());
            case Event.TicketReceived received -> {
                if (primary != null && received.handle() == primary.handle()) {
                    held = received.session();
                }
            }
            case Event.GatewaysAnnounced announced -> {
                if (primary != null && announced.handle() == primary.handle()) {
                    gateways.learn(announced.gateways(), primary.gateway());
                }
            }
            case Event.SessionConfirmed _,
                    Event.TicketIssued _,
                    Event.TicketWithheld _,
                    Event.GatewaySuspected _,
                    Event.SwitchStarted _,
                    Event.SwitchCompleted _,
                    Event.IkeSaRekeyed _,
                    Event.ChildSaEstablished _,
                    Event.ChildSaRefused _,
                    Event.ChildSaClosed _,
                    Event.RetryScheduled _ -> {}
        }
    }

    private void onEstablished(Now now, Event.IkeSaEstablished established) {
        Attempt running = attempt;
        if (running == null || established.handle() != running.handle()) {
            return;
        }
        Primary old = primary;
        attempt = null;
        suspected = false;
        countRetried = false;
        // A ticket is good for one resume; its successor came with the answer and is noted right
        // after this. A reference is kept until the gateway has told of the next one.
        held = held != null && held.isReference() && running.resume() ? held : null;
        primary =
                new Primary(
                        running.handle(), running.gateway(), established.innerAddresses(), false);
        plan.succeeded();
        boolean addressChanged =
                old != null && !old.addresses().equals(established.innerAddresses());
        effects.add(
                new Effect.Emit(
                        new Event.SwitchCompleted(
                                running.handle(),
                                old == null ? "" : name(old.gateway()),
                                name(running.gateway()),
                                established.origin(),
                                established.innerAddresses(),
                                addressChanged)));
        if (old != null) {
            pass(now, new Input.Close(old.handle(), false));
        }
    }

    private void onSilent(Now now, long handle) {
        suspected = false;
        Primary current = primary;
        if (current == null || current.handle() != handle || attempt != null) {
            return;
        }
        primary = current.fallenSilent();
        plan.begin(gateways.after(current.gateway()));
        next(now);
    }

    private void onAlive(Now now, long handle) {
        suspected = false;
        Primary current = primary;
        if (current == null || current.handle() != handle || !current.silent()) {
            return;
        }
        primary = current.alive();
        retryAt = Long.MAX_VALUE;
        Attempt running = attempt;
        attempt = null;
        if (running != null) {
            pass(now, new Input.Close(running.handle(), true));
        }
    }

    private void onClosed(Now now, Event.IkeSaClosed closed) {
        if (primary != null && closed.handle() == primary.handle()) {
            boolean ended = closed.reason() != CloseReason.PEER_UNRESPONSIVE;
            int gateway = primary.gateway();
            primary = null;
            suspected = false;
            if (closed.reason() == CloseReason.PARKED) {
                parked = true;
                parkedAt = gateway;
                return;
            }
            if (ended) {
                // Deleting an IKE SA ends its tickets (failover profile, "Capability negotiation").
                held = null;
            }
            if (wanted && attempt == null) {
                plan.begin(ended ? gateways.from(gateway) : gateways.after(gateway));
                retryLater(now);
            }
            return;
        }
        Attempt running = attempt;
        if (running == null || closed.handle() != running.handle()) {
            return;
        }
        attempt = null;
        if (running.resume() && isWorthAnotherCount(closed.reason())) {
            countRetried = true;
            begin(now, running.gateway(), true);
        } else if (running.resume() && mayWorkInFull(closed.reason())) {
            begin(now, running.gateway(), false);
        } else {
            next(now);
        }
    }

    /// By reference a gateway that lost a race for the switch count says TEMPORARY_FAILURE: the
    /// next count may win, once.
    private boolean isWorthAnotherCount(CloseReason reason) {
        ResumableSession session = held;
        return reason == CloseReason.TEMPORARY_FAILURE
                && !countRetried
                && session != null
                && session.isReference()
                && !session.isExhausted();
    }

    /// The gateway is there and will not resume: a full exchange with it is worth a try.
    private static boolean mayWorkInFull(CloseReason reason) {
        return switch (reason) {
            case TICKET_REFUSED,
                    NO_PROPOSAL_CHOSEN,
                    INVALID_KE_PAYLOAD,
                    TS_UNACCEPTABLE,
                    ADDRESS_FAILURE,
                    EXHAUSTED,
                    SYNTAX,
                    UNSUPPORTED_CRITICAL_PAYLOAD,
                    TEMPORARY_FAILURE ->
                    true;
            case CLOSED_LOCALLY,
                    DELETED_BY_PEER,
                    PEER_UNRESPONSIVE,
                    AUTHENTICATION_FAILED,
                    UNEXPECTED_IDENTITY,
                    TIMED_OUT,
                    SUPERSEDED,
                    PARKED,
                    REVOKED,
                    HARD_DEADLINE,
                    LIFETIME,
                    INTERNAL_ERROR ->
                    false;
        };
    }

    private void next(Now now) {
        ResumableSession session = held;
        boolean canResume = session != null && session.isValidAt(now.epochSeconds());
        Plan.Step step = plan.next(canResume);
        if (step == null) {
            retryLater(now);
        } else {
            begin(now, step.gateway(), step.resume());
        }
    }

    private void begin(Now now, int gateway, boolean resume) {
        GatewayCandidate candidate = gateways.get(gateway);
        InitiatorProfile profile = policy.profile().towards(candidate.identity());
        lastHandle++;
        attempt = new Attempt(lastHandle, gateway, resume);
        effects.add(
                new Effect.Emit(
                        new Event.SwitchStarted(
                                lastHandle,
                                primary == null ? "" : name(primary.gateway()),
                                candidate.name(),
                                resume)));
        ResumableSession session = held;
        if (resume && session != null) {
            held = session.attempted();
        }
        pass(
                now,
                resume && session != null
                        ? new Input.Resume(lastHandle, profile, candidate.path(), session)
                        : new Input.Initiate(lastHandle, profile, candidate.path()));
    }

    private void retryLater(Now now) {
        long wait = policy.retry().wait(plan.failedRounds(), entropy);
        retryAt = now.nanos() + wait;
        effects.add(new Effect.Emit(new Event.RetryScheduled(0, wait)));
    }
}
