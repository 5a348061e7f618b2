package dev.postern.ike.failover;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// In which order gateways are tried: every one with a resume, where there is something to resume,
/// then every one with a full exchange.
final class Plan {
    private final Deque<Step> steps = new ArrayDeque<>();
    private int failedRounds;

    record Step(int gateway, boolean resume) {}

    /// A new round through these gateways.
    void begin(List<Integer> order) {
        steps.clear();
        for (boolean resume : new boolean[] {true, false}) {
            for (int gateway : order) {
                steps.add(new Step(gateway, resume));
            }
        }
    }

    /// What to try next, or null when the round is over.
    @Nullable Step next(boolean canResume) {
        Step step = steps.poll();
        while (step != null && step.resume() && !canResume) {
            step = steps.poll();
        }
        if (step == null) {
            failedRounds++;
        }
        return step;
    }

    void succeeded() {
        failedRounds = 0;
        steps.clear();
    }

    /// Rounds without success since the last one with.
    int failedRounds() {
        return failedRounds;
    }
}
