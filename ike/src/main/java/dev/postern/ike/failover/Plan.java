package dev.postern.ike.failover;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;

/// In which order gateways are tried: every one with a resume, where there is something to resume,
/// then every one with a full exchange.
final class Plan {
    private final int gateways;
    private final Deque<Step> steps = new ArrayDeque<>();
    private int failedRounds;

    record Step(int gateway, boolean resume) {}

    Plan(int gateways) {
        this.gateways = gateways;
    }

    /// A new round that begins at this gateway, modulo their number.
    void begin(int first) {
        steps.clear();
        for (boolean resume : new boolean[] {true, false}) {
            for (int i = 0; i < gateways; i++) {
                steps.add(new Step((first + i) % gateways, resume));
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
