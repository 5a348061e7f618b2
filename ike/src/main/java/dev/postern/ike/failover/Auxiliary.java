package dev.postern.ike.failover;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Redirection;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A session of its own at a gateway that may be needed. Its Child SA opens and seals nothing, and
/// nobody hears of it, until it is the one that serves: what that takes is held back here.
final class Auxiliary {
    private final long handle;
    private final int gateway;
    private final Set<Integer> children = new HashSet<>();
    private final List<Effect.ActivateChildSa> activations = new ArrayList<>();
    private final List<Effect.Emit> news = new ArrayList<>();
    private Event.@Nullable IkeSaEstablished established;
    private Event.@Nullable TicketReceived ticket;
    private boolean answers = true;
    private boolean leaving;

    Auxiliary(long handle, int gateway) {
        this.handle = handle;
        this.gateway = gateway;
    }

    long handle() {
        return handle;
    }

    int gateway() {
        return gateway;
    }

    /// Whether it has been set up and is not about to go.
    boolean stands() {
        return established != null && !leaving;
    }

    /// It is given up.
    ///
    /// @return false where it was before
    boolean leave() {
        boolean stayed = !leaving;
        leaving = true;
        return stayed;
    }

    boolean isLeaving() {
        return leaving;
    }

    List<InetAddress> innerAddresses() {
        return established == null ? List.of() : established.innerAddresses();
    }

    @Nullable Identity peer() {
        return established == null ? null : established.peer();
    }

    /// The newest ticket of its session, if it has one.
    @Nullable ResumableSession session() {
        return ticket == null ? null : ticket.session();
    }

    /// A check of it begins, or has been answered.
    void answers(boolean seen) {
        answers = seen;
    }

    boolean isReady() {
        return stands() && answers;
    }

    /// Whether an effect belongs to it, and is not for the outside as long as it only stands by.
    boolean holdsBack(Effect effect) {
        return switch (effect) {
            case Effect.InstallChildSa install -> {
                if (install.installation().handle() == handle) {
                    children.add(install.installation().inboundSpi());
                }
                yield false;
            }
            case Effect.ActivateChildSa activate when children.contains(activate.inboundSpi()) -> {
                activations.add(activate);
                yield true;
            }
            case Effect.RemoveChildSa remove -> {
                children.remove(remove.inboundSpi());
                activations.removeIf(each -> each.inboundSpi() == remove.inboundSpi());
                yield false;
            }
            case Effect.Emit emit when emit.event().handle() == handle -> {
                keep(emit);
                yield true;
            }
            case Effect.Send _,
                    Effect.ActivateChildSa _,
                    Effect.MoveChildSa _,
                    Effect.SkipSequences _,
                    Effect.OfStandby _,
                    Effect.Raise _,
                    Effect.Emit _,
                    Effect.LogKeys _ ->
                    false;
        };
    }

    /// The rest is of no interest to anybody before it serves, nor afterwards.
    private void keep(Effect.Emit emit) {
        Event event = emit.event();
        if (event instanceof Event.IkeSaEstablished stands) {
            established = stands;
        } else if (event instanceof Event.TicketReceived received) {
            ticket = received;
        } else if (event instanceof Event.NetworkAssigned) {
            news.add(emit);
        }
    }

    /// What would have set it up.
    Attempt attempt() {
        return Attempt.inFull(gateway, Redirection.REFUSED).begun(handle, false);
    }

    /// Tells the outside of it, now that it serves, in the order of an exchange that has just been
    /// made.
    ///
    /// @return that its IKE SA stands, which was nobody's business until now
    Event.IkeSaEstablished release(Outbox outbox) {
        Event.IkeSaEstablished known = established;
        if (known == null) {
            throw new IllegalStateException("only what stands can serve");
        }
        Event.IkeSaEstablished serves =
                new Event.IkeSaEstablished(
                        handle,
                        Event.Origin.AUXILIARY,
                        false,
                        known.local(),
                        known.peer(),
                        known.path(),
                        known.spiI(),
                        known.spiR(),
                        known.gatewaySwitchCount(),
                        known.sessionId(),
                        known.innerAddresses(),
                        known.profile());
        activations.forEach(outbox::add);
        news.forEach(outbox::add);
        outbox.emit(serves);
        if (ticket != null) {
            outbox.emit(ticket);
        }
        return serves;
    }
}
