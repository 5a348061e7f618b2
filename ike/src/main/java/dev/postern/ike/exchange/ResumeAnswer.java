package dev.postern.ike.exchange;

import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.ProposalSelector;
import dev.postern.ike.negotiate.TrafficSelectorNarrowing;
import dev.postern.ike.sa.ChildSa;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ticket.Session;
import dev.postern.ticket.SessionChildSa;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;

/// What a client makes of the protected answer to its resume request. Pure: nothing changes before
/// the judgement is there.
sealed interface ResumeAnswer {
    /// The gateway refused, or answered what this client must not accept.
    record Refused(CloseReason reason, String detail) implements ResumeAnswer {}

    /// A gateway that this client may use restores the session.
    ///
    /// @param keyExchange KEr where KEi was sent
    record Accepted(
            Identity gateway,
            byte[] nr,
            Payload.@Nullable KeyExchange keyExchange,
            ChildSa child,
            List<ConfigurationAttribute> configuration)
            implements ResumeAnswer {}

    /// The gateway sends us to another one, with our ticket.
    record Elsewhere(GatewayList.Entry gateway) implements ResumeAnswer {}

    /// @param payloads what the holder of RS has sent under SK
    static ResumeAnswer judge(ResumeRequest request, List<Payload> payloads) {
        Payload.Notify error = Message.findError(payloads);
        if (Message.findUnknownCritical(payloads) != null) {
            return new Refused(CloseReason.UNSUPPORTED_CRITICAL_PAYLOAD, "");
        }
        if (Message.findNotify(payloads, NotifyType.TICKET_NACK) != null) {
            return new Refused(CloseReason.TICKET_REFUSED, "the gateway refused the ticket");
        }
        if (error != null) {
            return new Refused(
                    reasonOf(error), "the gateway answered " + NotifyType.name(error.type()));
        }
        GatewayList.Entry elsewhere = RedirectInitiator.inResume(payloads);
        if (elsewhere != null && request.old().has(Session.Extension.REDIRECT)) {
            return new Elsewhere(elsewhere);
        }
        Payload.IdResponder id = Message.find(payloads, Payload.IdResponder.class);
        Payload.SecurityAssociation chosen =
                Message.find(payloads, Payload.SecurityAssociation.class);
        Payload.Nonce nonce = Message.find(payloads, Payload.Nonce.class);
        if (id == null
                || chosen == null
                || nonce == null
                || nonce.data().length() != SaInitInitiator.NONCE_LENGTH
                || payloads.getFirst() instanceof Payload.Notify) {
            return new Refused(
                    CloseReason.SYNTAX, "the gateway's answer lacks IDr, SA or an Nr of 32 octets");
        }
        List<Identity> accepted = request.profile().acceptedGateways();
        if (!accepted.contains(id.identity())) {
            return new Refused(
                    CloseReason.UNEXPECTED_IDENTITY,
                    "the gateway is " + id.identity() + ", accepted are " + accepted);
        }
        return judgeChild(request, payloads, id.identity(), chosen, nonce.data().array());
    }

    private static CloseReason reasonOf(Payload.Notify error) {
        return switch (NotifyType.of(error.type())) {
            case TEMPORARY_FAILURE -> CloseReason.TEMPORARY_FAILURE;
            case INVALID_KE_PAYLOAD -> CloseReason.INVALID_KE_PAYLOAD;
            case AUTHENTICATION_FAILED -> CloseReason.AUTHENTICATION_FAILED;
            case null, default -> AnsweredChildSa.reasonOf(error);
        };
    }

    private static ResumeAnswer judgeChild(
            ResumeRequest request,
            List<Payload> payloads,
            Identity gateway,
            Payload.SecurityAssociation chosen,
            byte[] nr) {
        Payload.KeyExchange ke = Message.find(payloads, Payload.KeyExchange.class);
        if ((ke == null) != (request.keyAgreement() == null)
                || (ke != null && ke.method() != request.suite().keyExchange().transformId())) {
            return new Refused(
                    CloseReason.INVALID_KE_PAYLOAD,
                    "the gateway's answer and our request differ in KE");
        }
        SessionChildSa old = request.old().defaultChildSa();
        EspSuite esp = ProposalSelector.verifyEsp(request.offeredSuites(), chosen.proposals());
        if (esp == null || old == null) {
            return new Refused(
                    CloseReason.NO_PROPOSAL_CHOSEN,
                    "the gateway chose an ESP proposal that was not offered");
        }
        List<ConfigurationAttribute> configuration = configuration(request.old(), payloads);
        List<InetAddress> addresses = EstablishedSession.innerAddresses(configuration);
        boolean hadAddress =
                !EstablishedSession.innerAddresses(request.old().configuration()).isEmpty();
        if (hadAddress && addresses.isEmpty()) {
            return new Refused(
                    CloseReason.ADDRESS_FAILURE, "the gateway assigned no inner address");
        }
        SelectorPolicy between = request.betweenPeers();
        if (between != null || TransportMode.isIn(payloads)) {
            return judgeTransport(
                    request,
                    payloads,
                    between,
                    new Accepted(
                            gateway,
                            nr,
                            ke,
                            new ChildSa(
                                    request.inboundSpi(),
                                    chosen.proposals().getFirst().spi().toInt(),
                                    esp,
                                    old.initiatorSelectors(),
                                    old.responderSelectors()),
                            configuration));
        }
        Payload.TsInitiator tsI = Message.find(payloads, Payload.TsInitiator.class);
        Payload.TsResponder tsR = Message.find(payloads, Payload.TsResponder.class);
        ChildSa child =
                new ChildSa(
                        request.inboundSpi(),
                        chosen.proposals().getFirst().spi().toInt(),
                        esp,
                        tsI == null ? old.initiatorSelectors() : tsI.selectors(),
                        tsR == null ? old.responderSelectors() : tsR.selectors());
        List<TrafficSelector> ownSide =
                addresses.isEmpty()
                        ? old.initiatorSelectors()
                        : addresses.stream().map(TrafficSelector::host).toList();
        if (!TrafficSelectorNarrowing.isSubset(child.initiatorSelectors(), ownSide)
                || !TrafficSelectorNarrowing.isSubset(
                        child.responderSelectors(), request.profile().remoteSelectors())) {
            return new Refused(
                    CloseReason.TS_UNACCEPTABLE,
                    "the gateway chose selectors "
                            + child.initiatorSelectors()
                            + " and "
                            + child.responderSelectors()
                            + " beyond what was offered");
        }
        return new Accepted(gateway, nr, ke, child, configuration);
    }

    /// A Child SA in transport mode stays one, between the addresses of today.
    private static ResumeAnswer judgeTransport(
            ResumeRequest request,
            List<Payload> payloads,
            @Nullable SelectorPolicy between,
            Accepted accepted) {
        AnsweredSelectors selectors =
                between == null
                        ? null
                        : AnsweredSelectors.judge(payloads, between, true, request.path());
        if (selectors == null) {
            return new Refused(
                    CloseReason.TS_UNACCEPTABLE,
                    "the gateway restored the Child SA in another mode or for other hosts");
        }
        ChildSa child = accepted.child();
        return new Accepted(
                accepted.gateway(),
                accepted.nr(),
                accepted.keyExchange(),
                new ChildSa(
                        child.inboundSpi(),
                        child.outboundSpi(),
                        child.suite(),
                        selectors.own(),
                        selectors.peer(),
                        selectors.transport()),
                accepted.configuration());
    }

    /// Without CFG_REPLY the client keeps what it had.
    private static List<ConfigurationAttribute> configuration(Session old, List<Payload> payloads) {
        Payload.Configuration reply = Message.find(payloads, Payload.Configuration.class);
        return reply == null || reply.kind() != Payload.Configuration.REPLY
                ? old.configuration()
                : reply.attributes();
    }
}
