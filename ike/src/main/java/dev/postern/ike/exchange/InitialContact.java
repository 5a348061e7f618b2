package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Path;
import dev.postern.ike.Uniqueness;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import java.net.InetAddress;
import java.util.List;

/// N(INITIAL_CONTACT) in both roles, and how many IKE SAs one identity may have (RFC 7296 section
/// 2.4). Judged in a full exchange alone: a resume ends its predecessors by their session
/// ([Confirmation]).
final class InitialContact {
    private InitialContact() {}

    /// What a client says of its other IKE SAs with the gateway, in the first IKE_AUTH request.
    static List<Payload> claimed(Turn turn, InitiatorProfile profile, Path path) {
        if (profile.life().uniqueness() == Uniqueness.NEVER) {
            return List.of();
        }
        for (IkeSa other : turn.table().ofIdentity(profile.localIdentity())) {
            if (other.isClient() && mayBeThere(other, profile, path)) {
                return List.of();
            }
        }
        return List.of(Payload.Notify.of(NotifyType.INITIAL_CONTACT));
    }

    /// Whether an IKE SA is with the gateway that the profile means. The gateway's name is not
    /// known for sure before it answers; in doubt it is the same, and nothing is claimed.
    private static boolean mayBeThere(IkeSa other, InitiatorProfile profile, Path path) {
        if (other.path().remote().equals(path.remote())) {
            return true;
        }
        Identity gateway = other.relation().established().responder();
        return profile.namedGateway() == null
                ? profile.acceptedGateways().contains(gateway)
                : gateway.equals(profile.namedGateway());
    }

    /// Whether the gateway admits a peer that has proven itself in full beside the IKE SAs that it
    /// has. Those that it may not have any longer end here, without a Delete: the peer has
    /// forgotten them, or is about to.
    static boolean admits(Turn turn, IkeSa sa, List<Payload> payloads, PeerProof proof) {
        Uniqueness policy = proof.profile().life().uniqueness();
        boolean first = Message.findNotify(payloads, NotifyType.INITIAL_CONTACT) != null;
        if (policy == Uniqueness.NEVER) {
            return true;
        }
        if (first || policy == Uniqueness.REPLACE) {
            for (IkeSa other : turn.table().ofIdentity(proof.identity())) {
                if (other != sa) {
                    end(turn, other);
                }
            }
            return true;
        }
        return policy != Uniqueness.KEEP || !standsElsewhere(turn, sa, proof.identity());
    }

    private static boolean standsElsewhere(Turn turn, IkeSa sa, Identity identity) {
        InetAddress host = sa.path().remote().getAddress();
        return turn.table().identities().elsewhere(identity, host).anyMatch(InitialContact::stands);
    }

    /// A resume that nobody has confirmed keeps nobody out: it may be a replay.
    private static boolean stands(IkeSa other) {
        return !other.isClient() && other.isEstablished();
    }

    private static void end(Turn turn, IkeSa other) {
        if (other.isClient()) {
            return;
        }
        turn.count(Counter.ENDED_BY_INITIAL_CONTACT);
        other.close(turn, CloseReason.SUPERSEDED, "its client has connected anew", false);
    }

    /// Whom an IKE SA counts for: the proven peer at a gateway, ourselves at a client.
    static Identity owner(IkeSa sa, EstablishedSession session) {
        return sa.isClient() ? session.initiator() : session.authenticatedIdentity();
    }
}
