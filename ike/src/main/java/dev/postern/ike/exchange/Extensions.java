package dev.postern.ike.exchange;

import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ticket.Session;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import java.util.ArrayList;
import java.util.List;

/// The extensions that peers announce to each other in IKE_SA_INIT: what we announce, and what both
/// did.
final class Extensions {
    private Extensions() {}

    /// What an initiator announces in IKE_SA_INIT; IKE_INTERMEDIATE only where it is of use (RFC
    /// 9370 section 2.2.1).
    static List<Payload> announced(EndpointConfiguration configuration, List<IkeSuite> suites) {
        List<Payload> payloads = announced(configuration);
        if (suites.stream().anyMatch(suite -> !suite.additional().isEmpty())) {
            payloads.add(Payload.Notify.of(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED));
        }
        return payloads;
    }

    /// What an initiator announces in any first exchange.
    static List<Payload> announced(EndpointConfiguration configuration) {
        List<Payload> payloads = new ArrayList<>();
        if (configuration.network().fragments()) {
            payloads.add(Payload.Notify.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
        }
        return payloads;
    }

    /// What a responder announces to an initiator that sent these payloads: no more than both
    /// speak.
    static List<Payload> answered(EndpointConfiguration configuration, List<Payload> request) {
        List<Payload> payloads = announced(configuration);
        payloads.removeIf(payload ->
                payload instanceof Payload.Notify notify && !isIn(request, notify.type()));
        return payloads;
    }

    /// The same for IKE_SA_INIT, where a suite with additional key exchanges was chosen perhaps.
    static List<Payload> answered(
            EndpointConfiguration configuration, List<Payload> request, IkeSuite chosen) {
        List<Payload> payloads = answered(configuration, request);
        if (!chosen.additional().isEmpty()) {
            payloads.add(Payload.Notify.of(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED));
        }
        return payloads;
    }

    /// Whether the peer announces IKE_INTERMEDIATE.
    static boolean intermediate(List<Payload> fromPeer) {
        return isIn(fromPeer, NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED.code());
    }

    /// What holds after both have announced: bits of [Session.Extension].
    static int agreed(EndpointConfiguration configuration, List<Payload> fromPeer) {
        int agreed = Vendor.isNamedIn(fromPeer) ? Session.Extension.FAILOVER_VENDOR_ID : 0;
        if (configuration.network().fragments()
                && isIn(fromPeer, NotifyType.IKEV2_FRAGMENTATION_SUPPORTED.code())) {
            agreed |= Session.Extension.FRAGMENTATION;
        }
        return agreed;
    }

    private static boolean isIn(List<Payload> payloads, int type) {
        return payloads.stream()
                .anyMatch(payload -> payload instanceof Payload.Notify n && n.type() == type);
    }
}
