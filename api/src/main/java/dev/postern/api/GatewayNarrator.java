package dev.postern.api;

import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// The same for a gateway: one session may have several IKE SAs for a moment. On the control
/// plane's thread.
final class GatewayNarrator {
    private final Clock clock;
    private final Consumer<GatewayEvent> told;
    private final Map<Long, Event.SessionContinued> continued = new HashMap<>();
    private final Map<String, Set<Long>> living = new HashMap<>();

    GatewayNarrator(Clock clock, Consumer<GatewayEvent> told) {
        this.clock = clock;
        this.told = told;
    }

    void on(Event event) {
        Instant at = clock.instant();
        switch (event) {
            case Event.SessionContinued e -> continued.put(e.handle(), e);
            case Event.IkeSaEstablished e -> established(at, e);
            case Event.SessionConfirmed e ->
                    told.accept(
                            new GatewayEvent.SessionConfirmed(
                                    at, ClientNarrator.hex(e.sessionId())));
            case Event.IkeSaClosed e -> closed(at, e);
            default -> {}
        }
    }

    private void established(Instant at, Event.IkeSaEstablished e) {
        String session = ClientNarrator.hex(e.sessionId());
        living.computeIfAbsent(session, _ -> new HashSet<>()).add(e.handle());
        GatewayEvent.Client client =
                new GatewayEvent.Client(
                        e.peer().toString(), e.path().remote(), e.innerAddresses(), e.profile());
        Event.SessionContinued before = continued.remove(e.handle());
        told.accept(
                switch (e.origin()) {
                    // Which of its sessions stand by is known to the client alone.
                    case FULL_EXCHANGE, AUXILIARY ->
                            new GatewayEvent.SessionEstablished(at, session, client);
                    case TAKEN_OVER -> new GatewayEvent.SessionTakenOver(at, session, client);
                    case RESUMED_1RTT, RESUMED_RFC_5723 -> {
                        List<InetAddress> old =
                                before == null ? e.innerAddresses() : before.innerAddresses();
                        yield new GatewayEvent.SessionResumed(
                                at,
                                session,
                                before == null ? "" : before.from().toString(),
                                client,
                                !old.equals(e.innerAddresses()),
                                old,
                                e.gatewaySwitchCount(),
                                !e.provisional());
                    }
                });
    }

    private void closed(Instant at, Event.IkeSaClosed e) {
        continued.remove(e.handle());
        String session = ClientNarrator.hex(e.sessionId());
        Set<Long> others = living.get(session);
        if (others == null || !others.remove(e.handle()) || !others.isEmpty()) {
            return;
        }
        living.remove(session);
        told.accept(
                new GatewayEvent.SessionLeft(
                        at, session, mayGoOn(e.reason()), ClientNarrator.word(e.reason())));
    }

    /// A Delete that the client sends may mean that it has gone to another gateway.
    private static boolean mayGoOn(CloseReason reason) {
        return switch (reason) {
            case REVOKED, HARD_DEADLINE, AUTHENTICATION_FAILED -> false;
            case CLOSED_LOCALLY,
                    DELETED_BY_PEER,
                    PEER_UNRESPONSIVE,
                    NO_PROPOSAL_CHOSEN,
                    INVALID_KE_PAYLOAD,
                    TS_UNACCEPTABLE,
                    ADDRESS_FAILURE,
                    TICKET_REFUSED,
                    TEMPORARY_FAILURE,
                    SYNTAX,
                    UNSUPPORTED_CRITICAL_PAYLOAD,
                    UNEXPECTED_IDENTITY,
                    TIMED_OUT,
                    SUPERSEDED,
                    PARKED,
                    LIFETIME,
                    REDIRECTED,
                    RESUMABLE,
                    EXHAUSTED,
                    PEER_CRASHED,
                    INTERNAL_ERROR ->
                    true;
        };
    }
}
