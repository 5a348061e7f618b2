package dev.postern.ike;

import dev.postern.ike.negotiate.AssignedNetwork;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.wire.GatewayList;
import dev.postern.wire.GatewaySwitch;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.util.List;

/// What happened, for people, metrics and the failover logic. `handle` is the endpoint's name for
/// the IKE SA.
public sealed interface Event {
    long handle();

    /// What a client's choice of gateways has to tell; of it an endpoint says [SwitchRefused]
    /// alone, of vouchers that do not hold.
    sealed interface OfClient extends Event {}

    /// How an IKE SA came to be.
    enum Origin {
        FULL_EXCHANGE,
        RESUMED_1RTT,
        RESUMED_RFC_5723,
        /// Another member had it (RFC 6311).
        TAKEN_OVER,
        /// By a full exchange at an earlier time; it has stood by since.
        AUXILIARY
    }

    /// Why an IKE SA ended or never came to be.
    enum CloseReason {
        /// We deleted it.
        CLOSED_LOCALLY,
        /// The peer deleted it.
        DELETED_BY_PEER,
        /// No answer within the retransmission schedule.
        PEER_UNRESPONSIVE,
        /// AUTH did not verify, on either side.
        AUTHENTICATION_FAILED,
        NO_PROPOSAL_CHOSEN,
        INVALID_KE_PAYLOAD,
        TS_UNACCEPTABLE,
        ADDRESS_FAILURE,
        /// The ticket was refused; a full exchange may still work.
        TICKET_REFUSED,
        /// Another attempt with the next switch count may work.
        TEMPORARY_FAILURE,
        /// The peer sent something that is well protected and makes no sense.
        SYNTAX,
        UNSUPPORTED_CRITICAL_PAYLOAD,
        /// The gateway that answered is not one that this client may use.
        UNEXPECTED_IDENTITY,
        /// Half-open, provisional or waiting for too long.
        TIMED_OUT,
        /// A newer IKE SA of the same session took over, or one of the same identity.
        SUPERSEDED,
        /// Both peers forgot it and keep the session, to be resumed when there is something to
        /// send.
        PARKED,
        /// Certificate, Session-Timeout or reauthentication deadline.
        HARD_DEADLINE,
        /// The session was revoked.
        REVOKED,
        /// Its keys were not replaced within their hard lifetime.
        LIFETIME,
        /// The gateway sends the client to another one.
        REDIRECTED,
        /// A gateway that was silent when we would have resumed there has answered IKE_SA_INIT, and
        /// knows the 1-RTT profile: it was not there before.
        RESUMABLE,
        /// A Message ID or switch count space is used up.
        EXHAUSTED,
        /// The peer has proven that it has lost the IKE SA (RFC 6290).
        PEER_CRASHED,
        /// A bug of ours; the detail says where it showed.
        INTERNAL_ERROR
    }

    /// A gateway has answered the first message of an exchange with what lets it go on; unless the
    /// exchange is a 1-RTT resume, nobody has proven anything yet.
    ///
    /// @param path by which
    record GatewayAnswered(long handle, Path path) implements Event {}

    /// @param provisional resumed and answered, but the peer has not shown yet that it holds the
    ///   new keys
    /// @param spiI with `spiR` the name of the IKE SA; a rekeying gives it another
    /// @param innerAddresses addresses assigned to the initiator by configuration payload
    record IkeSaEstablished(
            long handle,
            Origin origin,
            boolean provisional,
            Identity local,
            Identity peer,
            Path path,
            long spiI,
            long spiR,
            int gatewaySwitchCount,
            Octets sessionId,
            List<InetAddress> innerAddresses,
            String profile)
            implements Event {}

    /// The gateway has told its client about the network behind it.
    record NetworkAssigned(long handle, AssignedNetwork network) implements Event {}

    /// What AUTH of a resumed IKE_AUTH (RFC 5723 section 4.3.3) covers.
    enum ResumedAuthForm {
        /// The octets of RFC 7296 section 2.15, as the RFC has it.
        RFC,
        /// The first message alone, as libreswan has it.
        SHORT
    }

    /// The peer has proven itself in an RFC 5723 resume, in this form.
    record ResumeAuthenticated(long handle, Identity peer, ResumedAuthForm form) implements Event {}

    /// A gateway is about to carry on with a session: the next [IkeSaEstablished] of that handle is
    /// its resume.
    ///
    /// @param from the gateway that had it last, as the ticket or record says
    /// @param innerAddresses of the client there
    record SessionContinued(
            long handle, Octets sessionId, Identity from, List<InetAddress> innerAddresses)
            implements Event {}

    /// A provisional IKE SA was confirmed by its peer.
    record SessionConfirmed(long handle, Octets sessionId) implements Event {}

    /// The client holds a new ticket.
    record TicketReceived(long handle, ResumableSession session) implements Event {}

    /// The gateway sealed a ticket for its client.
    record TicketIssued(long handle, Identity peer, int octets) implements Event {}

    /// The gateway has told its client where to go when it is gone, the best first.
    record GatewaysAnnounced(long handle, List<GatewayList.Entry> gateways) implements Event {}

    /// A session goes without a ticket: after a failure its client sets up a new one in full.
    ///
    /// @param reason what stood against it, for people
    record TicketWithheld(long handle, Identity peer, String reason) implements Event {}

    /// The peer has not answered within the schedule; its IKE SA is kept ([LivenessPolicy]).
    record PeerUnresponsive(long handle) implements Event {}

    /// The exchange in which a gateway redirects a client.
    enum RedirectStage {
        IKE_SA_INIT,
        IKE_AUTH,
        /// IKE_SESSION_RESUME in one round trip.
        RESUME,
        INFORMATIONAL
    }

    /// The gateway sends the client to another one (RFC 5685). In IKE_SA_INIT nobody has proven
    /// anything yet. At a gateway it is told of in INFORMATIONAL alone; the rest are counters.
    record Redirected(long handle, RedirectStage stage, GatewayList.Entry gateway)
            implements Event {}

    /// A client stays where it is, or asks the same gateway again.
    ///
    /// @param reason what stands against it, for people
    record RedirectRefused(long handle, GatewayList.Entry gateway, String reason)
            implements OfClient {}

    /// The gateway, or the one that stands in for it, sends the client to another one, with
    /// vouchers that hold (failover profile, "Hot standby").
    ///
    /// @param gateway where
    /// @param successor who may answer there
    record SwitchOrdered(
            long handle, GatewaySwitch.Reason reason, GatewayList.Entry gateway, Identity successor)
            implements Event {}

    /// What made a client check its gateway.
    enum Suspicion {
        /// Packets went out and nothing came back.
        TRAFFIC_SILENCE,
        /// The application said so.
        APPLICATION,
        /// The network says that the gateway cannot be reached (ICMP), which nobody proves.
        UNREACHABLE,
        /// It answers every check, and no packet has come through it since the client is there.
        CARRIES_NOTHING
    }

    /// A client checks its gateway.
    record GatewaySuspected(long handle, String gateway, Suspicion suspicion) implements OfClient {}

    /// A client tries a gateway.
    ///
    /// @param from name of the gateway that served the session, empty for none
    record SwitchStarted(long handle, String from, String to, boolean resume) implements OfClient {}

    /// A client's session is carried by another gateway, or by the first one.
    ///
    /// @param addressChanged inner addresses differ from those before
    record SwitchCompleted(
            long handle,
            String from,
            String to,
            Origin origin,
            List<InetAddress> innerAddresses,
            boolean addressChanged)
            implements OfClient {}

    /// A client does not go where it was told to, by its operator or with vouchers.
    ///
    /// @param reason what stands against it, for people
    record SwitchRefused(long handle, String gateway, String reason) implements OfClient {}

    /// A client holds a session ready at another gateway than the one that serves it.
    record AuxiliaryStands(long handle, String gateway, List<InetAddress> innerAddresses)
            implements OfClient {}

    /// That session has ended without having served, or could not be set up.
    ///
    /// @param reason for people
    record AuxiliaryEnded(long handle, String gateway, String reason) implements OfClient {}

    /// Every gateway has failed, or it is too early to leave this one; all are tried again after a
    /// wait.
    record RetryScheduled(long handle, long waitNanos) implements OfClient {}

    /// A client has asked the DNS for gateways.
    ///
    /// @param name what was asked for
    /// @param found the gateways that may be tried
    /// @param passedOver what else was in the answer, and why it is of no use
    /// @param trouble why there is no answer, for people; empty where there is one
    /// @param againNanos when it is asked for again
    record GatewaysLookedUp(
            long handle,
            String name,
            List<String> found,
            List<String> passedOver,
            String trouble,
            long againNanos)
            implements OfClient {}

    /// An IKE SA was replaced by a new one with other keys; its handle, Child SAs and session go
    /// on.
    ///
    /// @param generation how often the session was rekeyed
    /// @param spiI with `spiR` the name of the new one
    record IkeSaRekeyed(long handle, int generation, long spiI, long spiR, Octets sessionId)
            implements Event {}

    /// A Child SA was made by CREATE_CHILD_SA.
    ///
    /// @param replaces inbound SPI of the one that it rekeys; 0 for a further one
    record ChildSaEstablished(long handle, int inboundSpi, int replaces) implements Event {}

    /// A Child SA was not made.
    ///
    /// @param replaces inbound SPI of the one that was to be rekeyed and stays; 0 for a further one
    record ChildSaRefused(long handle, int replaces, String detail) implements Event {}

    /// A Child SA was deleted.
    ///
    /// @param rekeyed whether a successor carries its traffic
    record ChildSaClosed(long handle, int inboundSpi, boolean rekeyed) implements Event {}

    /// The session ends soon unless its client authenticates anew (RFC 4478), by
    /// [Input.Reauthenticate].
    record ReauthenticationDue(long handle) implements Event {}

    /// The peer answered a liveness check.
    record PeerAlive(long handle) implements Event {}

    /// @param detail what was seen and what was wanted, for people; empty where the reason says it
    ///   all
    record IkeSaClosed(long handle, CloseReason reason, String detail, Octets sessionId)
            implements Event {}
}
