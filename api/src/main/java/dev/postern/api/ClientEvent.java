package dev.postern.api;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What happens to a client's session. `sessionId` is the client's own name for it, in hexadecimal
/// digits: it stays from gateway to gateway for as long as the session is resumed. Empty where
/// there is no session.
public sealed interface ClientEvent {
    Instant at();

    String sessionId();

    /// What carries a session.
    ///
    /// @param gateway its name in the client's list
    /// @param identity that it has proven
    /// @param innerAddresses assigned to the client; none where it brings its own, and in transport
    ///   mode
    /// @param switchCount how often the session was resumed since its keys were made anew
    record Service(
            String gateway, String identity, List<InetAddress> innerAddresses, int switchCount) {
        public Service {
            innerAddresses = List.copyOf(innerAddresses);
        }
    }

    /// The first gateway serves.
    ///
    /// @param resumed whether the session is one of an earlier run of the client
    record Connected(Instant at, String sessionId, Service service, boolean resumed)
            implements ClientEvent {}

    /// Something is wrong with the gateway, no more: nothing has changed yet. It is being checked,
    /// or where it answers and carries nothing, another one is tried beside it.
    ///
    /// @param cause `traffic-silence`, `application`, `unreachable` or `carries-nothing`
    record GatewaySuspected(Instant at, String sessionId, String gateway, String cause)
            implements ClientEvent {}

    /// The suspicion was wrong.
    record GatewayAlive(Instant at, String sessionId, String gateway) implements ClientEvent {}

    /// The gateway does not answer. Another one is looked for; packets are lost meanwhile.
    record GatewaySilent(Instant at, String sessionId, String gateway) implements ClientEvent {}

    /// A gateway is being tried.
    ///
    /// @param from the gateway that serves or served; empty for none
    /// @param resume whether by a resume, which keeps the session
    record Switching(Instant at, String sessionId, String from, String to, boolean resume)
            implements ClientEvent {}

    /// The same session is carried by another gateway: what belongs to it is to be found there.
    ///
    /// @param from the gateway that served before; the same as now where it lost its memory
    /// @param addressChanged whether inner addresses differ from `oldAddresses`: whoever was told
    ///   of them is to be told anew
    record Resumed(
            Instant at,
            String sessionId,
            String from,
            Service service,
            boolean addressChanged,
            List<InetAddress> oldAddresses)
            implements ClientEvent {
        public Resumed {
            oldAddresses = List.copyOf(oldAddresses);
        }
    }

    /// There is another session in place of the one before: the gateway knows nothing of that one,
    /// and what belongs to it is to be set up anew or carried over by the application.
    record Replaced(
            Instant at,
            String sessionId,
            String oldSessionId,
            String from,
            Service service,
            boolean addressChanged,
            List<InetAddress> oldAddresses)
            implements ClientEvent {
        public Replaced {
            oldAddresses = List.copyOf(oldAddresses);
        }
    }

    /// No gateway has answered, or it is too early to move; all are tried again after a wait.
    record Waiting(Instant at, String sessionId, Duration pause) implements ClientEvent {}

    /// A command or a redirection is not followed.
    record SwitchRefused(Instant at, String sessionId, String gateway, String reason)
            implements ClientEvent {}

    /// The session has ended against the client's will; it begins another one by itself.
    record Lost(Instant at, String sessionId, String gateway, String reason)
            implements ClientEvent {}

    /// The session rests, and comes back with the next packet.
    record Parked(Instant at, String sessionId, String gateway) implements ClientEvent {}

    /// The last event: the client is closed.
    record Closed(Instant at, String sessionId) implements ClientEvent {}
}
