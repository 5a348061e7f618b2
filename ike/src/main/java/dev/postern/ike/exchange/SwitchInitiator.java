package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.HeldVouchers;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.GatewayList;
import dev.postern.wire.GatewaySwitch;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// INFORMATIONAL with N(GATEWAY_SWITCH), from a living gateway that is being emptied or has too much
/// to do, to a Postern client that lets nobody redirect it (RFC 5685) but believes vouchers:
///
///                              <--   HDR, SK{ N(GATEWAY_SWITCH), N(GATEWAY_VOUCHER)+ }
///     HDR, SK{ }   -->
///
/// And from one that stands in for a lost member, over the auxiliary IKE SA that the client has with
/// it, with the SPIs of the one that is lost:
///
///                              <--   HDR, SK{ N(GATEWAY_SWITCH), N(IKE_SPI_PAIR) }
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

    /// Lets the IKE SAs that the client of a restored one has with us tell it: a NAT knows them. Of
    /// an identity that many share only some at its address are asked.
    ///
    /// @param restored with a lost member
    static void callAside(
            Turn turn, IkeSa restored, EstablishedSession session, Duty.CallClient call) {
        InetAddress host = restored.path().remote().getAddress();
        for (IkeSa aside : turn.table().identities().near(session.authenticatedIdentity(), host)) {
            if (aside != restored
                    && !aside.isClient()
                    && aside.isEstablished()
                    && aside.relation().peerSentVendorId()) {
                aside.duties().addNow(turn, call);
                Router.schedule(turn, aside);
            }
        }
    }

    /// Needs no voucher: under its own IKE SA the gateway speaks for itself.
    static void call(Turn turn, IkeSa sa, Duty.CallClient call) {
        turn.count(Counter.SWITCHES_ORDERED);
        byte[] spis = ByteBuffer.allocate(16).putLong(call.spiI()).putLong(call.spiR()).array();
        sa.request(
                turn,
                ExchangeType.INFORMATIONAL,
                List.of(
                        toPayload(GatewaySwitch.Reason.FAILURE, call.gateway()),
                        Payload.Notify.of(NotifyType.IKE_SPI_PAIR, Octets.of(spis))),
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
