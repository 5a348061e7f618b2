package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input.Wayward;
import dev.postern.ike.Now;
import dev.postern.ike.exchange.HeldChildSa.Standing;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Protocol;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A Child SA that one side of an IKE SA lacks, as after a takeover by a member whose record was
/// older than that Child SA, RFC 7296 section 1.5:
///
///     HDR, SK{ N(INVALID_SPI, the SPI of the wayward packet), D(ESP, the same) }   -->
///                                                <--   HDR, SK{ [D(ESP, its other half)] }
///
/// The packet is anybody's, and makes us tell the peer that its address belongs to, seldom, that
/// there is no such SA here: the truth, whoever sent the packet. The Delete serves peers that pass
/// the notification over. What is proven is done at once, on either side: the peer has said that it
/// lacks a Child SA, or has given us the other half of one that we lack. The pair goes, and a
/// client makes another one. A Child SA over which nothing comes proves nothing.
///
/// @param spi of the packet
record InvalidSpi(int spi) implements OwnRequest {
    private static final long AWAKE_NANOS = 30 * Now.NANOS_PER_SECOND;

    /// Packets have come for which there is no SA. Only IKE SAs at whose peer's address they began
    /// are concerned.
    static void noticed(Turn turn, List<Wayward> packets) {
        for (Wayward packet : packets) {
            if (turn.table().byInboundSpi(packet.spi()) == null) {
                turn.table().waywardSenders().note(packet);
            }
        }
        Map<InetSocketAddress, Integer> spis =
                turn.table().waywardSenders().take(turn.now(), turn.table().size());
        if (spis.isEmpty()) {
            return;
        }
        for (IkeSa sa : turn.table().everything()) {
            Integer spi = sa.isEstablished() ? spis.get(sa.path().remote()) : null;
            if (spi != null && mayTell(turn, sa)) {
                turn.concern(sa);
                sa.duties().addNow(turn, new Duty.TellInvalidSpi(spi));
                Router.schedule(turn, sa);
            }
        }
    }

    /// A request without an answer ends an IKE SA, and whoever forges a packet shall not end that
    /// of a peer that sleeps: one is told that has shown itself of late, or would be asked for a
    /// sign of life by now in any case.
    private static boolean mayTell(Turn turn, IkeSa sa) {
        long silence = turn.now().nanos() - sa.life().lastShown();
        long idle = sa.life().liveness().idleNanos();
        return (silence < AWAKE_NANOS || (idle != 0 && silence >= idle))
                && sa.children().mending().mayTell(turn.now());
    }

    /// Tells the peer, unless the SA has come to be meanwhile.
    static void send(Turn turn, IkeSa sa, int spi) {
        if (turn.table().byInboundSpi(spi) != null || !mayTell(turn, sa)) {
            return;
        }
        sa.children().mending().told(turn.now());
        turn.count(Counter.INVALID_SPI_TOLD);
        sa.request(
                turn,
                ExchangeType.INFORMATIONAL,
                List.of(
                        Payload.Notify.of(NotifyType.INVALID_SPI, Octets.ofInt(spi)),
                        new Payload.Delete(Protocol.ESP, List.of(Octets.ofInt(spi)))),
                sa.relation().schedule(),
                new InvalidSpi(spi));
    }

    /// Where the peer had the pair indeed, it may lack one that a client believes in: rekeying
    /// shows it (section 2.25).
    @Override
    public void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {
        boolean held =
                payloads.stream()
                        .anyMatch(payload ->
                                payload instanceof Payload.Delete delete
                                        && delete.protocol() == Protocol.ESP
                                        && !delete.spis().isEmpty());
        if (!held || !sa.children().mending().isProven(turn.now()) || !sa.isClient()) {
            return;
        }
        for (HeldChildSa child : sa.children().all()) {
            if (child.isLive()) {
                sa.duties().addNow(turn, new Duty.RekeyChildSa(child.inboundSpi()));
            }
        }
    }

    /// Our Child SAs of which the peer says that it has no such SA.
    static List<HeldChildSa> named(IkeSa sa, List<Payload> payloads) {
        List<HeldChildSa> named = new ArrayList<>(0);
        for (Payload payload : payloads) {
            if (payload instanceof Payload.Notify notify
                    && notify.type() == NotifyType.INVALID_SPI.code()
                    && notify.data().length() == 4) {
                HeldChildSa child = sa.children().byOutboundSpi(notify.data().toInt());
                if (child != null) {
                    named.add(child);
                }
            }
        }
        return named;
    }

    /// They go; the Deletes of the same request have been carried out. What one of them has
    /// replaced may be what the peer has.
    static void mend(Turn turn, IkeSa sa, List<HeldChildSa> lacking) {
        List<HeldChildSa> gone = new ArrayList<>(lacking.size());
        for (HeldChildSa child : lacking) {
            turn.count(Counter.INVALID_SPI_HEARD);
            if (sa.children().byInboundSpi(child.inboundSpi()) == child
                    && child.standing() != Standing.LINGERING) {
                turn.emit(new Event.ChildSaClosed(sa.handle(), child.inboundSpi(), false));
                sa.children().remove(turn, sa, child);
                sa.relation().changed(turn, sa);
            }
            HeldChildSa former = sa.children().byInboundSpi(child.replaces());
            if (former != null && former.standing() == Standing.REPLACED) {
                former.stand(Standing.LIVE);
                ChildSaLife.rekeyInTime(turn, sa, former);
                if (sa.isClient()) {
                    sa.duties().addNow(turn, new Duty.RekeyChildSa(former.inboundSpi()));
                }
            } else {
                gone.add(child);
            }
        }
        gone.stream()
                .map(child -> ChildSaLife.toMakeAnew(sa, child))
                .filter(Objects::nonNull)
                .distinct()
                .forEach(anew -> makeAnew(turn, sa, anew));
    }

    /// At once, unless the same was made lately and did not live long; a peer that goes on so is
    /// left.
    private static void makeAnew(Turn turn, IkeSa sa, Duty anew) {
        switch (sa.children().mending().mended(turn.now(), anew)) {
            case AT_ONCE -> {
                sa.duties().drop(anew);
                sa.duties().addNow(turn, anew);
            }
            case LATER -> sa.duties().addLater(turn, anew);
            case NEVER -> sa.duties().close(turn, CloseReason.CLOSED_LOCALLY);
        }
    }
}
