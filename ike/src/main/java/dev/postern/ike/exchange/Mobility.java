package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Path;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.NatDetection;
import dev.postern.ticket.Session;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.WireWriter;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// MOBIKE, RFC 4555, in both roles: the initiator says where it is now, the responder makes sure
/// that it is, and the Child SAs follow.
///
///     HDR, SK{ N(UPDATE_SA_ADDRESSES), N(NAT_DETECTION_*) }   -->
///                                    <--   HDR, SK{ N(NAT_DETECTION_*) }
///                                    <--   HDR, SK{ N(COOKIE2) }
///     HDR, SK{ N(COOKIE2) }          -->
final class Mobility {
    /// COOKIE2 has 8 to 64 octets (section 4.2.5).
    private static final int SHORTEST_COOKIE2 = 8;

    private static final int LONGEST_COOKIE2 = 64;

    private Mobility() {}

    /// What an initiator announces in IKE_AUTH.
    static List<Payload> announced(Turn turn) {
        return turn.configuration().network().mobike()
                ? List.of(Payload.Notify.of(NotifyType.MOBIKE_SUPPORTED))
                : List.of();
    }

    /// Notes that both announce it.
    static void agree(Turn turn, IkeSa sa, List<Payload> fromPeer) {
        if (turn.configuration().network().mobike()
                && Message.findNotify(fromPeer, NotifyType.MOBIKE_SUPPORTED) != null) {
            sa.agreeOn(Session.Extension.MOBIKE);
        }
    }

    /// What a responder answers to an initiator that announced it: never an address that nobody has
    /// configured for this.
    static List<Payload> answered(Turn turn, IkeSa sa, List<Payload> request) {
        List<Payload> payloads = new ArrayList<>();
        if (sa.has(Session.Extension.MOBIKE)
                && Message.findNotify(request, NotifyType.MOBIKE_SUPPORTED) != null) {
            payloads.add(Payload.Notify.of(NotifyType.MOBIKE_SUPPORTED));
            for (InetAddress address : turn.configuration().network().advertised()) {
                payloads.add(
                        Payload.Notify.of(
                                address instanceof Inet4Address
                                        ? NotifyType.ADDITIONAL_IP4_ADDRESS
                                        : NotifyType.ADDITIONAL_IP6_ADDRESS,
                                Octets.of(address.getAddress())));
            }
        }
        return payloads;
    }

    /// Whether a request from another address moves nothing by itself: with MOBIKE only
    /// UPDATE_SA_ADDRESSES does (section 3.8). Another port of the same address is a NAT's doing.
    static boolean staysWithout(IkeSa sa, Path from) {
        return sa.has(Session.Extension.MOBIKE)
                && !sa.path().remote().getAddress().equals(from.remote().getAddress());
    }

    /// Our addresses have changed: the peer is told as soon as the window lets it, and everything
    /// goes by the new path from now on (section 3.5).
    static void move(Turn turn, IkeSa sa, Path path) {
        if (!sa.isEstablished() || !sa.isClient()) {
            return;
        }
        sa.movePath(path);
        moveChildren(turn, sa);
        if (sa.has(Session.Extension.MOBIKE)) {
            sa.duties().addNow(turn, new Duty.UpdateAddresses());
        } else {
            // The gateway sees where an authentic request comes from (RFC 7296 section 2.23).
            Informational.probe(turn, sa, RetransmissionSchedule.QUICK);
        }
    }

    /// What an INFORMATIONAL request says about addresses, and the answer to it.
    static List<Payload> onRequest(Turn turn, IkeSa sa, Path from, List<Payload> payloads) {
        List<Payload> answer = new ArrayList<>();
        Payload.Notify cookie = Message.findNotify(payloads, NotifyType.COOKIE2);
        boolean update = Message.findNotify(payloads, NotifyType.UPDATE_SA_ADDRESSES) != null;
        if (update && sa.has(Session.Extension.MOBIKE) && !sa.isClient()) {
            if (hasUnwantedNat(from, payloads)) {
                turn.count(Counter.REFUSED_NAT);
                answer.add(Payload.Notify.of(NotifyType.UNEXPECTED_NAT_DETECTED));
            } else {
                boolean moved = !sa.path().equals(from);
                sa.movePath(from);
                answer.addAll(natDetection(sa, from));
                if (moved) {
                    sa.duties().addNow(turn, new Duty.CheckPath());
                }
            }
        }
        if (cookie != null
                && cookie.data().length() >= SHORTEST_COOKIE2
                && cookie.data().length() <= LONGEST_COOKIE2) {
            answer.add(Payload.Notify.of(NotifyType.COOKIE2, cookie.data()));
        }
        return answer;
    }

    /// Section 3.9: the addresses that the initiator believes in, against those on the packet.
    private static boolean hasUnwantedNat(Path from, List<Payload> payloads) {
        Payload.Notify noNats = Message.findNotify(payloads, NotifyType.NO_NATS_ALLOWED);
        if (noNats == null) {
            return false;
        }
        InetSocketAddress source = from.remote();
        InetSocketAddress destination = from.local();
        byte[] sourceAddress = source.getAddress().getAddress();
        byte[] destinationAddress = destination.getAddress().getAddress();
        byte[] seen =
                new WireWriter(40)
                        .octets(sourceAddress)
                        .octets(destinationAddress)
                        .u16(source.getPort())
                        .u16(destination.getPort())
                        .toArray();
        return !noNats.data().equals(Octets.of(seen));
    }

    /// The Child SAs go where the IKE SA goes.
    static void moveChildren(Turn turn, IkeSa sa) {
        for (HeldChildSa child : sa.children().all()) {
            turn.add(new Effect.MoveChildSa(child.inboundSpi(), sa.path()));
        }
    }

    static List<Payload> natDetection(IkeSa sa, Path path) {
        return NatDetection.notifications(sa.spiI(), sa.spiR(), path.local(), path.remote());
    }
}
