package dev.postern.api;

import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Event.Origin;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Tells an application in its own terms what the control plane tells of IKE SAs. On the control
/// plane's thread.
final class ClientNarrator {
    private final Clock clock;
    private final Consumer<ClientEvent> told;
    private final Map<Long, Event.IkeSaEstablished> established = new HashMap<>();
    private volatile @Nullable Serving serving;

    /// What serves at the moment.
    record Serving(long handle, String sessionId, ClientEvent.Service service) {}

    /// What the application has been told of the gateway that serves.
    private enum Doubt {
        NONE,
        SUSPECTED,
        SILENT
    }

    private Doubt doubt = Doubt.NONE;
    private String lastSessionId = "";
    private String lastGateway = "";
    private List<InetAddress> lastAddresses = List.of();

    ClientNarrator(Clock clock, Consumer<ClientEvent> told) {
        this.clock = clock;
        this.told = told;
    }

    @Nullable Serving serving() {
        return serving;
    }

    void on(Event event) {
        Instant at = clock.instant();
        Serving now = serving;
        String session = now == null ? "" : now.sessionId();
        switch (event) {
            case Event.IkeSaEstablished e -> established.put(e.handle(), e);
            case Event.SwitchCompleted e -> completed(at, e);
            case Event.IkeSaClosed e -> closed(at, e);
            case Event.GatewaySuspected e -> {
                doubt = Doubt.SUSPECTED;
                told.accept(
                        new ClientEvent.GatewaySuspected(
                                at, session, e.gateway(), word(e.suspicion())));
            }
            case Event.SwitchStarted e ->
                    told.accept(
                            new ClientEvent.Switching(at, session, e.from(), e.to(), e.resume()));
            case Event.RetryScheduled e ->
                    told.accept(
                            new ClientEvent.Waiting(at, session, Duration.ofNanos(e.waitNanos())));
            case Event.SwitchRefused e ->
                    told.accept(
                            new ClientEvent.SwitchRefused(at, session, e.gateway(), e.reason()));
            case Event.RedirectRefused e ->
                    told.accept(
                            new ClientEvent.SwitchRefused(
                                    at, session, GatewayList.text(e.gateway()), e.reason()));
            case Event.PeerAlive e when now != null && e.handle() == now.handle() -> {
                // Answers to checks that nobody has a reason for are no news.
                if (doubt != Doubt.NONE) {
                    doubt = Doubt.NONE;
                    told.accept(new ClientEvent.GatewayAlive(at, session, now.service().gateway()));
                }
            }
            case Event.PeerUnresponsive e when now != null && e.handle() == now.handle() -> {
                if (doubt != Doubt.SILENT) {
                    doubt = Doubt.SILENT;
                    told.accept(
                            new ClientEvent.GatewaySilent(at, session, now.service().gateway()));
                }
            }
            default -> {}
        }
    }

    private void completed(Instant at, Event.SwitchCompleted completed) {
        Event.IkeSaEstablished known = established.get(completed.handle());
        if (known == null) {
            throw new IllegalStateException("a switch without an IKE SA: " + completed);
        }
        String session = hex(known.sessionId());
        ClientEvent.Service service =
                new ClientEvent.Service(
                        completed.to(),
                        known.peer().toString(),
                        completed.innerAddresses(),
                        known.gatewaySwitchCount());
        boolean changed = !lastAddresses.equals(completed.innerAddresses());
        ClientEvent event;
        if (lastSessionId.isEmpty()) {
            event =
                    new ClientEvent.Connected(
                            at, session, service, known.origin() != Origin.FULL_EXCHANGE);
        } else if (lastSessionId.equals(session)) {
            event =
                    new ClientEvent.Resumed(
                            at, session, lastGateway, service, changed, lastAddresses);
        } else {
            event =
                    new ClientEvent.Replaced(
                            at,
                            session,
                            lastSessionId,
                            lastGateway,
                            service,
                            changed,
                            lastAddresses);
        }
        serving = new Serving(completed.handle(), session, service);
        doubt = Doubt.NONE;
        lastSessionId = session;
        lastGateway = completed.to();
        lastAddresses = completed.innerAddresses();
        told.accept(event);
    }

    private void closed(Instant at, Event.IkeSaClosed closed) {
        established.remove(closed.handle());
        Serving now = serving;
        if (now == null || closed.handle() != now.handle()) {
            return;
        }
        serving = null;
        String gateway = now.service().gateway();
        if (closed.reason() == CloseReason.PARKED) {
            told.accept(new ClientEvent.Parked(at, now.sessionId(), gateway));
        } else if (closed.reason() != CloseReason.CLOSED_LOCALLY) {
            String why =
                    closed.detail().isEmpty()
                            ? word(closed.reason())
                            : word(closed.reason()) + ": " + closed.detail();
            told.accept(new ClientEvent.Lost(at, now.sessionId(), gateway, why));
        }
    }

    void ended() {
        Serving now = serving;
        serving = null;
        told.accept(new ClientEvent.Closed(clock.instant(), now == null ? "" : now.sessionId()));
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String hex(Octets octets) {
        return HexFormat.of().formatHex(octets.array());
    }
}
