package dev.postern.ike.exchange;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.FurtherChildSa;
import dev.postern.ike.Now;
import dev.postern.ike.exchange.HeldChildSa.Standing;
import dev.postern.ike.sa.ChildSa;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The Child SAs of one IKE SA. The first that is live is the session's default one; a successor
/// takes its predecessor's place.
final class ChildSas {
    /// How long packets of a rekeyed Child SA may still be on their way after both peers have
    /// deleted it.
    static final long LINGER_NANOS = 5 * Now.NANOS_PER_SECOND;

    /// More than this many stand on no IKE SA, those that wait for their Delete included.
    static final int MAXIMUM = 32;

    private final List<HeldChildSa> held = new ArrayList<>(1);
    private long lastPacketNanos;
    private boolean wanted = true;
    private @Nullable Mending mending;

    List<HeldChildSa> all() {
        return List.copyOf(held);
    }

    /// Those in use, the default one first.
    List<ChildSa> live() {
        List<ChildSa> live = new ArrayList<>(held.size());
        for (HeldChildSa one : held) {
            if (one.isLive()) {
                live.add(one.child());
            }
        }
        return live;
    }

    boolean isFull() {
        return held.size() >= MAXIMUM;
    }

    @Nullable HeldChildSa byInboundSpi(int spi) {
        for (HeldChildSa one : held) {
            if (one.inboundSpi() == spi) {
                return one;
            }
        }
        return null;
    }

    /// The one that the peer names by its own inbound SPI.
    @Nullable HeldChildSa byOutboundSpi(int spi) {
        for (HeldChildSa one : held) {
            if (one.child().outboundSpi() == spi && one.standing() != Standing.LINGERING) {
                return one;
            }
        }
        return null;
    }

    /// Adds one that is being installed; its lifetime begins.
    ///
    /// @param replaces inbound SPI of the Child SA that this one rekeys, or [HeldChildSa#NONE]
    void add(Turn turn, IkeSa sa, ChildSa child, int replaces) {
        HeldChildSa added = new HeldChildSa(child, replaces);
        HeldChildSa predecessor = byInboundSpi(replaces);
        if (predecessor == null) {
            held.add(endOfUnnamed(), added);
        } else {
            held.add(held.indexOf(predecessor), added);
            added.serve(predecessor.further());
        }
        turn.table().addChild(child.inboundSpi(), sa);
        wanted = true;
        notePacket(turn);
        ChildSaLife.begin(turn, added, ChildSaLife.lifetimeOf(sa, added));
        ChildSaFit.late(turn, sa, added);
    }

    /// A client's first Child SA stands before those that it is configured to have beside it,
    /// whichever came first: a resume is for the default one.
    private int endOfUnnamed() {
        int index = 0;
        while (index < held.size() && held.get(index).further() == null) {
            index++;
        }
        return index;
    }

    /// A Child SA is one that the client is configured to have beside its first one.
    void serve(Turn turn, int inboundSpi, FurtherChildSa wanted) {
        HeldChildSa child = byInboundSpi(inboundSpi);
        if (child != null) {
            held.remove(child);
            held.add(child);
            child.serve(wanted);
            ChildSaLife.begin(turn, child, wanted.lifetime());
        }
    }

    /// Whether one of those stands.
    boolean has(FurtherChildSa wanted) {
        return held.stream().anyMatch(one -> one.isLive() && wanted.equals(one.further()));
    }

    /// All of them leave the data plane, with the IKE SA.
    void end(Turn turn) {
        for (HeldChildSa child : held) {
            child.wipe();
            turn.add(new Effect.RemoveChildSa(child.inboundSpi()));
        }
    }

    /// The session's default one, or null where there is none.
    @Nullable HeldChildSa first() {
        return held.isEmpty() ? null : held.getFirst();
    }

    /// Adds one that another member had.
    void restore(Turn turn, IkeSa sa, HeldChildSa child) {
        held.add(child);
        turn.table().addChild(child.inboundSpi(), sa);
    }

    void remove(Turn turn, IkeSa sa, HeldChildSa child) {
        child.wipe();
        held.remove(child);
        turn.table().removeChild(child.inboundSpi(), sa);
        turn.add(new Effect.RemoveChildSa(child.inboundSpi()));
        Predecessor.left(turn, sa);
    }

    /// Takes over all of another IKE SA's (RFC 7296 section 2.8: a rekeyed IKE SA inherits them).
    void inherit(ChildSas others) {
        held.addAll(others.held);
        wanted = others.wanted;
        others.held.clear();
    }

    /// Lets a Child SA seal, once.
    static void seal(Turn turn, HeldChildSa child) {
        if (!child.isSealing()) {
            child.beginSealing();
            turn.add(new Effect.ActivateChildSa(child.inboundSpi()));
        }
    }

    /// The peer uses a Child SA, which it does only after it has the answer that made it: we may
    /// use it too (section 2.8).
    void used(Turn turn, int inboundSpi) {
        HeldChildSa child = byInboundSpi(inboundSpi);
        if (child != null && (child.isLive() || child.standing() == Standing.REPLACED)) {
            seal(turn, child);
        }
    }

    /// The peer shows that it holds this IKE SA, or nothing else carries its traffic any more: what
    /// waits for a first packet without replacing another waits no longer.
    void allSeal(Turn turn) {
        for (HeldChildSa one : held) {
            if (one.isLive() && one.replaces() == HeldChildSa.NONE) {
                seal(turn, one);
            }
        }
    }

    /// Whether [#allSeal] would change something.
    boolean hasWaiting() {
        for (HeldChildSa one : held) {
            if (one.isLive() && one.replaces() == HeldChildSa.NONE && !one.isSealing()) {
                return true;
            }
        }
        return false;
    }

    /// The peer deletes a Child SA: whatever replaces it is in use at the peer by now (section
    /// 2.8).
    void successorsSeal(Turn turn, HeldChildSa deleted) {
        for (HeldChildSa one : held) {
            if (one.isLive() && one.replaces() == deleted.inboundSpi()) {
                seal(turn, one);
            }
        }
    }

    /// Whether the peer may rekey one: it is in use, or the peer has rekeyed it before and does not
    /// know of that. A peer begins one exchange after the other, so it is the member of its cluster
    /// that carries on and goes by an older record. A successor that has been used is known to all.
    boolean mayBeReplaced(IkeSa sa, HeldChildSa old) {
        return old.isLive()
                || (old.standing() == Standing.REPLACED
                        && sa.relation().standby().wasCarriedOn()
                        && successorsOf(old).stream().noneMatch(HeldChildSa::isSealing));
    }

    /// The peer has rekeyed one anew: the successors that it does not know of go.
    void forgetUnknownSuccessors(Turn turn, IkeSa sa, HeldChildSa old) {
        if (old.standing() == Standing.REPLACED) {
            for (HeldChildSa unknown : successorsOf(old)) {
                turn.emit(new Event.ChildSaClosed(sa.handle(), unknown.inboundSpi(), false));
                remove(turn, sa, unknown);
            }
            old.stand(Standing.LIVE);
        }
    }

    private List<HeldChildSa> successorsOf(HeldChildSa old) {
        return held.stream()
                .filter(one -> one.replaces() == old.inboundSpi())
                .filter(one -> one.standing() != Standing.LINGERING)
                .toList();
    }

    /// Whether one in use takes the same packets.
    boolean hasLike(ChildSa child) {
        return held.stream()
                .filter(HeldChildSa::isLive)
                .map(HeldChildSa::child)
                .anyMatch(one ->
                        one.initiatorSelectors().equals(child.initiatorSelectors())
                                && one.responderSelectors().equals(child.responderSelectors()));
    }

    boolean hasSuccessor(HeldChildSa child) {
        for (HeldChildSa one : held) {
            if (one.isLive() && one.replaces() == child.inboundSpi()) {
                return true;
            }
        }
        return false;
    }

    /// One is closed by its owner: it is not missed, nor are others where it was the only one.
    void closedByOwner(int inboundSpi) {
        HeldChildSa closed = byInboundSpi(inboundSpi);
        if (closed != null && closed.further() != null) {
            closed.serve(null);
        } else {
            wanted = held.stream().anyMatch(one -> isUnnamed(one, inboundSpi));
        }
    }

    /// Whether there was one beside those that are configured, and it ended without anybody's will.
    boolean isMissing() {
        return wanted && held.stream().noneMatch(one -> isUnnamed(one, HeldChildSa.NONE));
    }

    private static boolean isUnnamed(HeldChildSa one, int otherThan) {
        return one.isLive() && one.further() == null && one.inboundSpi() != otherThan;
    }

    /// How often we speak of those that one side lacks.
    Mending mending() {
        Mending calm = mending;
        if (calm == null) {
            calm = new Mending();
            mending = calm;
        }
        return calm;
    }

    /// A packet has come through one of them.
    void notePacket(Turn turn) {
        lastPacketNanos = turn.now().nanos();
    }

    /// When the last packet came, or the first of them was set up.
    long lastPacketNanos() {
        return lastPacketNanos;
    }
}
