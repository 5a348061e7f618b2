package dev.postern.ike.failover;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.sa.ResumableSession;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Where a client stands between its gateways: the IKE SA that serves it, the attempt that may
/// replace it, and what follows from each event of the endpoint. [FailoverClient] is its outside.
final class Course {
    private final ClientPolicy policy;
    private final IkeEndpoint endpoint;
    private final Outbox outbox;
    private final Plan plan = new Plan();
    private final GatewayOrder gateways;
    private final HeldSession held = new HeldSession();
    private final Redirects redirects;
    private final Calm calm;
    private final Comebacks comebacks;
    private final Returning returning;
    private final Trust trust;
    private final RetryTimer retry;
    private final Leaving leaving = new Leaving();
    private final Checks checks;
    private final Summons summons;
    private final Auxiliaries auxiliaries;
    private final Race race;
    private @Nullable Primary primary;
    private boolean wanted;
    private @Nullable Integer parkedAt;

    Course(ClientPolicy policy, IkeEndpoint endpoint, Entropy entropy, Outbox outbox) {
        this.outbox = outbox;
        this.policy = policy;
        this.endpoint = endpoint;
        this.gateways = GatewayOrder.of(policy, entropy);
        this.calm = new Calm(policy.calm());
        this.comebacks = new Comebacks(policy.calm());
        this.redirects = new Redirects(policy.redirects(), calm, outbox);
        this.race = new Race(policy, gateways, held, calm, outbox);
        this.returning = new Returning(policy.calm().returnAfterNanos(), entropy);
        this.trust = new Trust(gateways, returning);
        this.retry = new RetryTimer(policy.retry(), entropy);
        this.summons = new Summons(policy, calm, outbox);
        this.auxiliaries = new Auxiliaries(policy, entropy, outbox);
        this.checks = new Checks(policy, entropy, outbox);
    }

    void start(Now now, @Nullable ResumableSession kept) {
        wanted = true;
        held.take(kept);
        round(now, gateways.all(now));
    }

    void stop(Now now) {
        wanted = false;
        parkedAt = null;
        held.take(null);
        retry.cancel();
        returning.cancel();
        race.giveUp(now, this);
        leaving.take().ifPresent(left -> pass(now, left));
        if (primary != null) {
            pass(now, new Input.Close(primary.handle(), false));
        }
        auxiliaries.endAll(now, this);
    }

    void pass(Now now, Input input) {
        for (Effect effect : endpoint.handle(now, input)) {
            if (!auxiliaries.holdsBack(effect)) {
                outbox.add(effect);
            }
            if (effect instanceof Effect.Emit emit) {
                on(now, emit.event());
            }
        }
    }

    void wakeUp(Now now) {
        leaving.take(now).ifPresent(left -> pass(now, left));
        Primary current = primary;
        if (retry.elapses(now)) {
            if (current == null) {
                round(now, gateways.all(now));
            } else if (plan.isAnew()) {
                authenticateAnew(now, current);
            } else {
                // It may be there again, and nobody has to move.
                pass(now, new Input.Probe(current.handle(), policy.suspicion()));
                leave(now, current.gateway());
            }
        }
        checks.wakeUp(now, this);
        race.wakeUp(now, this, plan, primary);
        returning.wakeUp(now, this, calm, held);
        auxiliaries.wakeUp(now, this);
    }

    long nextDeadline() {
        long waiting = Math.min(retry.deadline(), returning.deadline());
        long aside = Math.min(auxiliaries.deadline(), leaving.deadline());
        long own = Math.min(Math.min(waiting, aside), Math.min(race.deadline(), checks.deadline()));
        return Math.min(endpoint.nextDeadline(), own);
    }

    /// Goes to the preferred gateway, if that resumes the session.
    void lookIn(Now now, Primary current) {
        plan.lookIn(gateways.waysToPreferred(current.gateway()), redirects.stance());
        next(now);
    }

    void suspect(Now now, Event.Suspicion suspicion) {
        Primary current = primary;
        if (current != null && (!race.isOn() || plan.isVisit() || plan.isAnew())) {
            checks.begin(now, this, current, suspicion);
        }
    }

    /// Something has come that only the gateway can have sent.
    void heard(Now now) {
        checks.heard(now, this);
    }

    void wake(Now now) {
        if (parkedAt != null && wanted && !race.isOn()) {
            int gateway = parkedAt;
            parkedAt = null;
            comeBack(now, gateway, true);
        }
    }

    /// There are gateways that were not there before: nobody waits who has none.
    void lookAround(Now now) {
        boolean may = comebacks.isWithinBound(now) || gateways.hasRested(now);
        if (wanted && !race.isOn() && parkedAt == null && may) {
            if (primary == null) {
                retry.cancel();
                round(now, gateways.all(now));
            } else if (primary.silent()) {
                retry.cancel();
                leave(now, primary.gateway());
            }
        }
    }

    /// Whether it wants a session and does not rest.
    boolean isAwake() {
        return wanted && parkedAt == null;
    }

    void park(Now now, Primary current) {
        comebacks.wished(now);
        pass(now, new Input.Park(current.handle()));
    }

    boolean isParked() {
        return parkedAt != null;
    }

    GatewayOrder gateways() {
        return gateways;
    }

    @Nullable Primary primary() {
        return primary;
    }

    Auxiliaries auxiliaries() {
        return auxiliaries;
    }

    @Nullable ResumableSession kept() {
        return held.kept();
    }

    boolean isBusy() {
        return race.isOn();
    }

    /// Whether a gateway serves us and nothing is in doubt.
    boolean isQuiet() {
        return primary != null && !primary.silent() && !race.isOn() && !checks.isUnderWay();
    }

    /// Whether a gateway that serves us may be left for another one now.
    boolean mayLeave(Now now) {
        return isQuiet() && calm.mayMoveAt(now) <= now.nanos();
    }

    /// Goes to this gateway; the one that serves us stays where that fails.
    void visit(Now now, int target, Primary current, boolean byCommand) {
        plan.visit(target, gateways.sentBy(current.gateway()), byCommand);
        next(now);
    }

    Trust trust() {
        return trust;
    }

    private void round(Now now, List<Integer> order) {
        plan.begin(order, redirects.stance());
        next(now);
    }

    private void comeBack(Now now, int gateway, boolean atOnce) {
        boolean elsewhere = gateways.hasRested(now);
        Event wait = comebacks.await(now, retry, plan.failedRounds(), atOnce, elsewhere);
        if (wait == null) {
            round(now, gateways.from(gateway, now));
        } else {
            outbox.emit(wait);
        }
    }

    /// Looks for another gateway than the one that has gone, as soon as that is not too soon.
    private void leave(Now now, int gateway) {
        long mayMoveAt = calm.mayMoveAt(now);
        if (mayMoveAt > now.nanos()) {
            outbox.emit(retry.until(now, mayMoveAt));
        } else if (!race.isOn()) {
            round(now, gateways.after(gateway, now));
        }
    }

    private void on(Now now, Event event) {
        if (auxiliaries.take(now, this, event)) {
            return;
        }
        gateways.on(now, event);
        switch (event) {
            case Event.IkeSaEstablished established -> onEstablished(now, established);
            case Event.IkeSaClosed closed -> onClosed(now, closed);
            case Event.PeerUnresponsive silent -> onSilent(now, silent.handle());
            case Event.PeerAlive alive -> onAlive(now, alive.handle());
            case Event.TicketReceived received -> held.receive(received, primary);
            case Event.GatewaysAnnounced announced -> {
                if (primary != null && announced.handle() == primary.handle()) {
                    gateways.learn(announced.gateways(), primary.gateway());
                }
            }
            case Event.GatewayAnswered answered -> race.answered(now, this, plan, answered);
            case Event.Redirected redirected when wanted ->
                    redirects.follow(now, this, redirected, plan, race);
            case Event.SwitchOrdered ordered when wanted -> summons.follow(now, this, ordered);
            case Event.ReauthenticationDue due -> onReauthenticationDue(now, due.handle());
            // A session that is being ended leads nowhere else.
            case Event.Redirected _,
                    Event.SwitchOrdered _,
                    Event.OfClient _,
                    Event.NetworkAssigned _,
                    Event.SessionConfirmed _,
                    Event.SessionContinued _,
                    Event.ResumeAuthenticated _,
                    Event.TicketIssued _,
                    Event.TicketWithheld _,
                    Event.IkeSaRekeyed _,
                    Event.ChildSaEstablished _,
                    Event.ChildSaRefused _,
                    Event.ChildSaClosed _ -> {}
        }
    }

    private void onEstablished(Now now, Event.IkeSaEstablished established) {
        Attempt running = race.of(established.handle());
        if (running == null) {
            return;
        }
        Primary old = primary;
        race.finish();
        checks.end();
        held.established(running.resume());
        comebacks.arrived(now);
        calm.arrived(running, old != null && !plan.isAnew(), plan.commands(running), now);
        retry.cancel();
        returning.settled(now, gateways.isPreferred(running.gateway()));
        gateways.proven(running.gateway(), established.innerAddresses());
        primary =
                new Primary(
                        running.handle(), running.gateway(), established.innerAddresses(), false);
        plan.succeeded();
        outbox.emit(running.completed(old, established, gateways));
        leaving.follow(now, this, old, new Input.Probe(running.handle(), policy.suspicion()));
        auxiliaries.settled(now, this, established);
    }

    /// A session that has stood by serves from now on.
    private void adopt(Now now, Auxiliary successor) {
        Attempt made = successor.attempt();
        race.adopt(made);
        outbox.emit(made.started(primary, gateways));
        on(now, successor.release(outbox));
        held.take(successor.session());
    }

    private void onReauthenticationDue(Now now, long handle) {
        Primary current = primary;
        if (current != null && current.handle() == handle && !race.isOn() && !current.silent()) {
            authenticateAnew(now, current);
        }
    }

    private void authenticateAnew(Now now, Primary current) {
        plan.authenticateAnew(gateways.from(current.gateway(), now), redirects.stance());
        next(now);
    }

    private void onSilent(Now now, long handle) {
        Primary current = primary;
        if (current == null || current.handle() != handle) {
            return;
        }
        checks.failed(now);
        if (current.silent()) {
            return;
        }
        primary = current.fallenSilent();
        returning.cancel();
        if (plan.isAnew()) {
            race.giveUp(now, this);
        }
        if (!race.isOn()) {
            leave(now, current.gateway());
        }
    }

    private void onAlive(Now now, long handle) {
        Primary current = primary;
        if (current == null || current.handle() != handle) {
            return;
        }
        checks.end();
        if (!current.silent()) {
            return;
        }
        primary = current.alive();
        retry.cancel();
        returning.settled(now, gateways.isPreferred(current.gateway()));
        race.giveUp(now, this);
    }

    private void onClosed(Now now, Event.IkeSaClosed closed) {
        if (primary != null && closed.handle() == primary.handle()) {
            int gateway = primary.gateway();
            primary = null;
            checks.end();
            returning.cancel();
            trust.ended(now, gateway, comebacks.ended(now, closed.reason()));
            if (closed.reason() == CloseReason.PARKED) {
                parkedAt = gateway;
                auxiliaries.endAll(now, this);
                return;
            }
            Ending ending = Ending.of(closed.reason());
            if (ending.endsSession()) {
                held.take(null);
            }
            if (wanted && !race.isOn()) {
                comeBack(now, gateway, ending.letsReturnAtOnce());
            }
            return;
        }
        race.closed(now, this, plan, closed, primary);
    }

    /// Tries what the plan has next.
    void next(Now now) {
        Plan.Step step = plan.next(held.canResume(now));
        Primary current = primary;
        Auxiliary successor = auxiliaries.successor(now, this, step);
        if (successor != null) {
            adopt(now, successor);
        } else if (step != null) {
            race.begin(now, this, Attempt.of(step), step, current);
        } else if (!plan.isVisit()) {
            outbox.emit(retry.afterRounds(now, plan.failedRounds()));
        } else if (current == null) {
            round(now, gateways.all(now));
        } else if (current.silent()) {
            // While another gateway was visited, ours has gone.
            leave(now, current.gateway());
        } else if (plan.isLookIn()) {
            returning.failed(now);
        }
    }
}
