package dev.postern.api;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;

/// What happens to the sessions of a gateway. `sessionId` is the secure domain's name for a
/// session, in hexadecimal digits: the same at every gateway that resumes it, so it is the key
/// under which applications keep what belongs to the session.
public sealed interface GatewayEvent {
    Instant at();

    String sessionId();

    /// Who a session is with.
    ///
    /// @param identity that the client has proven, by EAP where that was used
    /// @param address from where it speaks
    /// @param innerAddresses that it was assigned
    /// @param profile of the gateway's file
    record Client(
            String identity,
            InetSocketAddress address,
            List<InetAddress> innerAddresses,
            String profile) {
        public Client {
            innerAddresses = List.copyOf(innerAddresses);
        }
    }

    /// A client has proven itself by a full exchange: a new session.
    record SessionEstablished(Instant at, String sessionId, Client client)
            implements GatewayEvent {}

    /// A session appears that another gateway had, or this one before it lost its memory. In one
    /// round trip it is a claim until [SessionConfirmed]: fetch the state, and take it over then.
    ///
    /// @param from identity of the gateway that had it last
    /// @param addressChanged whether inner addresses differ from `oldAddresses`
    /// @param switchCount of the session
    /// @param confirmed whether the client has shown the new keys already
    record SessionResumed(
            Instant at,
            String sessionId,
            String from,
            Client client,
            boolean addressChanged,
            List<InetAddress> oldAddresses,
            int switchCount,
            boolean confirmed)
            implements GatewayEvent {
        public SessionResumed {
            oldAddresses = List.copyOf(oldAddresses);
        }
    }

    /// The client has used the new keys: the session is here, and nowhere else.
    record SessionConfirmed(Instant at, String sessionId) implements GatewayEvent {}

    /// The session is taken over from a gateway that is gone, with its keys (RFC 6311).
    record SessionTakenOver(Instant at, String sessionId, Client client) implements GatewayEvent {}

    /// The session is not here any more.
    ///
    /// @param goesOn whether it may go on at another gateway: what belongs to it is not to be
    ///   thrown away
    record SessionLeft(Instant at, String sessionId, boolean goesOn, String reason)
            implements GatewayEvent {}
}
