package dev.postern.ike.failover;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.Now;

/// The checks whether the gateway that serves us lives, one at a time; what one finds ends the
/// suspicion.
///
/// A silent gateway is kept until another one has taken over: there may be none, or none to which
/// the client may go now. It is asked again meanwhile, ever more rarely and at once when something
/// authentic comes from it.
final class Checks {
    /// Longer than any check takes; one whose outcome is not told by then has had none.
    private static final long OUTCOME_NANOS = 300 * Now.NANOS_PER_SECOND;

    private final ClientPolicy policy;
    private final Entropy entropy;
    private final Outbox outbox;
    private boolean underWay;
    private int vain;
    private long againAt = Long.MAX_VALUE;

    Checks(ClientPolicy policy, Entropy entropy, Outbox outbox) {
        this.policy = policy;
        this.entropy = entropy;
        this.outbox = outbox;
    }

    boolean isUnderWay() {
        return underWay;
    }

    /// Something hints that the gateway is gone.
    void begin(Now now, Course course, Primary current, Event.Suspicion suspicion) {
        if (!current.silent() && !underWay) {
            outbox.emit(current.suspected(suspicion, course.gateways()));
            ask(now, course, current);
            course.auxiliaries().check(now, course);
        }
    }

    /// The gateway has answered, or it is not the one any more.
    void end() {
        underWay = false;
        vain = 0;
        againAt = Long.MAX_VALUE;
    }

    /// It has not answered.
    void failed(Now now) {
        underWay = false;
        vain++;
        againAt = now.nanos() + policy.retry().afterRounds(vain, entropy);
    }

    /// Something authentic has come.
    void heard(Now now, Course course) {
        Primary current = course.primary();
        if (current != null && current.silent() && !underWay) {
            ask(now, course, current);
        }
    }

    void wakeUp(Now now, Course course) {
        if (againAt <= now.nanos()) {
            underWay = false;
            againAt = Long.MAX_VALUE;
            heard(now, course);
        }
    }

    long deadline() {
        return againAt;
    }

    private void ask(Now now, Course course, Primary current) {
        underWay = true;
        againAt = now.nanos() + OUTCOME_NANOS;
        course.pass(now, new Input.Probe(current.handle(), policy.suspicion()));
    }
}
