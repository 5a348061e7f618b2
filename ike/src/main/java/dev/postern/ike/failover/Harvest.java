package dev.postern.ike.failover;

import java.util.ArrayList;
import java.util.List;

/// What an answer of the DNS has brought.
///
/// @param gateways by name
/// @param passedOver and why
/// @param news whether there is a gateway that was not there before
record Harvest(List<String> gateways, List<String> passedOver, boolean news) {
    private static final int MOST_TOLD = 8;

    static final Harvest NONE = new Harvest(List.of(), List.of(), false);

    /// Of what was passed over no more is told than people read.
    static Harvest of(List<String> gateways, List<String> passedOver, boolean news) {
        List<String> told = new ArrayList<>(passedOver);
        if (told.size() > MOST_TOLD) {
            told = new ArrayList<>(passedOver.subList(0, MOST_TOLD));
            told.add("and " + (passedOver.size() - MOST_TOLD) + " more");
        }
        return new Harvest(List.copyOf(gateways), List.copyOf(told), news);
    }
}
