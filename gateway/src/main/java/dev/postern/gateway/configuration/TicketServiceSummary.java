package dev.postern.gateway.configuration;

import java.util.List;
import java.util.stream.Collectors;

/// What a ticket service will do, in sentences.
final class TicketServiceSummary {
    private TicketServiceSummary() {}

    static List<String> of(TicketServiceConfiguration service) {
        return List.of(
                "The ticket service of the domain "
                        + service.secureDomain()
                        + " listens on "
                        + service.listen().stream()
                                .map(GatewaySummary::socket)
                                .collect(Collectors.joining(", "))
                        + ", for "
                        + String.join(", ", service.gateways())
                        + ".",
                GatewaySummary.tgsKeys(service.tgsKeys()),
                GatewaySummary.log(service.log()));
    }
}
