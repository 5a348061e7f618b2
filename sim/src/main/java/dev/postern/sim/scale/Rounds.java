package dev.postern.sim.scale;

import dev.postern.ike.Redirection;
import dev.postern.ike.failover.Plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What clients try in round after round in vain, asked of the failover client's own [Plan]. All
/// clients with as many gateways do the same, so one plan goes ahead for a million of them; a
/// step's gateway is a place in the order of each.
final class Rounds {
    private final Plan plan = new Plan();
    private final List<List<Plan.Step>> rounds = new ArrayList<>();
    private final List<Integer> places;
    private final boolean tickets;

    Rounds(int gateways, boolean tickets) {
        this.places = IntStream.range(0, gateways).boxed().toList();
        this.tickets = tickets;
    }

    /// The round after so many that have failed.
    List<Plan.Step> after(int failed) {
        while (rounds.size() <= failed) {
            plan.begin(places, Redirection.ACCEPTED);
            List<Plan.Step> round = new ArrayList<>();
            for (Plan.Step step = plan.next(tickets); step != null; step = plan.next(tickets)) {
                round.add(step);
            }
            rounds.add(List.copyOf(round));
        }
        return rounds.get(failed);
    }
}
