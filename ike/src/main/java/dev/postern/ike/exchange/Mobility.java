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
public final class Mobility {
    /// COOKIE2 has 8 to 64 octets (section 4.2.5).
    private static final int SHORTEST_COOKIE2 = 8;

    private static final int LONGEST_COOKIE2 = 64;

    /// Transmissions of a request to the address in use before others are tried.
    private static final int SENT_TO_ONE = 2;

    private Mobility() {}

    /// What an initiator announces in IKE_AUTH.
    static List<Payload> announced(Turn turn) {
        return turn.configuration().network().mobike() ? announcement(turn) : List.of();
    }

    /// Never with an address that nobody has configured for this.
    private static List<Payload> announcement(Turn turn) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(Payload.Notify.of(NotifyType.MOBIKE_SUPPORTED));
        if (!turn.advertised().isEmpty()) {
            payloads.addAll(AdditionalAddresses.payloads(turn.advertised()));
        }
        return payloads;
    }

    /// Our further addresses are these from now on.
    public static void advertise(Turn turn, List<InetAddress> addresses) {
        AddressAnnouncement.begin(turn, addresses);
    }

    /// Notes that both announce it.
    static void agree(Turn turn, IkeSa sa, List<Payload> fromPeer) {
        if (turn.configuration().network().mobike()
                && Message.findNotify(fromPeer, NotifyType.MOBIKE_SUPPORTED) != null) {
            sa.agreeOn(Session.Extension.MOBIKE);
            learn(sa, fromPeer);
        }
    }

    /// What a responder answers to an initiator that announced it.
    static List<Payload> answered(Turn turn, IkeSa sa, List<Payload> request) {
        return sa.has(Session.Extension.MOBIKE)
                        && Message.findNotify(request, NotifyType.MOBIKE_SUPPORTED) != null
                ? announcement(turn)
                : List.of();
    }

    /// The peer's list of its further addresses is another one (section 3.6).
    private static void learn(IkeSa sa, List<Payload> payloads) {
        List<InetAddress> told = AdditionalAddresses.told(payloads);
        if (told != null) {
            sa.transport().learn(told);
        }
    }

    /// Whether a request between other addresses moves nothing by itself: with MOBIKE only
    /// UPDATE_SA_ADDRESSES does (section 3.8). Another port of the same address is a NAT's doing.
    static boolean staysWithout(IkeSa sa, Path from) {
        return sa.has(Session.Extension.MOBIKE)
                && !(isSameHost(sa.path().remote(), from.remote())
                        && isSameHost(sa.path().local(), from.local()));
    }

    private static boolean isSameHost(InetSocketAddress one, InetSocketAddress other) {
        return one.getAddress().equals(other.getAddress());
    }

    /// By which way a request goes once more. Two that a client has sent to the address in use were
    /// not answered: the next go to the others that its gateway has named, in turn; the request is
    /// the same (section 3.5).
    static Path againBy(IkeSa sa) {
        AdditionalAddresses others = sa.transport().others();
        return others != null
                        && sa.isClient()
                        && sa.isEstablished()
                        && sa.requests().transmissions() > SENT_TO_ONE
                ? others.next(sa.path())
                : sa.path();
    }

    /// An authentic answer came from here. Where the gateway has named this address and was asked
    /// there, that is the way from now on. Any other source means nothing.
    static void onAnswer(Turn turn, IkeSa sa, Path from) {
        AdditionalAddresses others = sa.transport().others();
        InetSocketAddress before = sa.path().remote();
        if (others != null
                && sa.isClient()
                && !isSameHost(before, from.remote())
                && others.isTried(from.remote().getAddress())) {
            others.gaveWay(before.getAddress());
            move(turn, sa, new Path(sa.path().local(), from.remote(), from.nonEspMarker()));
        }
    }

    /// Our addresses have changed: the peer is told as soon as the window lets it, and everything
    /// goes by the new path from now on (section 3.5).
    static void move(Turn turn, IkeSa sa, Path path) {
        if (!sa.isEstablished() || !sa.isClient()) {
            return;
        }
        sa.movePath(turn, path);
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
                sa.movePath(turn, from);
                answer.addAll(natDetection(sa, from));
                if (moved) {
                    sa.duties().addNow(turn, new Duty.CheckPath());
                }
            }
        }
        if (sa.has(Session.Extension.MOBIKE)) {
            learn(sa, payloads);
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

    /// An authentic request came from here: a NAT may have given the peer another address (RFC 7296
    /// section 2.23).
    static void follow(Turn turn, IkeSa sa, Path from) {
        if (!sa.path().equals(from) && !sa.isClient()) {
            sa.movePath(turn, from);
            moveChildren(turn, sa);
        }
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
