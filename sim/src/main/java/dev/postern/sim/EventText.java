package dev.postern.sim;

import dev.postern.cluster.View;
import dev.postern.ike.Event;

import java.util.TreeSet;

/// An event in a few words, for a trace.
final class EventText {
    private EventText() {}

    static String of(View view, boolean primary) {
        return view.members().isEmpty()
                ? "leaves the cluster"
                : "sees "
                        + String.join(" ", new TreeSet<>(view.nodes()))
                        + (primary ? ", and goes on" : ", and is not primary");
    }

    static String of(Event event) {
        return switch (event) {
            case Event.IkeSaEstablished e ->
                    "IKE SA "
                            + e.handle()
                            + (e.provisional() ? " is provisional, " : " stands, ")
                            + e.origin()
                            + ", count "
                            + e.gatewaySwitchCount()
                            + ", addresses "
                            + e.innerAddresses();
            case Event.NetworkAssigned e -> "network " + e.network();
            case Event.IkeSaClosed e ->
                    "IKE SA " + e.handle() + " ends, " + e.reason() + " " + e.detail();
            case Event.SessionConfirmed e -> "IKE SA " + e.handle() + " is confirmed";
            case Event.TicketReceived e -> "IKE SA " + e.handle() + " has a new ticket";
            case Event.SwitchStarted e ->
                    "tries " + e.to() + (e.resume() ? " with a resume" : " with a full exchange");
            case Event.SwitchCompleted e ->
                    "is now at " + e.to() + (e.from().isEmpty() ? "" : ", came from " + e.from());
            case Event.GatewaySuspected e -> "checks " + e.gateway() + ": " + e.suspicion();
            case Event.RetryScheduled e -> "waits " + e.waitNanos() / 1_000_000 + " ms";
            case Event.PeerUnresponsive e -> "IKE SA " + e.handle() + ": no answer";
            case Event.PeerAlive e -> "IKE SA " + e.handle() + ": the peer lives";
            default -> event.toString();
        };
    }
}
