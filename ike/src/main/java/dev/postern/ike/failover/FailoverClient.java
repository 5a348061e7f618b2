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
import dev.postern.ike.Redirection;
import dev.postern.ike.sa.ResumableSession;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Keeps one session alive across gateways (draft-dondeti-ipsec-failover-sol-00 section 4.2). Wraps
/// the endpoint that speaks the exchanges, and is as pure: inputs and instants in, effects out.
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
    private final HeldSession held = new HeldSession();
    private final Redirects redirects;
    private final Leaving leaving = new Leaving();
    private long lastHandle;
    private long retryAt = Long.MAX_VALUE;
    private boolean wanted;
    private boolean suspected;
    private @Nullable Integer parkedAt;

    public FailoverClient(ClientPolicy policy, IkeEndpoint endpoint, Entropy entropy) {
        this.policy = policy;
        this.endpoint = endpoint;
        this.entropy = entropy;
        this.gateways = new GatewayOrder(policy.gateways());
        this.redirects = new Redirects(policy.redirects());
    }

    /// Connects, beginning with the first gateway, or resumes a session that was kept.
    ///
    /// @param kept a session of an earlier run, or null
    public List<Effect> start(Now now, @Nullable ResumableSession kept) {
        effects.clear();
        wanted = true;
        held.take(kept);
        plan.begin(gateways.from(0), redirects.stance());
        next(now);
        return take();
    }

    /// Ends the session with a Delete.
    public List<Effect> stop(Now now) {
        effects.clear();
        wanted = false;
        parkedAt = null;
        held.take(null);
        retryAt = Long.MAX_VALUE;
        abandonAttempt(now);
        leaving.take().ifPresent(left -> pass(now, left));
        if (primary != null) {
            pass(now, new Input.Close(primary.handle(), false));
        }
        return take();
    }

    /// Hands an input to the endpoint and draws the conclusions.
    public List<Effect> handle(Now now, Input input) {
        effects.clear();
        pass(now, input);
        leaving.take(now).ifPresent(left -> pass(now, left));
        Primary current = primary;
        if (retryAt <= now.nanos()) {
            retryAt = Long.MAX_VALUE;
            if (current != null && plan.isAnew()) {
                authenticateAnew(now, current);
            } else {
                startOver(now);
            }
        }
        return take();
    }

    /// Something hints that the gateway is gone: traffic without answers, an application, an
    /// unauthenticated message. It is checked, no more.
    public List<Effect> suspect(Now now, Event.Suspicion suspicion) {
        effects.clear();
        Primary current = primary;
        // One check at a time; what it finds ends the suspicion.
        boolean free = attempt == null || plan.isVisit() || plan.isAnew();
        if (current != null && free && !current.silent() && !suspected) {
            suspected = true;
            emit(
                    new Event.GatewaySuspected(
                            current.handle(), gateways.name(current.gateway()), suspicion));
            pass(now, new Input.Probe(current.handle(), policy.suspicion()));
        }
        return take();
    }

    /// The host has another address towards the gateway than before, or another way.
    public List<Effect> moved(Now now) {
        effects.clear();
        if (primary != null && attempt == null) {
            Path path = gateways.get(primary.gateway()).path();
            pass(now, new Input.Moved(primary.handle(), path));
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
        if (parkedAt != null && wanted && attempt == null) {
            plan.begin(gateways.from(parkedAt), redirects.stance());
            parkedAt = null;
            next(now);
        }
        return take();
    }

    public boolean isParked() {
        return parkedAt != null;
    }

    /// What the client would resume by, to be kept over its restart: changes with each ticket.
    public @Nullable ResumableSession kept() {
        return held.kept();
    }

    public long nextDeadline() {
        return Math.min(endpoint.nextDeadline(), Math.min(retryAt, leaving.deadline()));
    }

    /// The gateway that serves the session, or null.
    public @Nullable GatewayCandidate currentGateway() {
        return primary == null ? null : gateways.get(primary.gateway());
    }

    private List<Effect> take() {
        return List.copyOf(effects);
    }

    private void emit(Event event) {
        effects.add(new Effect.Emit(event));
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
                    held.take(received.session());
                }
            }
            case Event.GatewaysAnnounced announced -> {
                if (primary != null && announced.handle() == primary.handle()) {
                    gateways.learn(announced.gateways(), primary.gateway());
                }
            }
            case Event.Redirected redirected -> onRedirected(now, redirected);
            case Event.ReauthenticationDue due -> onReauthenticationDue(now, due.handle());
            case Event.SessionConfirmed _,
                    Event.RedirectRefused _,
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
        held.established(running.resume());
        gateways.proven(running.gateway());
        primary =
                new Primary(
                        running.handle(), running.gateway(), established.innerAddresses(), false);
        boolean anew = plan.isAnew();
        plan.succeeded();
        emit(running.completed(old, established, gateways));
        if (old != null && anew) {
            // The gateway seals under the new keys once it has seen them in use.
            pass(now, new Input.Probe(running.handle(), policy.suspicion()));
            leaving.begin(now, old.handle());
        } else if (old != null) {
            pass(now, new Input.Close(old.handle(), false));
        }
    }

    private void onReauthenticationDue(Now now, long handle) {
        Primary current = primary;
        if (current != null && current.handle() == handle && attempt == null && !current.silent()) {
            authenticateAnew(now, current);
        }
    }

    /// The gateway that serves the session comes first.
    private void authenticateAnew(Now now, Primary current) {
        plan.authenticateAnew(gateways.from(current.gateway()), redirects.stance());
        next(now);
    }

    private void onSilent(Now now, long handle) {
        suspected = false;
        Primary current = primary;
        if (current == null || current.handle() != handle || current.silent()) {
            return;
        }
        primary = current.fallenSilent();
        if (plan.isAnew()) {
            abandonAttempt(now);
        }
        if (attempt == null) {
            startOver(now);
        }
    }

    private void onAlive(Now now, long handle) {
        suspected = false;
        Primary current = primary;
        if (current == null || current.handle() != handle || !current.silent()) {
            return;
        }
        primary = current.alive();
        retryAt = Long.MAX_VALUE;
        abandonAttempt(now);
    }

    private void abandonAttempt(Now now) {
        Attempt running = attempt;
        attempt = null;
        if (running != null) {
            pass(now, new Input.Close(running.handle(), true));
        }
    }

    private void onClosed(Now now, Event.IkeSaClosed closed) {
        if (primary != null && closed.handle() == primary.handle()) {
            int gateway = primary.gateway();
            primary = null;
            suspected = false;
            if (closed.reason() == CloseReason.PARKED) {
                parkedAt = gateway;
                return;
            }
            if (Attempt.endsSession(closed.reason())) {
                held.take(null);
            }
            if (wanted && attempt == null) {
                boolean silent = closed.reason() == CloseReason.PEER_UNRESPONSIVE;
                plan.begin(
                        silent ? gateways.after(gateway) : gateways.from(gateway),
                        redirects.stance());
                if (closed.reason() == CloseReason.PEER_CRASHED) {
                    next(now);
                } else {
                    retryLater(now);
                }
            }
            return;
        }
        Attempt running = attempt;
        if (running == null || closed.handle() != running.handle()) {
            return;
        }
        attempt = null;
        if (running.resume() && held.takesAnotherCount(closed.reason())) {
            begin(now, running);
        } else if (running.resume() && Attempt.mayWorkInFull(closed.reason())) {
            plan.triesInFull(running.gateway());
            begin(now, running.inFull());
        } else if (running.wasRedirected()) {
            // The gateway that sent us there has to make do with us, or refuse.
            begin(now, Attempt.inFull(running.redirector(), Redirection.REFUSED));
        } else {
            next(now);
        }
    }

    private void onRedirected(Now now, Event.Redirected redirected) {
        Attempt running = attempt;
        Primary current = primary;
        if (running != null && redirected.handle() == running.handle()) {
            attempt = null;
            Integer target = follow(now, redirected, running.gateway());
            begin(
                    now,
                    target == null
                            ? Attempt.inFull(running.gateway(), Redirection.REFUSED)
                            : running.redirectedTo(target, gateways.sentBy(running.gateway())));
        } else if (running == null
                && current != null
                && redirected.handle() == current.handle()
                && !current.silent()) {
            Integer target = follow(now, redirected, current.gateway());
            if (target != null) {
                plan.visit(target, gateways.sentBy(current.gateway()));
                next(now);
            }
        }
    }

    /// The gateway that we are sent to, or null where we do not go.
    private @Nullable Integer follow(Now now, Event.Redirected redirected, int sender) {
        Set<Integer> inUse = primary == null ? Set.of() : Set.of(primary.gateway());
        return switch (redirects.judge(now, redirected.gateway(), sender, gateways, inUse)) {
            case Redirects.Followed(int target) -> target;
            case Redirects.Refused(String reason) -> {
                emit(new Event.RedirectRefused(redirected.handle(), redirected.gateway(), reason));
                yield null;
            }
        };
    }

    private void next(Now now) {
        Plan.Step step = plan.next(held.canResume(now));
        Primary current = primary;
        if (step != null) {
            begin(
                    now,
                    new Attempt(
                            0, step.gateway(), step.resume(), step.redirection(), Attempt.NOBODY));
        } else if (!plan.isVisit()) {
            retryLater(now);
        } else if (current == null || current.silent()) {
            // While another gateway was visited, ours has gone.
            startOver(now);
        }
    }

    private void startOver(Now now) {
        Primary current = primary;
        plan.begin(
                current == null ? gateways.from(0) : gateways.after(current.gateway()),
                redirects.stance());
        next(now);
    }

    private void begin(Now now, Attempt planned) {
        GatewayCandidate candidate = gateways.get(planned.gateway());
        InitiatorProfile profile = policy.profile().towards(candidate.identity());
        ResumableSession session = planned.resume() && held.canResume(now) ? held.present() : null;
        attempt = planned.begun(++lastHandle, session != null);
        emit(attempt.started(primary, gateways));
        pass(now, attempt.input(profile, candidate.path(), session, primary));
    }

    private void retryLater(Now now) {
        long wait = policy.retry().wait(plan.failedRounds(), entropy);
        retryAt = now.nanos() + wait;
        emit(new Event.RetryScheduled(0, wait));
    }
}
