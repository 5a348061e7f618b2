package dev.postern.ike.exchange;

import dev.postern.ike.Now;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.util.List;

/// N(LIVENESS_FLOOR), docs/protocol.md "Liveness checks of idle clients": how long a client of this
/// gateway is to be silent, at least, before it checks whether the gateway lives. Comes with the
/// last answer of IKE_AUTH and with that of a resume.
final class ProbingFloor {
    /// No gateway keeps its clients from finding its death out for longer.
    static final long MOST_SECONDS = 3600;

    private static final int LENGTH = 4;

    private ProbingFloor() {}

    /// What the gateway says to a peer that knows our private numbers.
    static List<Payload> told(IkeSa sa) {
        long floor = sa.relation().profile().liveness().floorNanos();
        if (floor == 0 || !sa.relation().peerSentVendorId()) {
            return List.of();
        }
        long seconds = Math.clamp(floor / Now.NANOS_PER_SECOND, 1, MOST_SECONDS);
        return List.of(Payload.Notify.of(NotifyType.LIVENESS_FLOOR, Octets.ofInt((int) seconds)));
    }

    /// The client takes it over, as far as it is bounded. A notification of another length is
    /// passed over; without one the client's own policy holds.
    static void receive(IkeSa sa, List<Payload> payloads) {
        Payload.Notify told = Message.findNotify(payloads, NotifyType.LIVENESS_FLOOR);
        if (told == null
                || told.data().length() != LENGTH
                || !sa.isClient()
                || !sa.relation().peerSentVendorId()) {
            return;
        }
        long seconds = Math.min(Integer.toUnsignedLong(told.data().toInt()), MOST_SECONDS);
        sa.relation().setProbingFloor(seconds * Now.NANOS_PER_SECOND);
        sa.life().watch(sa.relation().liveness());
    }
}
