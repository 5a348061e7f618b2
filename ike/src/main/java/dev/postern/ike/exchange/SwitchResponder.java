package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.GatewayName;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.SkProtection.Opened;
import dev.postern.ike.voucher.VoucherChain;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.GatewayList;
import dev.postern.wire.GatewaySwitch;
import dev.postern.wire.Header;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// N(GATEWAY_SWITCH) at the client (failover profile, "Hot standby"): from the gateway itself in an
/// ordinary request, or from the standby of a lost one, with Message ID 0 and N(FAILOVER_COUNT). A
/// notice of the latter kind is never answered, and nothing but its count keeps it from being a
/// replay: what is not above the highest that was verified is dropped in silence.
final class SwitchResponder {
    /// The standby cannot know which request would be due.
    static final int NOTICE_ID = 0;

    private SwitchResponder() {}

    /// Whether this may be a standby's notice: one that the window of requests says nothing about.
    private static boolean mayBeNotice(IkeSa sa, Header header) {
        return header.exchange() == ExchangeType.INFORMATIONAL
                && header.messageId() == NOTICE_ID
                && sa.isClient()
                && sa.isEstablished()
                && sa.relation().peerSentVendorId();
    }

    /// A request outside the window.
    ///
    /// @return false where it is no notice for sure
    static boolean onStray(Turn turn, IkeSa sa, Message message) {
        if (!mayBeNotice(sa, message.header())) {
            return false;
        }
        switch (Fragments.open(turn, sa, message)) {
            case null -> {}
            case Opened.Forged _ -> turn.count(Counter.DROPPED_NOT_AUTHENTIC);
            case Opened.AuthenticButMalformed _ -> turn.count(Counter.DROPPED_SWITCH);
            case Opened.Authentic authentic -> {
                if (!onAuthentic(turn, sa, message.header(), authentic.payloads())) {
                    turn.count(Counter.DROPPED_MESSAGE_ID);
                }
            }
        }
        return true;
    }

    /// An authentic request.
    ///
    /// @return false where it is no notice, and goes the way of every other request
    static boolean onAuthentic(Turn turn, IkeSa sa, Header header, List<Payload> payloads) {
        Payload.Notify count = Message.findNotify(payloads, NotifyType.FAILOVER_COUNT);
        if (count == null
                || !mayBeNotice(sa, header)
                || Message.findNotify(payloads, NotifyType.GATEWAY_SWITCH) == null) {
            return false;
        }
        GatewaySwitch wanted = wanted(payloads);
        boolean news =
                count.data().length() == 4
                        && Integer.compareUnsigned(
                                        count.data().toInt(),
                                        sa.relation().standby().failoverCount())
                                > 0;
        if (wanted == null || wanted.reason() != GatewaySwitch.Reason.FAILURE || !news) {
            turn.count(Counter.DROPPED_SWITCH);
        } else {
            judge(turn, sa, wanted, count.data().toInt(), payloads);
        }
        return true;
    }

    /// An ordinary request of the gateway that serves us; it has its answer already.
    static void onRequest(Turn turn, IkeSa sa, List<Payload> payloads) {
        boolean asked =
                Message.findNotify(payloads, NotifyType.GATEWAY_SWITCH) != null
                        && sa.isEstablished()
                        && sa.relation().peerSentVendorId();
        if (!asked) {
            return;
        }
        GatewaySwitch wanted = wanted(payloads);
        if (wanted == null) {
            turn.count(Counter.DROPPED_SWITCH);
        } else if (wanted.reason() == GatewaySwitch.Reason.FAILURE) {
            onCall(turn, sa, wanted, payloads);
        } else {
            judge(turn, sa, wanted, 0, payloads);
        }
    }

    /// A gateway with which we have an auxiliary IKE SA calls us to itself, and to no other, in the
    /// place of the one that another IKE SA of ours is with. It has proven who it is.
    private static void onCall(Turn turn, IkeSa sa, GatewaySwitch wanted, List<Payload> payloads) {
        Payload.Notify pair = Message.findNotify(payloads, NotifyType.IKE_SPI_PAIR);
        EstablishedSession session = sa.session();
        IkeSa lost = pair == null ? null : ours(turn, pair.data());
        if (session == null
                || lost == null
                || lost == sa
                || !(wanted.gateway() instanceof GatewayList.Address itself)
                || !isAt(itself, sa.path().remote())) {
            turn.count(Counter.DROPPED_SWITCH);
            return;
        }
        turn.emit(
                new Event.SwitchOrdered(
                        lost.handle(), GatewaySwitch.Reason.FAILURE, itself, session.responder()));
    }

    /// The IKE SA of ours with these SPIs, whichever of the two has begun it.
    private static @Nullable IkeSa ours(Turn turn, Octets pair) {
        for (int local = 0; pair.length() == 16 && local <= 8; local += 8) {
            IkeSa sa = turn.table().byLocalSpi(pair.toLong(local));
            if (sa != null
                    && sa.isClient()
                    && sa.isEstablished()
                    && sa.peerSpi() == pair.toLong(8 - local)) {
                return sa;
            }
        }
        return null;
    }

    private static boolean isAt(GatewayList.Address named, InetSocketAddress seen) {
        int port = named.port() == 0 ? GatewayName.NAT_TRAVERSAL_PORT : named.port();
        return named.inetAddress().equals(seen.getAddress()) && port == seen.getPort();
    }

    /// What is asked of us; null where it is malformed, or nothing that we understand.
    private static @Nullable GatewaySwitch wanted(List<Payload> payloads) {
        Payload.Notify notify = Message.findNotify(payloads, NotifyType.GATEWAY_SWITCH);
        try {
            GatewaySwitch decoded = notify == null ? null : GatewaySwitch.decode(notify.data());
            boolean understood =
                    decoded != null && decoded.reason() != null && decoded.gateway() != null;
            return understood ? decoded : null;
        } catch (MalformedException malformed) {
            return null;
        }
    }

    private static void judge(
            Turn turn, IkeSa sa, GatewaySwitch wanted, int count, List<Payload> payloads) {
        EstablishedSession session = sa.session();
        GatewaySwitch.Reason reason = wanted.reason();
        GatewayList.Entry gateway = wanted.gateway();
        List<Octets> tokens = tokens(payloads);
        if (session == null
                || reason == null
                || gateway == null
                || tokens.isEmpty()
                || tokens.size() > VoucherChain.LONGEST
                || tokens.stream().anyMatch(token -> token.length() > VoucherChain.LONGEST_TOKEN)
                || !sa.relation().vouching().anchor(session).isUsable()) {
            turn.count(Counter.DROPPED_SWITCH);
            return;
        }
        if (sa.relation().vouching().question() == null) {
            SwitchQuestion.begin(turn, sa, reason, gateway, count, tokens);
        }
    }

    private static List<Octets> tokens(List<Payload> payloads) {
        List<Octets> tokens = new ArrayList<>();
        for (Payload payload : payloads) {
            if (payload instanceof Payload.Notify notify && notify.is(NotifyType.GATEWAY_VOUCHER)) {
                tokens.add(notify.data());
            }
        }
        return tokens;
    }
}
