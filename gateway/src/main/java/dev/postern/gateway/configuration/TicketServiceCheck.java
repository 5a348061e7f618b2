package dev.postern.gateway.configuration;

import dev.postern.gateway.eap.CertificateNames;
import dev.postern.gateway.eap.TlsIdentity;
import dev.postern.gateway.tickets.TicketServicePlaces;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What must hold between the file of a ticket service and that of a gateway, told at the
/// gateway's. In operation each of these faults means full exchanges in place of resumes.
final class TicketServiceCheck {
    private final TicketServiceConfiguration service;
    private final GatewayConfiguration gateway;
    private final List<Problem> problems = new ArrayList<>();

    private TicketServiceCheck(TicketServiceConfiguration service, GatewayConfiguration gateway) {
        this.service = service;
        this.gateway = gateway;
    }

    /// @param now seconds since 1970
    static List<Problem> problemsOf(
            TicketServiceConfiguration service, GatewayConfiguration gateway, long now) {
        TicketServiceCheck check = new TicketServiceCheck(service, gateway);
        TicketServicePlaces places = gateway.ticketService();
        TgsKeys keys = gateway.tgsKeys();
        boolean oneDomain = service.secureDomain().equals(gateway.secureDomain());
        if (places != null && oneDomain) {
            check.proofs(places);
        } else if (places != null && !Collections.disjoint(places.addresses(), service.listen())) {
            check.problem(
                    "secure-domain = \""
                            + gateway.secureDomain()
                            + "\": "
                            + service.file()
                            + ", its ticket service, is of the domain "
                            + service.secureDomain());
        } else if (keys != null && oneDomain) {
            check.keys(keys, now);
        }
        return check.problems;
    }

    private void proofs(TicketServicePlaces places) {
        List<String> own = namesIn(places.identity());
        if (Collections.disjoint(own, service.gateways())) {
            problem(
                    "ticket-service.certificate: names "
                            + own
                            + ", none of them among the gateways of "
                            + service.file()
                            + ": "
                            + service.gateways());
        }
        List<String> its = namesIn(service.identity());
        List<String> wanted = places.identity().serverNames();
        if (Collections.disjoint(its, wanted)) {
            problem(
                    "ticket-service.names = "
                            + wanted
                            + ": the certificate of "
                            + service.file()
                            + " names "
                            + its);
        }
        lifetimes();
    }

    private void lifetimes() {
        for (Profile profile : gateway.profiles()) {
            if (profile.resumes()
                    && profile.resumption().ticketLifetimeSeconds()
                            > service.ticketLifetime().toSeconds()) {
                problem(
                        "profile."
                                + profile.name()
                                + ".resumption.ticket-lifetime: is longer than the ticket-lifetime"
                                + " of "
                                + service.file()
                                + ", which forgets revocations before that; legal is at most "
                                + Durations.text(service.ticketLifetime()));
            }
        }
    }

    private void keys(TgsKeys keys, long now) {
        TgsKeys its = service.tgsKeys();
        if (DomainCheck.lacksIssuing(keys, its, now) || DomainCheck.lacksIssuing(its, keys, now)) {
            problem(
                    "tgs-keys: "
                            + keys.file()
                            + " and "
                            + its.file()
                            + " of "
                            + service.file()
                            + " lack the key that the other issues tickets under; legal is a copy"
                            + " of the same file");
        }
    }

    private static List<String> namesIn(TlsIdentity identity) {
        return CertificateNames.of(identity.chain().getFirst());
    }

    private void problem(String message) {
        problems.add(new Problem(gateway.file(), 1, message));
    }
}
