package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.HeldVouchers;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.GatewayList;
import dev.postern.wire.GatewaySwitch;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.util.ArrayList;
import java.util.List;

/// INFORMATIONAL with N(GATEWAY_SWITCH), from a living gateway that is being emptied or has too much
/// to do, to a Postern client that lets nobody redirect it (RFC 5685) but believes vouchers:
///
///                              <--   HDR, SK{ N(GATEWAY_SWITCH), N(GATEWAY_VOUCHER)+ }
///     HDR, SK{ }   -->
record SwitchInitiator() implements OwnRequest {
    /// Whether this client can be sent there.
    static boolean isPossible(Turn turn, IkeSa sa, GatewayList.Entry gateway) {
        return sa.relation().peerSentVendorId() && !turn.vouchers().about(gateway).isEmpty();
    }

    /// Whether this client can be sent anywhere.
    static boolean isPossible(Turn turn, IkeSa sa) {
        return sa.relation().peerSentVendorId() && !turn.vouchers().tokens().isEmpty();
    }

    static void send(Turn turn, IkeSa sa, GatewayList.Entry gateway) {
        HeldVouchers held = turn.vouchers();
        GatewaySwitch.Reason reason =
                turn.draining() == null ? GatewaySwitch.Reason.LOAD : GatewaySwitch.Reason.DRAIN;
        List<Payload> payloads = new ArrayList<>();
        payloads.add(toPayload(reason, gateway));
        for (Octets voucher : held.about(gateway)) {
            payloads.add(Payload.Notify.of(NotifyType.GATEWAY_VOUCHER, voucher));
        }
        turn.count(Counter.SWITCHES_ORDERED);
        sa.request(
                turn,
                ExchangeType.INFORMATIONAL,
                payloads,
                sa.relation().schedule(),
                new SwitchInitiator());
    }

    static Payload toPayload(GatewaySwitch.Reason reason, GatewayList.Entry gateway) {
        return Payload.Notify.of(
                NotifyType.GATEWAY_SWITCH, new GatewaySwitch(reason, gateway).encode());
    }

    /// The client has heard it; whether it goes is seen by its Delete.
    @Override
    public void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {}
}
