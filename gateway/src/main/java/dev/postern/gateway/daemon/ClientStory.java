package dev.postern.gateway.daemon;

import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Event.Origin;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How a client stands, told from its events. On the loop's thread; [#now] from any.
final class ClientStory {
    /// As people are told.
    enum State {
        CONNECTING,
        CONNECTED,
        /// The gateway is asked whether it lives.
        CHECKING,
        /// It is silent, or left of the client's own will; another one is tried.
        SWITCHING,
        PARKED,
        /// No gateway answers; all are tried again later.
        WAITING,
        ENDED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param gateway that serves the session, or did; empty for none yet
    /// @param by how it came to serve it; empty for not yet
    /// @param since when the state was entered
    /// @param switches how often another gateway has taken over
    /// @param results what became of each gateway that was tried, by its name
    record Status(
            State state,
            String gateway,
            String by,
            Instant since,
            List<InetAddress> innerAddresses,
            Octets sessionId,
            int gatewaySwitchCount,
            int switches,
            Map<String, String> results) {
        Status {
            innerAddresses = List.copyOf(innerAddresses);
            results = Map.copyOf(results);
        }

        private Status in(State entered, Instant at) {
            return new Status(
                    entered,
                    gateway,
                    by,
                    at,
                    innerAddresses,
                    sessionId,
                    gatewaySwitchCount,
                    switches,
                    results);
        }

        private Status with(Map<String, String> newResults) {
            return new Status(
                    state,
                    gateway,
                    by,
                    since,
                    innerAddresses,
                    sessionId,
                    gatewaySwitchCount,
                    switches,
                    newResults);
        }
    }

    private static final int MOST_RESULTS = 128;

    private final Map<Long, String> attempts = new LinkedHashMap<>();
    private final Map<String, String> results = new LinkedHashMap<>();
    private long serving = -1;
    private boolean silent;
    private Octets sessionId = Octets.of(new byte[0]);
    private int gatewaySwitchCount;
    private volatile Status status;

    ClientStory(Instant at) {
        status = new Status(State.CONNECTING, "", "", at, List.of(), sessionId, 0, 0, Map.of());
    }

    Status now() {
        return status;
    }

    void ended(Instant at) {
        status = status.in(State.ENDED, at);
    }

    void on(Event event, Instant at) {
        switch (event) {
            case Event.SwitchStarted started -> {
                attempts.put(started.handle(), started.to());
                enter(serving < 0 ? State.CONNECTING : State.SWITCHING, at);
            }
            case Event.IkeSaEstablished established -> {
                sessionId = established.sessionId();
                gatewaySwitchCount = established.gatewaySwitchCount();
            }
            case Event.SwitchCompleted completed -> completed(completed, at);
            case Event.GatewaySuspected suspected when suspected.handle() == serving ->
                    enter(State.CHECKING, at);
            case Event.PeerAlive alive when alive.handle() == serving -> {
                silent = false;
                enter(State.CONNECTED, at);
            }
            case Event.PeerUnresponsive unresponsive when unresponsive.handle() == serving -> {
                silent = true;
                note(status.gateway(), "silent", at);
                enter(State.SWITCHING, at);
            }
            case Event.RetryScheduled _ -> enter(State.WAITING, at);
            case Event.IkeSaClosed closed -> closed(closed, at);
            default -> {}
        }
    }

    private void completed(Event.SwitchCompleted completed, Instant at) {
        attempts.remove(completed.handle());
        serving = completed.handle();
        silent = false;
        int switches =
                status.switches()
                        + (completed.from().isEmpty() || completed.from().equals(completed.to())
                                ? 0
                                : 1);
        keep(completed.to(), "served us at " + at);
        status =
                new Status(
                        State.CONNECTED,
                        completed.to(),
                        word(completed.origin()),
                        at,
                        completed.innerAddresses(),
                        sessionId,
                        gatewaySwitchCount,
                        switches,
                        results);
    }

    private void closed(Event.IkeSaClosed closed, Instant at) {
        String reason = closed.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
        String told = reason + (closed.detail().isEmpty() ? "" : " (" + closed.detail() + ")");
        String tried = attempts.remove(closed.handle());
        if (tried != null) {
            note(tried, told, at);
            if (serving >= 0 && !silent && attempts.isEmpty()) {
                // The other gateway did not take us; ours has never been away.
                enter(State.CONNECTED, at);
            }
        } else if (closed.handle() == serving) {
            serving = -1;
            if (closed.reason() == CloseReason.PARKED) {
                enter(State.PARKED, at);
            } else {
                note(status.gateway(), told, at);
                enter(State.CONNECTING, at);
            }
        }
    }

    private void note(String gateway, String what, Instant at) {
        keep(gateway, what + " at " + at);
        status = status.with(results);
    }

    private void keep(String gateway, String result) {
        results.remove(gateway);
        results.put(gateway, result);
        if (results.size() > MOST_RESULTS) {
            results.remove(results.keySet().iterator().next());
        }
    }

    private void enter(State state, Instant at) {
        if (status.state() != state) {
            status = status.in(state, at);
        }
    }

    static String word(Origin origin) {
        return origin.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
