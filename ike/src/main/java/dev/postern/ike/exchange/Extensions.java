package dev.postern.ike.exchange;

import dev.postern.ike.EndpointConfiguration;
import dev.postern.ticket.Session;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import java.util.ArrayList;
import java.util.List;

/// The extensions that peers announce to each other in IKE_SA_INIT: what we announce, and what both
/// did.
final class Extensions {
    private Extensions() {}

    /// What an initiator announces.
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
