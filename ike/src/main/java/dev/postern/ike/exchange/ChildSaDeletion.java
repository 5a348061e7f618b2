package dev.postern.ike.exchange;

import dev.postern.ike.Event;
import dev.postern.ike.exchange.HeldChildSa.Standing;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Protocol;

import java.util.ArrayList;
import java.util.List;

/// Deletes of Child SAs in both roles, RFC 7296 section 1.4.1. An SA pair goes as a whole: whoever
/// gets a Delete for one half answers with the other.
///
/// @param inboundSpi the pair that our outstanding Delete names
record ChildSaDeletion(int inboundSpi) implements OwnRequest {
    /// Deletes a pair that is marked for it; one that the peer has deleted meanwhile is passed
    /// over.
    static void begin(Turn turn, IkeSa sa, int inboundSpi) {
        HeldChildSa child = sa.children().byInboundSpi(inboundSpi);
        if (child == null || child.standing() == Standing.LINGERING) {
            return;
        }
        child.stand(Standing.DELETING);
        send(turn, sa, inboundSpi);
    }

    /// Tells the peer that our half is gone, whether it was ever installed or not.
    static void send(Turn turn, IkeSa sa, int inboundSpi) {
        sa.request(
                turn,
                ExchangeType.INFORMATIONAL,
                List.of(new Payload.Delete(Protocol.ESP, List.of(Octets.ofInt(inboundSpi)))),
                sa.relation().schedule(),
                new ChildSaDeletion(inboundSpi));
    }

    /// Marks a pair and deletes it as soon as the window is free.
    static void intend(Turn turn, IkeSa sa, HeldChildSa child) {
        if (child.standing() != Standing.LINGERING) {
            child.stand(Standing.DELETING);
            sa.duties().addNow(turn, new Duty.DeleteChildSa(child.inboundSpi()));
        }
    }

    /// A pair that must carry nothing more leaves the data plane here and now, and the peer is told
    /// as soon as the window is free.
    static void disown(Turn turn, IkeSa sa, HeldChildSa child) {
        if (!isUnderWay(sa, child)) {
            sa.duties().addNow(turn, new Duty.DisownChildSa(child.inboundSpi()));
        }
        sa.children().successorsSeal(turn, child);
        turn.emit(new Event.ChildSaClosed(sa.handle(), child.inboundSpi(), false));
        sa.children().remove(turn, sa, child);
        sa.relation().changed(turn, sa);
    }

    @Override
    public Duty again(IkeSa sa) {
        return new Duty.DeleteChildSa(inboundSpi);
    }

    /// The peer has deleted its half, or knows of none; either way the pair is gone.
    @Override
    public void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {
        HeldChildSa child = sa.children().byInboundSpi(inboundSpi);
        if (child != null) {
            sa.children().successorsSeal(turn, child);
            end(turn, sa, child);
        }
    }

    /// The peer names its own inbound SPIs, which are our outbound ones; we answer with ours. A
    /// pair that we are deleting too is not named in the answer: the peer gets our Delete for it.
    static List<Payload> onRequest(Turn turn, IkeSa sa, Payload.Delete delete) {
        if (delete.protocol() != Protocol.ESP) {
            return List.of();
        }
        List<Octets> ours = new ArrayList<>();
        for (Octets spi : delete.spis()) {
            HeldChildSa child = spi.length() == 4 ? sa.children().byOutboundSpi(spi.toInt()) : null;
            if (child != null) {
                if (child.standing() != Standing.DELETING || !isUnderWay(sa, child)) {
                    ours.add(Octets.ofInt(child.inboundSpi()));
                }
                sa.children().successorsSeal(turn, child);
                end(turn, sa, child);
            }
        }
        return ours.isEmpty() ? List.of() : List.of(new Payload.Delete(Protocol.ESP, ours));
    }

    private static boolean isUnderWay(IkeSa sa, HeldChildSa child) {
        return sa.pending() instanceof ChildSaDeletion own
                && own.inboundSpi() == child.inboundSpi();
    }

    /// The pair is deleted at both peers. Where a successor carries the traffic, packets that are
    /// on their way are still opened for a moment.
    private static void end(Turn turn, IkeSa sa, HeldChildSa child) {
        boolean rekeyed = sa.children().hasSuccessor(child);
        turn.emit(new Event.ChildSaClosed(sa.handle(), child.inboundSpi(), rekeyed));
        if (rekeyed) {
            child.stand(Standing.LINGERING);
            child.endAt(turn.now().nanos() + ChildSas.LINGER_NANOS);
        } else {
            sa.children().remove(turn, sa, child);
            sa.relation().changed(turn, sa);
            ChildSaLife.ended(turn, sa, child);
        }
    }
}
