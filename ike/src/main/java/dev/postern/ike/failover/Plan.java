package dev.postern.ike.failover;

import dev.postern.ike.Redirection;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/// In which order gateways are tried: every one with a resume, where there is something to resume,
/// then every one with a full exchange. A visit is a plan for one gateway, while another one serves
/// the client.
///
/// Gateways that are silent to a resume have most often gone, and come back together, as after the
/// outage of an access network. A full exchange that they find on its way then would cost them a
/// handshake and an AAA server a request for each client: so who can resume asks for one in every
/// third round only, for gateways that are silent because they know no resume, and resumes where
/// the answer to IKE_SA_INIT comes from a gateway that knows it.
public final class Plan {
    private static final int ROUNDS_TO_A_FULL_ONE = 3;

    private final Deque<Step> steps = new ArrayDeque<>();
    private int failedRounds;
    private boolean visit;
    private boolean anew;
    private boolean lookIn;
    private boolean commanded;

    /// @param unlessResumable a full exchange that a gateway is asked for because all were silent
    ///   to a resume; one that knows resumes after all was down, and shall resume
    public record Step(
            int gateway, boolean resume, boolean unlessResumable, Redirection redirection) {
        Step(int gateway, boolean resume, Redirection redirection) {
            this(gateway, resume, false, redirection);
        }

        private Step unlessItResumes() {
            return new Step(gateway, resume, true, redirection);
        }
    }

    /// A new round through these gateways.
    public void begin(List<Integer> order, Redirection redirection) {
        visit = false;
        anew = false;
        lookIn = false;
        commanded = false;
        fill(order, redirection);
    }

    /// One gateway is tried, and nothing is lost where it does not answer.
    ///
    /// @param byCommand whether the user or an application wants it
    void visit(int gateway, Redirection redirection, boolean byCommand) {
        begin(List.of(gateway), redirection);
        visit = true;
        commanded = byCommand;
    }

    /// Whether this attempt is what was commanded, and not what somebody has made of it.
    boolean commands(Attempt attempt) {
        return commanded && !attempt.wasRedirected();
    }

    /// The same by a resume alone: a gateway that might be better.
    ///
    /// @param ways its addresses, at least one
    void lookIn(List<Integer> ways, Redirection redirection) {
        begin(ways, redirection);
        visit = true;
        lookIn = true;
        steps.removeIf(step -> !step.resume());
    }

    boolean isLookIn() {
        return lookIn;
    }

    /// The client authenticates anew while its session goes on: a resume would prove nobody.
    void authenticateAnew(List<Integer> order, Redirection redirection) {
        begin(order, redirection);
        anew = true;
        steps.removeIf(Step::resume);
    }

    boolean isAnew() {
        return anew;
    }

    private void fill(List<Integer> order, Redirection redirection) {
        steps.clear();
        for (boolean resume : new boolean[] {true, false}) {
            for (int gateway : order) {
                steps.add(new Step(gateway, resume, redirection));
            }
        }
    }

    boolean isVisit() {
        return visit;
    }

    /// A gateway that refused a resume is tried with a full exchange at once, and not again in this
    /// round.
    void triesInFull(int gateway) {
        steps.removeIf(step -> !step.resume() && step.gateway() == gateway);
    }

    /// What to try next, or null when the round is over.
    public @Nullable Step next(boolean canResume) {
        Step step = steps.poll();
        while (step != null && isPassedOver(step, canResume)) {
            step = steps.poll();
        }
        if (step == null && !visit) {
            failedRounds++;
        }
        return step == null ? null : asAsked(step, canResume);
    }

    /// A step that may be taken beside the one under way, out of its turn; null for none. Who
    /// authenticates anew has a gateway that serves it.
    @Nullable Step rival(boolean canResume, Predicate<Step> fit) {
        if (anew) {
            return null;
        }
        for (Step step : steps) {
            if (!isPassedOver(step, canResume) && fit.test(step)) {
                steps.remove(step);
                return asAsked(step, canResume);
            }
        }
        return null;
    }

    /// These were begun and given up with nothing known against their gateways: they are next.
    void putBack(List<Step> begun) {
        begun.reversed()
                .forEach(step ->
                        steps.addFirst(
                                new Step(step.gateway(), step.resume(), step.redirection())));
    }

    private boolean isPassedOver(Step step, boolean canResume) {
        return asksTheSilent(step, canResume)
                ? failedRounds % ROUNDS_TO_A_FULL_ONE != ROUNDS_TO_A_FULL_ONE - 1
                : step.resume() && !canResume;
    }

    private Step asAsked(Step step, boolean canResume) {
        return asksTheSilent(step, canResume) ? step.unlessItResumes() : step;
    }

    /// Whether this is a full exchange for gateways that were silent to a resume.
    private boolean asksTheSilent(Step step, boolean canResume) {
        return !step.resume() && canResume && !visit && !anew;
    }

    void succeeded() {
        failedRounds = 0;
        anew = false;
        steps.clear();
    }

    /// Rounds without success since the last one with.
    public int failedRounds() {
        return failedRounds;
    }
}
