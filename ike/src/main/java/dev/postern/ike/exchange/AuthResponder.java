package dev.postern.ike.exchange;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.negotiate.AddressRequest;
import dev.postern.ike.negotiate.ProposalSelector;
import dev.postern.ike.sa.ChildSa;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.IntAuth;
import dev.postern.ike.sa.ResponseWindow;
import dev.postern.ike.sa.SessionHash;
import dev.postern.ike.sa.SkProtection.Opened;
import dev.postern.ticket.Session;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// IKE_AUTH at the responder, RFC 7296 section 1.2 and RFC 5723 section 4.3.3. The peer's claim is
/// judged by [PeerProof]; with that proof the Child SA is agreed on and the IKE SA established. A
/// Child SA that cannot be is refused while the IKE SA stands (section 1.2, last paragraphs).
final class AuthResponder {
    private static final long LEASE_PATIENCE_NANOS = 5 * Now.NANOS_PER_SECOND;

    private AuthResponder() {}

    static void onRequest(Turn turn, IkeSa sa, HalfOpen half, Path from, Message message) {
        ExchangeType due =
                half.awaitsIntermediate() ? ExchangeType.IKE_INTERMEDIATE : ExchangeType.IKE_AUTH;
        ResponseWindow.Place place =
                sa.responses().place(message.header().messageId(), message.octets().array());
        if (place == ResponseWindow.Place.ANSWERED) {
            turn.count(Counter.RETRANSMITTED_RESPONSE);
            turn.send(from, sa.responses().lastResponse());
            return;
        }
        if (message.header().exchange() != due || place != ResponseWindow.Place.DUE) {
            turn.count(Counter.DROPPED_WRONG_STATE);
            return;
        }
        if (!sa.hasKeys() && !ResponderKeys.derive(turn, sa, half)) {
            return;
        }
        IntAuth intAuth = half.intAuth();
        if (intAuth != null && due == ExchangeType.IKE_INTERMEDIATE) {
            IntermediateResponder.onRequest(turn, sa, half, intAuth, from, message);
            return;
        }
        switch (Fragments.open(turn, sa, message)) {
            case null -> {}
            case Opened.Forged _ -> turn.count(Counter.DROPPED_NOT_AUTHENTIC);
            case Opened.AuthenticButMalformed _ -> {
                turn.count(Counter.REFUSED_INVALID_SYNTAX);
                refuse(turn, sa, half, message, Payload.Notify.of(NotifyType.INVALID_SYNTAX));
            }
            case Opened.Authentic authentic -> {
                sa.movePath(turn, from);
                sa.showLife(turn);
                onPayloads(turn, sa, half, message, authentic.payloads());
            }
        }
    }

    private static void onPayloads(
            Turn turn, IkeSa sa, HalfOpen half, Message message, List<Payload> payloads) {
        Integer critical = Message.findUnknownCritical(payloads);
        if (critical != null) {
            refuseCritical(turn, sa, half, message, critical);
            return;
        }
        boolean wantsEap =
                half.resumed() == null
                        && Message.find(payloads, Payload.Authentication.class) == null;
        if (wantsEap && EapResponder.begin(turn, sa, half, message, payloads)) {
            return;
        }
        List<Payload> settled = PpkResponder.settle(turn, sa, half, payloads);
        PeerProof proof = settled == null ? null : PeerProof.judge(turn, sa, half, settled);
        if (proof == null) {
            turn.count(Counter.REFUSED_AUTHENTICATION);
            refuse(turn, sa, half, message, Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED));
            return;
        }
        AwaitingRevocation.settle(
                turn,
                sa,
                proof,
                (later, refused) -> {
                    if (refused) {
                        later.count(Counter.REFUSED_AUTHENTICATION);
                        refuse(
                                later,
                                sa,
                                half,
                                message,
                                Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED));
                    } else {
                        onProof(later, sa, half, message, payloads, proof);
                    }
                });
    }

    /// The peer is who it claims to be; what its first request asks for is looked at now.
    ///
    /// @param message the request to answer: the first, or the last after EAP
    static void onProof(
            Turn turn,
            IkeSa sa,
            HalfOpen half,
            Message message,
            List<Payload> payloads,
            PeerProof proof) {
        if (half.resumed() == null && !InitialContact.admits(turn, sa, payloads, proof)) {
            turn.count(Counter.REFUSED_NOT_UNIQUE);
            refuse(turn, sa, half, message, Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED));
            return;
        }
        if (!PpkResponder.satisfies(turn, sa, half, proof)) {
            turn.count(Counter.REFUSED_PPK);
            refuse(turn, sa, half, message, Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED));
            return;
        }
        if (ChildlessExchange.isForbidden(half, proof, payloads)) {
            turn.count(Counter.REFUSED_INVALID_SYNTAX);
            refuse(turn, sa, half, message, Payload.Notify.of(NotifyType.INVALID_SYNTAX));
            return;
        }
        Request request = new Request(half, message, payloads, proof);
        Payload redirect = RedirectResponder.onProof(turn, sa, half);
        if (redirect != null) {
            authenticate(turn, sa, request, List.of());
            announce(turn, sa, request);
            respond(turn, sa, request, List.of(redirect));
            RedirectResponder.awaitDelete(turn, sa);
            return;
        }
        AddressRequest addresses =
                AddressRequest.of(Message.find(payloads, Payload.Configuration.class));
        if (addresses == null || !proof.profile().assignsAddresses()) {
            perform(turn, sa, request, List.of(), List.of());
            return;
        }
        long patience = turn.now().nanos() + LEASE_PATIENCE_NANOS;
        sa.enter(
                turn,
                new AwaitingLease(
                        (later, waiting, answer) ->
                                onLease(later, waiting, request, addresses, answer),
                        (later, waiting) ->
                                Deadline.expire(later, waiting, Counter.EXPIRED_HALF_OPEN),
                        null,
                        patience));
        turn.ask(
                sa,
                new Ask.LeaseAddresses(
                        proof.profile().name(),
                        proof.sessionId(),
                        proof.identity(),
                        addresses.wanted(),
                        addresses.ipv4(),
                        addresses.ipv6(),
                        proof.aaaAttributes(),
                        half.resumed() == null
                                ? Predecessor.session(
                                        turn, sa, proof.identity(), addresses.wanted())
                                : Octets.EMPTY));
    }

    /// A verified request on its way to its answer.
    private record Request(
            HalfOpen half, Message message, List<Payload> payloads, PeerProof proof) {}

    private static void onLease(
            Turn turn, IkeSa sa, Request request, AddressRequest asked, Answer answer) {
        Session resumed = request.half().resumed();
        if (resumed != null && turn.revocations().covers(resumed)) {
            turn.count(Counter.REFUSED_TICKET_REVOKED);
            Payload.Notify notify = Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED);
            refuse(turn, sa, request.half(), request.message(), notify);
            return;
        }
        if (answer instanceof Answer.AddressesLeased leased && !leased.addresses().isEmpty()) {
            perform(
                    turn,
                    sa,
                    request,
                    leased.addresses(),
                    asked.granted(leased.attributes(), request.proof().profile().localSelectors()));
        } else {
            turn.count(Counter.REFUSED_ADDRESS);
            authenticate(turn, sa, request, List.of());
            refuseChildSa(turn, sa, request, NotifyType.INTERNAL_ADDRESS_FAILURE);
        }
    }

    private static void perform(
            Turn turn,
            IkeSa sa,
            Request request,
            List<InetAddress> addresses,
            List<ConfigurationAttribute> attributes) {
        HalfOpen half = request.half();
        ResponderProfile profile = request.proof().profile();
        ChildOffer offer = ChildOffer.of(request.payloads());
        ProposalSelector.ChosenEsp chosen =
                offer == null
                        ? null
                        : ProposalSelector.chooseEsp(profile.espSuites(), offer.proposals());
        List<ConfigurationAttribute> reply =
                addresses.isEmpty() ? List.of() : AddressRequest.reply(addresses, attributes);
        authenticate(turn, sa, request, reply);
        if (half.resumed() == null && ChildlessExchange.isMeant(request.payloads())) {
            announce(turn, sa, request);
            grant(turn, sa, request, reply, List.of());
            return;
        }
        if (offer == null || chosen == null) {
            turn.count(Counter.REFUSED_NO_PROPOSAL_CHOSEN);
            refuseChildSa(turn, sa, request, NotifyType.NO_PROPOSAL_CHOSEN);
            return;
        }
        ChildSa child = offer.narrow(turn.newEspSpi(), chosen, profile, sa.path(), addresses);
        if (child == null) {
            turn.count(Counter.REFUSED_TS_UNACCEPTABLE);
            refuseChildSa(turn, sa, request, NotifyType.TS_UNACCEPTABLE);
            return;
        }
        ChildSaKeys.install(turn, sa, child, half.suite(), half.ni(), half.nr(), addresses);
        // A resume ends the IKE SA that it carries on from in this same turn.
        if (half.resumed() != null || !Predecessor.carriesOn(turn, sa, child)) {
            sa.children().used(turn, child.inboundSpi());
        }
        announce(turn, sa, request);
        grant(turn, sa, request, reply, ChildOffer.answer(child, chosen));
    }

    /// The answer, with what the peer has asked for beside its Child SA.
    private static void grant(
            Turn turn,
            IkeSa sa,
            Request request,
            List<ConfigurationAttribute> reply,
            List<Payload> child) {
        HalfOpen half = request.half();
        List<Payload> answer = new ArrayList<>();
        if (!reply.isEmpty()) {
            answer.add(new Payload.Configuration(Payload.Configuration.REPLY, reply));
        }
        answer.addAll(child);
        ResumptionPolicy policy = sa.relation().resumption();
        List<Payload> asked = EarlyAnnouncement.withAnnounced(half, request.payloads());
        StoredTickets.grant(
                turn,
                sa,
                new StoredTickets.Asked(asked, policy, half.peerSentVendorId()),
                (later, tickets) -> {
                    answer.addAll(
                            GatewayLists.answer(
                                    later, sa, asked, policy, half.peerSentVendorId(), tickets));
                    answer.addAll(
                            Vouching.shown(
                                    later, sa.relation().profile(), half.peerSentVendorId()));
                    respond(later, sa, request, answer);
                });
    }

    /// The IKE SA stands, and the peer learns why it gets no Child SA.
    private static void refuseChildSa(Turn turn, IkeSa sa, Request request, NotifyType reason) {
        announce(turn, sa, request);
        respond(turn, sa, request, List.of(Payload.Notify.of(reason)));
    }

    private static void authenticate(
            Turn turn, IkeSa sa, Request request, List<ConfigurationAttribute> configuration) {
        PeerProof proof = request.proof();
        HalfOpen half = request.half();
        Session resumed = half.resumed();
        Identity local = proof.localIdentity();
        Mobility.agree(turn, sa, request.payloads());
        sa.agreeOn(PpkResponder.extensionOf(sa, resumed));
        CrashToken.take(sa, request.payloads());
        CounterSync.agree(turn, sa, request.payloads());
        EstablishedSession session =
                new EstablishedSession(
                        proof.sessionId(),
                        // New keys and a switch count that begins with 0 again, as by a rekeying.
                        resumed == null ? 0 : resumed.generation() + 1,
                        0,
                        proof.initiator(),
                        local,
                        proof.identity(),
                        half.suite(),
                        SessionHash.first(
                                half.request(),
                                half.response(),
                                proof.initiator().body(),
                                local.body(),
                                half.intAuthOctets()),
                        configuration,
                        proof.method(),
                        resumed == null ? turn.now().epochSeconds() : resumed.authenticatedAt(),
                        AuthenticationLifetime.deadline(turn, resumed, proof),
                        proof.profile().name(),
                        turn.configuration().secureDomain(),
                        sa.extensions(),
                        proof.peerCertificate(),
                        proof.aaaAttributes(),
                        resumed == null ? List.of() : resumed.unknownPayloads());
        sa.enter(turn, new Established());
        sa.authenticated(turn, session, proof.profile());
    }

    /// Tells of the IKE SA, once the data plane has its Child SA; others of the same session end.
    private static void announce(Turn turn, IkeSa sa, Request request) {
        PeerProof proof = request.proof();
        boolean resumed = request.half().resumed() != null;
        turn.count(resumed ? Counter.ESTABLISHED_RESUMED_RFC_5723 : Counter.ESTABLISHED_FULL);
        turn.emit(
                new Event.IkeSaEstablished(
                        sa.handle(),
                        resumed ? Event.Origin.RESUMED_RFC_5723 : Event.Origin.FULL_EXCHANGE,
                        false,
                        proof.localIdentity(),
                        proof.identity(),
                        sa.path(),
                        sa.spiI(),
                        sa.spiR(),
                        0,
                        sa.sessionId(),
                        sa.innerAddresses(),
                        proof.profile().name()));
        proof.tellResumed(turn, sa);
        Confirmation.supersedeOthers(turn, sa);
    }

    /// IDr, AUTH, and what the Child SA came to.
    private static void respond(Turn turn, IkeSa sa, Request request, List<Payload> rest) {
        PeerProof proof = request.proof();
        List<Payload> payloads = new ArrayList<>();
        if (proof.method() != Payload.Authentication.EAP || request.half().resumed() != null) {
            // After EAP the peer knows IDr from the first answer.
            payloads.add(new Payload.IdResponder(proof.localIdentity()));
        }
        payloads.addAll(proof.ownAuthentication(sa, request.half()));
        payloads.addAll(PpkResponder.told(sa, request.half()));
        payloads.addAll(CrashToken.given(turn, sa));
        payloads.addAll(rest);
        payloads.addAll(AuthenticationLifetime.told(turn, sa));
        payloads.addAll(ProbingFloor.told(sa));
        payloads.addAll(Mobility.answered(turn, sa, request.payloads()));
        payloads.addAll(CounterSync.answered(turn, request.payloads()));
        Message message = request.message();
        sa.respond(turn, message.header(), message.octets().array(), payloads);
    }

    static void refuseCritical(
            Turn turn, IkeSa sa, HalfOpen half, Message message, int payloadType) {
        turn.count(Counter.REFUSED_CRITICAL_PAYLOAD);
        Octets type = Octets.of(new byte[] {(byte) payloadType});
        refuse(
                turn,
                sa,
                half,
                message,
                Payload.Notify.of(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, type));
    }

    /// Answers under SK with one payload; there is no IKE SA after it (RFC 7296 section 2.21.2),
    /// only the answer for whoever asks again.
    static void refuse(Turn turn, IkeSa sa, HalfOpen half, Message message, Payload told) {
        sa.respond(turn, message.header(), message.octets().array(), List.of(told));
        half.wipe();
        sa.forgetKeys();
        sa.enter(turn, new Refused(half.expiresAt()));
    }
}
