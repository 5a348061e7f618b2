package dev.postern.sim;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// Finds a shorter plan that breaks the same claim: without faults that do not matter, with fewer
/// clients and gateways, in less time, and as usual wherever it can be. Each try is a whole run,
/// and a run is milliseconds.
public final class Shrinker {
    private static final int LEAST_MILLIS = 3000;

    private final String claim;
    private Plan smallest;

    private Shrinker(Plan failing, String claim) {
        this.smallest = failing;
        this.claim = claim;
    }

    /// The shortest plan found; the one given where its run does not fail.
    public static Plan shrink(Plan plan) {
        Violation violation = Simulation.run(plan).violation();
        if (violation == null) {
            return plan;
        }
        Shrinker shrinker = new Shrinker(plan, violation.checker());
        shrinker.halveFaults();
        shrinker.dropFaults();
        shrinker.dropClients();
        shrinker.dropGateways();
        shrinker.shorten();
        shrinker.doAsUsual();
        shrinker.dropFaults();
        return shrinker.smallest;
    }

    private boolean take(Plan candidate) {
        Violation violation = Simulation.run(candidate).violation();
        boolean same = violation != null && Objects.equals(violation.checker(), claim);
        if (same) {
            smallest = candidate;
        }
        return same;
    }

    private void halveFaults() {
        boolean halved = true;
        while (halved && smallest.faults().size() > 1) {
            List<Fault> faults = smallest.faults();
            int half = faults.size() / 2;
            halved =
                    take(smallest.withFaults(faults.subList(0, half)))
                            || take(smallest.withFaults(faults.subList(half, faults.size())));
        }
    }

    private void dropFaults() {
        for (int i = smallest.faults().size() - 1; i >= 0; i--) {
            take(smallest.without(i));
        }
    }

    private void dropClients() {
        boolean dropped = true;
        while (dropped && smallest.clients() > 1) {
            dropped = take(smallest.toBuilder().clients(smallest.clients() - 1).build());
        }
    }

    private void dropGateways() {
        boolean dropped = true;
        while (dropped && smallest.gateways() > 1) {
            dropped = take(smallest.toBuilder().gateways(smallest.gateways() - 1).build());
        }
    }

    private void doAsUsual() {
        Plan usual =
                Plan.builder(
                                smallest.seed(),
                                smallest.gateways(),
                                smallest.clients(),
                                smallest.safetyMillis())
                        .build();
        takeChanged(plan -> plan.alliance(usual.alliance()));
        takeChanged(plan -> plan.auxiliary(usual.auxiliary()));
        takeChanged(plan -> plan.byReference(usual.byReference()));
        takeChanged(plan -> plan.keyExchange(usual.keyExchange()));
        takeChanged(plan -> plan.ticketLifetimeSeconds(usual.ticketLifetimeSeconds()));
        takeChanged(plan -> plan.movesPerHour(usual.movesPerHour()));
        takeChanged(plan -> plan.lifetimes(usual.lifetimes()));
        takeChanged(plan -> plan.terms(usual.terms()));
    }

    private void takeChanged(UnaryOperator<Plan.Builder> change) {
        Plan changed = change.apply(smallest.toBuilder()).build();
        if (!changed.equals(smallest)) {
            take(changed);
        }
    }

    private void shorten() {
        for (int millis = smallest.safetyMillis() / 2;
                millis >= LEAST_MILLIS;
                millis = millis * 2 / 3) {
            take(smallest.toBuilder().safetyMillis(millis).build());
        }
    }
}
