package dev.postern.ike.failover;

import dev.postern.ike.Event;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.sa.ResumableSession;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The attempts that are under way. It is one at first; where its gateway has not answered the
/// first message for a while, the next one of the plan is asked beside it, and after as long
/// another one (RFC 8305 section 5, in spirit). Whoever answers first goes on alone, before anybody
/// is authenticated: however many are asked, one session is opened.
///
/// The same gateway's other address is asked first, and with the same octets: to the gateway it is
/// a retransmission. A resume goes to no other gateway beside the first: each would hold a copy of
/// the session and an address for it, and each would take a switch count.
final class Race {
    private final ClientPolicy policy;
    private final GatewayOrder gateways;
    private final HeldSession held;
    private final Calm calm;
    private final Outbox outbox;
    private final List<Runner> runners = new ArrayList<>();
    private long lastHandle;
    private long at = Long.MAX_VALUE;

    /// @param step what it has been planned as, where it may be planned again
    private record Runner(Attempt attempt, Path path, Plan.@Nullable Step step) {
        boolean isBy(long handle) {
            return attempt.handle() == handle;
        }
    }

    Race(ClientPolicy policy, GatewayOrder gateways, HeldSession held, Calm calm, Outbox outbox) {
        this.policy = policy;
        this.gateways = gateways;
        this.held = held;
        this.calm = calm;
        this.outbox = outbox;
    }

    boolean isOn() {
        return !runners.isEmpty();
    }

    /// The attempt of that handle; null for none.
    @Nullable Attempt of(long handle) {
        return runners.stream()
                .filter(each -> each.isBy(handle))
                .map(Runner::attempt)
                .findFirst()
                .orElse(null);
    }

    /// The same, or else the one that was begun first.
    @Nullable Attempt underWay(long handle) {
        Attempt named = of(handle);
        return named == null && isOn() ? runners.getFirst().attempt() : named;
    }

    long deadline() {
        return at;
    }

    /// Begins the first attempt; what was under way before has been given up.
    ///
    /// @param step that it follows from; null where it is not of the plan
    /// @param primary what carries the session up to now
    void begin(
            Now now,
            Course course,
            Attempt planned,
            Plan.@Nullable Step step,
            @Nullable Primary primary) {
        runners.clear();
        at = step == null ? Long.MAX_VALUE : next(now);
        GatewayCandidate candidate = gateways.get(planned.gateway());
        InitiatorProfile profile = candidate.profile(policy.profile());
        ResumableSession session = held.presentFor(planned, calm, now);
        Attempt attempt = planned.begun(++lastHandle, session != null);
        runners.add(new Runner(attempt, candidate.path(), step));
        gateways.begun(now, lastHandle, planned.gateway());
        outbox.emit(attempt.started(primary, gateways));
        course.pass(now, attempt.input(profile, candidate.path(), session, primary));
    }

    /// An exchange that was made before.
    void adopt(Attempt made) {
        runners.clear();
        at = Long.MAX_VALUE;
        runners.add(new Runner(made, gateways.get(made.gateway()).path(), null));
    }

    private long next(Now now) {
        long wait = policy.retry().raceAfterNanos();
        return wait == 0 || runners.size() >= RetryPolicy.MOST_AT_A_TIME
                ? Long.MAX_VALUE
                : now.nanos() + wait;
    }

    /// Asks the next one, when it is time.
    ///
    /// @param primary what carries the session up to now
    void wakeUp(Now now, Course course, Plan plan, @Nullable Primary primary) {
        if (at > now.nanos() || runners.isEmpty()) {
            return;
        }
        at = Long.MAX_VALUE;
        Attempt first = runners.getFirst().attempt();
        boolean canResume = held.canResume(now);
        Plan.Step way = plan.rival(canResume, each -> isOtherWay(now, first, each, true));
        if (way == null) {
            way = plan.rival(canResume, each -> isOtherWay(now, first, each, false));
        }
        if (way != null) {
            alsoBy(now, course, first, way, primary);
        } else if (!first.resume()) {
            Plan.Step rival = plan.rival(canResume, each -> !each.resume() && isNew(each));
            if (rival != null) {
                join(now, course, rival, primary);
            }
        }
    }

    private boolean isNew(Plan.Step step) {
        return runners.stream().noneMatch(each -> each.attempt().gateway() == step.gateway());
    }

    /// Whether it is the same exchange at another address of the same gateway. A reference is left
    /// out: it is a name for one record, which whoever asks first holds.
    private boolean isOtherWay(Now now, Attempt first, Plan.Step step, boolean otherFamily) {
        boolean isIpv6 = gateways.roster().get(step.gateway()).isIpv6();
        ResumableSession session = held.kept();
        boolean mayResume =
                session != null && !session.isReference() && calm.mayResume(step.gateway(), now);
        return step.resume() == first.resume()
                && gateways.isSame(first.gateway(), step.gateway())
                && isNew(step)
                && (!otherFamily || isIpv6 != gateways.roster().get(first.gateway()).isIpv6())
                && (!step.resume() || mayResume);
    }

    private void alsoBy(
            Now now, Course course, Attempt first, Plan.Step way, @Nullable Primary primary) {
        Attempt attempt = first.by(way.gateway());
        Path path = gateways.get(way.gateway()).path();
        runners.add(new Runner(attempt, path, way));
        at = next(now);
        gateways.standings().begunAlso(now, attempt.handle(), way.gateway());
        outbox.emit(attempt.started(primary, gateways));
        course.pass(now, new Input.AlsoBy(attempt.handle(), path));
    }

    private void join(Now now, Course course, Plan.Step rival, @Nullable Primary primary) {
        GatewayCandidate candidate = gateways.get(rival.gateway());
        Attempt attempt = Attempt.of(rival).begun(++lastHandle, false);
        runners.add(new Runner(attempt, candidate.path(), rival));
        at = next(now);
        gateways.begun(now, lastHandle, rival.gateway());
        outbox.emit(attempt.started(primary, gateways));
        InitiatorProfile profile = candidate.profile(policy.profile());
        course.pass(now, attempt.input(profile, candidate.path(), null, primary));
    }

    /// A gateway has answered the first message: it goes on alone. Nobody has proven anything yet,
    /// so the others are tried again should it come to nothing.
    void answered(Now now, Course course, Plan plan, Event.GatewayAnswered answered) {
        Runner winner = null;
        for (Runner each : runners) {
            boolean exact = each.isBy(answered.handle()) && each.path().equals(answered.path());
            if (exact || (winner == null && each.isBy(answered.handle()))) {
                winner = each;
            }
        }
        if (winner != null) {
            leaveAlone(now, course, plan, winner);
        }
    }

    /// An attempt has ended. What follows from how it did takes its place; else another one that is
    /// under way, or what the plan has next.
    ///
    /// @param primary what carries the session up to now
    void closed(
            Now now,
            Course course,
            Plan plan,
            Event.IkeSaClosed closed,
            @Nullable Primary primary) {
        Attempt running = of(closed.handle());
        if (running == null) {
            return;
        }
        Attempt again = running.after(closed.reason(), held, plan);
        if (again != null) {
            leaveAlone(now, course, plan, running);
            begin(now, course, again, null, primary);
        } else if (!isOnWithout(now, closed.handle())) {
            course.next(now);
        }
    }

    /// What follows from this attempt makes the others needless.
    private void leaveAlone(Now now, Course course, Plan plan, Attempt winner) {
        runners.stream()
                .filter(each -> each.attempt().equals(winner))
                .findFirst()
                .ifPresent(runner -> leaveAlone(now, course, plan, runner));
    }

    private void leaveAlone(Now now, Course course, Plan plan, Runner winner) {
        List<Runner> others = new ArrayList<>(runners);
        int place = others.indexOf(winner);
        others.remove(winner);
        runners.retainAll(List.of(winner));
        at = Long.MAX_VALUE;
        plan.putBack(others.stream().map(Runner::step).filter(Objects::nonNull).toList());
        Attempt goesOn = winner.attempt();
        gateways.standings().settled(goesOn.handle(), goesOn.gateway());
        for (int i = 0; i < others.size(); i++) {
            gateways.standings().passedOver(now, others.get(i).attempt().gateway(), i < place);
        }
        others.removeIf(each -> each.isBy(goesOn.handle()));
        others.forEach(each -> gateways.standings().settled(each.attempt().handle(), null));
        close(now, course, others);
    }

    /// One attempt has come to nothing. Where others are under way, the next one takes its place.
    ///
    /// @return whether others are under way
    private boolean isOnWithout(Now now, long handle) {
        runners.removeIf(each -> each.isBy(handle));
        at = isOn() && policy.retry().raceAfterNanos() > 0 ? now.nanos() : Long.MAX_VALUE;
        return isOn();
    }

    /// All have come to an end, one of them in an IKE SA that serves.
    void finish() {
        runners.clear();
        at = Long.MAX_VALUE;
    }

    void giveUp(Now now, Course course) {
        List<Runner> all = List.copyOf(runners);
        finish();
        close(now, course, all);
    }

    private void close(Now now, Course course, List<Runner> given) {
        given.stream()
                .map(each -> each.attempt().handle())
                .distinct()
                .forEach(handle -> course.pass(now, new Input.Close(handle, true)));
    }
}
