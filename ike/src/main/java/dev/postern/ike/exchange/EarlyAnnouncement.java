package dev.postern.ike.exchange;

import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.Announcement;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;
import dev.postern.wire.ResumptionFlags;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The 1-RTT profile announced in IKE_SA_INIT, draft-dondeti-ipsec-failover-sol-00 section 4.1.1:
///
///     client    HDR, SAi1, KEi, Ni, V, N(SESSION_RESUMPTION_SUPPORTED){S, L}   -->
///                  <--   HDR, SAr1, KEr, Nr, V, N(SESSION_RESUMPTION_SUPPORTED){S}   gateway
///
/// Both messages enter AUTH, so what was announced holds when IKE_AUTH has succeeded, and nothing
/// comes of it before: the ticket and the list follow under SK. A client that got no answer here
/// asks again in IKE_AUTH.
final class EarlyAnnouncement {
    private EarlyAnnouncement() {}

    /// What an initiator adds to IKE_SA_INIT.
    static List<Payload> made(ResumptionPolicy policy) {
        if (!policy.oneRoundTrip() || policy.announced() != Announcement.IKE_SA_INIT) {
            return List.of();
        }
        return GatewayLists.asking(Tickets.oneRoundTripRequest(policy));
    }

    /// What an initiator asks in IKE_AUTH: not what the gateway has granted already.
    static List<Payload> remainder(AuthInitiator.Context context, List<Payload> asking) {
        ResumptionPolicy policy = context.profile().resumption();
        if (made(policy).isEmpty()
                || !context.peerSentVendorId()
                || supported(payloadsOf(context.firstResponse())) == null) {
            return asking;
        }
        return asking.stream().filter(payload -> !isSupported(payload)).toList();
    }

    /// What a responder answers. Whom it talks to it does not know yet: it announces what any
    /// profile may grant. No list: a stranger with an address of somebody else's is not told of our
    /// gateways, and gets no long answers sent there.
    static List<Payload> answer(
            EndpointConfiguration configuration, List<Payload> request, boolean vendor) {
        Payload.Notify asked = supported(request);
        if (asked == null || !vendor || configuration.tickets() == null) {
            return List.of();
        }
        boolean offered = false;
        boolean byValue = false;
        for (ResponderProfile profile : configuration.profiles()) {
            ResumptionPolicy policy = profile.resumption();
            offered |= policy.offersOneRoundTrip();
            byValue |= policy.storage() != TicketStorage.BY_REFERENCE;
        }
        boolean ticket = byValue && Tickets.wantsTicket(asked);
        return offered
                ? List.of(
                        Payload.Notify.of(
                                NotifyType.SESSION_RESUMPTION_SUPPORTED,
                                new ResumptionFlags(ticket, false).encode()))
                : List.of();
    }

    /// The payloads of an authentic IKE_AUTH request, and what its IKE_SA_INIT has announced where
    /// it does not say so again.
    static List<Payload> withAnnounced(HalfOpen half, List<Payload> payloads) {
        if (!half.peerSentVendorId() || supported(payloads) != null) {
            return payloads;
        }
        Payload announced = supported(payloadsOf(half.request()));
        if (announced == null) {
            return payloads;
        }
        List<Payload> all = new ArrayList<>(payloads);
        all.add(announced);
        return all;
    }

    /// The payloads where the gateway list is looked for when IKE_AUTH has succeeded: IKE_AUTH's
    /// own, or those of an IKE_SA_INIT answer that AUTH has covered.
    static List<Payload> listIn(AuthInitiator.Context context, List<Payload> payloads) {
        return Message.findNotify(payloads, NotifyType.ALT_GW_LIST) != null
                        || context.resumed() != null
                ? payloads
                : payloadsOf(context.firstResponse());
    }

    private static boolean isSupported(Payload payload) {
        return payload instanceof Payload.Notify notify
                && notify.is(NotifyType.SESSION_RESUMPTION_SUPPORTED);
    }

    private static Payload.@Nullable Notify supported(List<Payload> payloads) {
        return Message.findNotify(payloads, NotifyType.SESSION_RESUMPTION_SUPPORTED);
    }

    private static List<Payload> payloadsOf(byte[] message) {
        try {
            return MessageCodec.decode(message).payloads();
        } catch (MalformedException neverKept) {
            return List.of();
        }
    }
}
