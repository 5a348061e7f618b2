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
            case Event.GatewayAnswered e -> "IKE SA " + e.handle() + ": the gateway answers";
            case Event.NetworkAssigned e ->
                    "IKE SA " + e.handle() + " is told of networks " + e.network().subnets();
            case Event.IkeSaRekeyed e ->
                    "IKE SA " + e.handle() + " is rekeyed, generation " + e.generation();
            case Event.ChildSaEstablished e ->
                    "Child SA "
                            + DatagramText.spi(e.inboundSpi())
                            + " stands"
                            + (e.replaces() == 0
                                    ? ""
                                    : ", rekeys " + DatagramText.spi(e.replaces()));
            case Event.ChildSaRefused e ->
                    (e.replaces() == 0
                                    ? "a Child SA is not made: "
                                    : "Child SA "
                                            + DatagramText.spi(e.replaces())
                                            + " is not rekeyed: ")
                            + e.detail();
            case Event.ChildSaClosed e ->
                    "Child SA "
                            + DatagramText.spi(e.inboundSpi())
                            + (e.rekeyed() ? " gives way to its successor" : " ends");
            case Event.IkeSaClosed e ->
                    "IKE SA " + e.handle() + " ends, " + e.reason() + " " + e.detail();
            case Event.SessionConfirmed e -> "IKE SA " + e.handle() + " is confirmed";
            case Event.SessionContinued e ->
                    "IKE SA " + e.handle() + " goes on with a session of " + e.from();
            case Event.TicketReceived e -> "IKE SA " + e.handle() + " has a new ticket";
            case Event.TicketIssued e -> "IKE SA " + e.handle() + " is given a new ticket";
            case Event.TicketWithheld e ->
                    "IKE SA " + e.handle() + " is given no ticket: " + e.reason();
            case Event.SwitchStarted e ->
                    "tries " + e.to() + (e.resume() ? " with a resume" : " with a full exchange");
            case Event.SwitchCompleted e ->
                    "is now at " + e.to() + (e.from().isEmpty() ? "" : ", came from " + e.from());
            case Event.SwitchRefused e -> "does not go to " + e.gateway() + ": " + e.reason();
            case Event.SwitchOrdered e ->
                    "IKE SA " + e.handle() + " is ordered away, to " + e.successor();
            case Event.AuxiliaryStands e -> "holds a session ready at " + e.gateway();
            case Event.AuxiliaryEnded e ->
                    "holds no session ready at " + e.gateway() + ": " + e.reason();
            case Event.GatewaySuspected e -> "checks " + e.gateway() + ": " + e.suspicion();
            case Event.RetryScheduled e -> "waits " + e.waitNanos() / 1_000_000 + " ms";
            case Event.ReauthenticationDue e ->
                    "IKE SA " + e.handle() + " is to be authenticated anew";
            case Event.PeerUnresponsive e -> "IKE SA " + e.handle() + ": no answer";
            case Event.PeerAlive e -> "IKE SA " + e.handle() + ": the peer lives";
            default -> event.toString();
        };
    }
}
