package dev.postern.ike.exchange;

import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.wire.GatewayList;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.ResumptionFlags;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// N(ALT_GW_LIST), draft-dondeti-ipsec-failover-sol-00 sections 4.1 and 5.2:
///
///     client    N(SESSION_RESUMPTION_SUPPORTED){S, L}
///     gateway   N(SESSION_RESUMPTION_SUPPORTED){S, L}, N(ALT_GW_LIST)
///
/// The list travels only under SK. A client takes it as advice on the order of gateways and on
/// addresses; who may answer there is decided by IDr alone.
final class GatewayLists {
    private GatewayLists() {}

    /// Asks for the list, where tickets are asked for.
    static List<Payload> asking(List<Payload> ticketRequest) {
        return withList(ticketRequest);
    }

    /// What a gateway answers: the granted tickets, and the list where it was asked for.
    static List<Payload> answer(
            Turn turn,
            IkeSa sa,
            List<Payload> request,
            ResumptionPolicy policy,
            boolean vendor,
            List<Payload> tickets) {
        Payload list = listFor(turn, sa);
        if (list == null || !vendor || !policy.oneRoundTrip() || !isAsked(request)) {
            return tickets;
        }
        List<Payload> answer = new ArrayList<>(withList(tickets));
        if (Message.findNotify(answer, NotifyType.SESSION_RESUMPTION_SUPPORTED) == null) {
            answer.add(supported(new ResumptionFlags(false, true)));
        }
        answer.add(list);
        return answer;
    }

    /// The list for this session; null where there is none.
    static @Nullable Payload listFor(Turn turn, IkeSa sa) {
        AlternativeGateways gateways = turn.alternativeGateways();
        return gateways.backups().isEmpty()
                ? null
                : Payload.Notify.of(
                        NotifyType.ALT_GW_LIST,
                        GatewayList.encode(gateways.orderedFor(sa.sessionId())));
    }

    private static boolean isAsked(List<Payload> request) {
        Payload.Notify supported =
                Message.findNotify(request, NotifyType.SESSION_RESUMPTION_SUPPORTED);
        try {
            return supported != null && ResumptionFlags.decode(supported.data()).gatewayList();
        } catch (MalformedException noFlags) {
            return false;
        }
    }

    /// The same payloads, with L in the flags.
    private static List<Payload> withList(List<Payload> payloads) {
        List<Payload> changed = new ArrayList<>(payloads.size());
        for (Payload payload : payloads) {
            changed.add(
                    payload instanceof Payload.Notify notify
                                    && notify.is(NotifyType.SESSION_RESUMPTION_SUPPORTED)
                            ? supported(new ResumptionFlags(Tickets.wantsTicket(notify), true))
                            : payload);
        }
        return changed;
    }

    private static Payload supported(ResumptionFlags flags) {
        return Payload.Notify.of(NotifyType.SESSION_RESUMPTION_SUPPORTED, flags.encode());
    }

    /// Notes a list that came under SK from the gateway, at the client. One that is malformed is
    /// passed over: it is advice.
    static void receive(Turn turn, IkeSa sa, List<Payload> payloads) {
        Payload.Notify notify = Message.findNotify(payloads, NotifyType.ALT_GW_LIST);
        if (notify == null || !sa.isInitiator()) {
            return;
        }
        Octets data = notify.data();
        try {
            List<GatewayList.Entry> gateways = GatewayList.decode(data);
            if (!gateways.isEmpty()) {
                turn.emit(new Event.GatewaysAnnounced(sa.handle(), gateways));
            }
        } catch (MalformedException malformed) {
            turn.count(Counter.MALFORMED_GATEWAY_LIST);
        }
    }
}
