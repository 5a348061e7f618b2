package dev.postern.ike.exchange;

import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.KeyAgreement;
import dev.postern.crypto.PayloadCipher;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Path;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.negotiate.AddressRequest;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.negotiate.ProposalSelector;
import dev.postern.ike.negotiate.TrafficSelectorNarrowing;
import dev.postern.ike.sa.ChildSa;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.IkeKeys;
import dev.postern.ike.sa.IvSequence;
import dev.postern.ike.sa.NatDetection;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ike.sa.ResponseWindow;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.sa.ResumptionSecret;
import dev.postern.ike.sa.SessionHash;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ike.sa.SkProtection.Opened;
import dev.postern.ticket.Session;
import dev.postern.ticket.SessionChildSa;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.MessageId;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Proposal;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The 1-RTT resume at the client (failover profile, "The exchange"; draft-dondeti-ipsec-failover-sol-00 section 4.2.1):
///
///     HDR(SPIi, 0, MID = GSC | 0), [N(COOKIE)], N(IKEV2_TICKET), SK{ IDr, SA, Ni, [KEi], [CP], N(NAT_DETECTION_*) }  -->
///                  <--  HDR(SPIi, SPIr, MID = GSC | 0), SK{ IDr, SA, Nr, [KEr], TSi, TSr, [CP], N(IKEV2_TICKET) }
///
/// Every attempt has a fresh SPIi, hence keys of its own. Only the COOKIE case seals again under the same keys, with the
/// next IV.
final class ResumeInitiator implements IkeSaState, FirstMessage {
    private final InitiatorProfile profile;
    private final ResumableSession resumable;
    private final IkeSuite suite;
    private final int gatewaySwitchCount;
    private final int inboundSpi;
    private final byte[] ni;
    private final @Nullable KeyAgreement keyAgreement;
    private final PayloadCipher requestCipher;
    private final IvSequence requestIvs;
    private final List<Payload> inner;
    private boolean answeredCookie;
    private @Nullable Hint hint;

    private ResumeInitiator(
            Turn turn,
            InitiatorProfile profile,
            ResumableSession resumable,
            IkeSuite suite,
            long spiI,
            Path path) {
        this.profile = profile;
        this.resumable = resumable;
        this.suite = suite;
        this.gatewaySwitchCount = resumable.session().gatewaySwitchCount() + 1;
        this.inboundSpi = turn.newEspSpi();
        this.ni = turn.entropy().octets(SaInitInitiator.NONCE_LENGTH);
        this.keyAgreement =
                profile.resumption().keyExchange() == KeyExchangeInResume.REQUIRED
                        ? suite.keyExchange().generate(turn.entropy())
                        : null;
        this.requestCipher =
                ResumptionSecret.requestCipher(
                        suite, resumable.session().secret(), spiI, gatewaySwitchCount);
        this.requestIvs = new IvSequence(turn.configuration().ivPrefix());
        this.inner = innerPayloads(spiI, path);
    }

    @Override
    public @Nullable Hint hint() {
        return hint;
    }

    /// Begins a resume; a session that cannot be resumed this way ends at once with its reason.
    static void begin(
            Turn turn,
            long handle,
            InitiatorProfile profile,
            Path path,
            ResumableSession resumable) {
        Session session = resumable.session();
        IkeSuite suite = IkeSuite.ofChosen(session.ikeProposal());
        if (suite == null
                || session.defaultChildSa() == null
                || session.gatewaySwitchCount() >= MessageId.MAXIMUM_SWITCH_COUNT) {
            turn.emit(
                    new Event.IkeSaClosed(
                            handle,
                            CloseReason.EXHAUSTED,
                            "the session's gateway switch count is "
                                    + session.gatewaySwitchCount()
                                    + " of at most "
                                    + MessageId.MAXIMUM_SWITCH_COUNT,
                            session.sessionId()));
            return;
        }
        long spiI = turn.newIkeSpi();
        ResumeInitiator state = new ResumeInitiator(turn, profile, resumable, suite, spiI, path);
        int messageId = MessageId.of(state.gatewaySwitchCount, 0);
        IkeSa sa = new IkeSa(handle, spiI, 0, true, path, state, messageId);
        sa.register(turn);
        ResumeKeyLog.request(turn, suite, session.secret(), spiI, state.gatewaySwitchCount);
        state.transmit(turn, sa, null);
    }

    private void transmit(Turn turn, IkeSa sa, @Nullable Octets cookie) {
        int messageId = MessageId.of(gatewaySwitchCount, 0);
        List<Payload> clear = new ArrayList<>(2);
        if (cookie != null) {
            clear.add(Payload.Notify.of(NotifyType.COOKIE, cookie));
        }
        clear.add(Payload.Notify.of(NotifyType.IKEV2_TICKET, Tickets.present(resumable.ticket())));
        Header header =
                new Header(
                        sa.localSpi(),
                        0,
                        ExchangeType.IKE_SESSION_RESUME_1RTT,
                        true,
                        false,
                        messageId);
        byte[] request =
                SkProtection.seal(header, clear, inner, requestCipher, requestIvs, turn.entropy());
        sa.setWindows(new RequestWindow(messageId), new ResponseWindow(messageId));
        sa.requests()
                .sent(
                        ExchangeType.IKE_SESSION_RESUME_1RTT,
                        request,
                        profile.resumeSchedule(),
                        turn.now().nanos());
        turn.send(sa.path(), request);
    }

    /// The first payload is never a notification (draft section 4.2.3).
    private List<Payload> innerPayloads(long spiI, Path path) {
        List<Payload> payloads = new ArrayList<>();
        Identity meant =
                profile.namedGateway() != null
                        ? profile.namedGateway()
                        : Identity.fqdn(profile.secureDomain());
        payloads.add(new Payload.IdResponder(meant));
        List<Proposal> proposals = new ArrayList<>();
        for (EspSuite esp : offeredSuites()) {
            proposals.add(esp.toProposal(proposals.size() + 1, Octets.ofInt(inboundSpi)));
        }
        payloads.add(new Payload.SecurityAssociation(proposals));
        payloads.add(new Payload.Nonce(Octets.of(ni)));
        if (keyAgreement != null) {
            payloads.add(
                    new Payload.KeyExchange(
                            keyAgreement.method().transformId(),
                            Octets.of(keyAgreement.publicData())));
        }
        List<java.net.InetAddress> old =
                EstablishedSession.innerAddresses(resumable.session().configuration());
        if (!old.isEmpty()) {
            payloads.add(AddressRequest.toPayload(old));
        }
        payloads.addAll(NatDetection.notifications(spiI, 0, path.local(), path.remote()));
        return payloads;
    }

    /// The session's own suite, as long as our policy still allows it.
    private List<EspSuite> offeredSuites() {
        SessionChildSa child = resumable.session().defaultChildSa();
        EspSuite own = child == null ? null : EspSuite.ofChosen(child.proposal());
        return own != null && profile.espSuites().contains(own)
                ? List.of(own)
                : profile.espSuites();
    }

    void onResponse(Turn turn, IkeSa sa, Message message) {
        Payload.Encrypted sk = message.encrypted();
        if (sk == null) {
            onUnprotected(turn, sa, message);
            return;
        }
        long spiR = message.header().spiR();
        SecretBytes rs = resumable.session().secret();
        Opened opened;
        try (PayloadCipher cipher =
                ResumptionSecret.responseCipher(
                        suite, rs, sa.localSpi(), spiR, gatewaySwitchCount)) {
            opened = spiR == 0 ? new Opened.Forged() : SkProtection.open(message, sk, cipher);
        }
        switch (opened) {
            case Opened.Forged _ -> turn.count(Counter.DROPPED_NOT_AUTHENTIC);
            case Opened.AuthenticButMalformed malformed ->
                    end(
                            turn,
                            sa,
                            CloseReason.SYNTAX,
                            "the gateway's answer is malformed: " + malformed.malformation());
            case Opened.Authentic authentic -> {
                ResumeKeyLog.response(turn, suite, rs, sa.localSpi(), spiR, gatewaySwitchCount);
                onAuthentic(turn, sa, spiR, authentic.payloads());
            }
        }
    }

    /// COOKIE is answered once; TICKET_NACK in clear text is a hint, the ticket is kept.
    private void onUnprotected(Turn turn, IkeSa sa, Message message) {
        Payload.Notify cookie = Message.findNotify(message.payloads(), NotifyType.COOKIE);
        if (cookie != null && message.header().spiR() == 0 && !answeredCookie) {
            answeredCookie = true;
            transmit(turn, sa, cookie.data());
        } else if (Message.findNotify(message.payloads(), NotifyType.TICKET_NACK) != null) {
            hint =
                    new Hint(
                            CloseReason.TICKET_REFUSED,
                            "the gateway answered TICKET_NACK, unprotected");
        } else {
            turn.count(Counter.DROPPED_NOT_PROTECTED);
        }
    }

    private void onAuthentic(Turn turn, IkeSa sa, long spiR, List<Payload> payloads) {
        Payload.Notify error = Message.findError(payloads);
        Payload.Notify refusedTicket = Message.findNotify(payloads, NotifyType.TICKET_NACK);
        Payload.IdResponder id = Message.find(payloads, Payload.IdResponder.class);
        Payload.SecurityAssociation chosen =
                Message.find(payloads, Payload.SecurityAssociation.class);
        Payload.Nonce nonce = Message.find(payloads, Payload.Nonce.class);
        if (refusedTicket != null) {
            end(turn, sa, CloseReason.TICKET_REFUSED, "the gateway refused the ticket");
        } else if (error != null) {
            end(turn, sa, reasonOf(error), "the gateway answered " + NotifyType.name(error.type()));
        } else if (id == null
                || chosen == null
                || nonce == null
                || payloads.getFirst() instanceof Payload.Notify) {
            end(turn, sa, CloseReason.SYNTAX, "the gateway's answer lacks IDr, SA or Nr");
        } else if (!profile.acceptedGateways().contains(id.identity())) {
            end(
                    turn,
                    sa,
                    CloseReason.UNEXPECTED_IDENTITY,
                    "the gateway is "
                            + id.identity()
                            + ", accepted are "
                            + profile.acceptedGateways());
        } else {
            agree(
                    turn,
                    sa,
                    spiR,
                    payloads,
                    new Answer(id.identity(), chosen, nonce.data().array()));
        }
    }

    private record Answer(Identity gateway, Payload.SecurityAssociation chosen, byte[] nr) {}

    private static CloseReason reasonOf(Payload.Notify error) {
        return switch (NotifyType.of(error.type())) {
            case TEMPORARY_FAILURE -> CloseReason.TEMPORARY_FAILURE;
            case INVALID_KE_PAYLOAD -> CloseReason.INVALID_KE_PAYLOAD;
            case AUTHENTICATION_FAILED -> CloseReason.AUTHENTICATION_FAILED;
            case null, default -> AuthInitiator.childFailure(error);
        };
    }

    private void agree(Turn turn, IkeSa sa, long spiR, List<Payload> payloads, Answer answer) {
        Payload.KeyExchange ke = Message.find(payloads, Payload.KeyExchange.class);
        if ((ke == null) != (keyAgreement == null)
                || (ke != null && ke.method() != suite.keyExchange().transformId())) {
            end(
                    turn,
                    sa,
                    CloseReason.INVALID_KE_PAYLOAD,
                    "the gateway's answer and our request differ in KE");
            return;
        }
        if (keyAgreement == null || ke == null) {
            establish(turn, sa, spiR, payloads, answer, null);
            return;
        }
        try (SecretBytes shared = keyAgreement.agree(ke.data().array())) {
            establish(turn, sa, spiR, payloads, answer, shared);
        } catch (InvalidKeyExchangeException e) {
            end(
                    turn,
                    sa,
                    CloseReason.INVALID_KE_PAYLOAD,
                    "the gateway's KEr is unusable: " + e.getMessage());
        }
    }

    private void establish(
            Turn turn,
            IkeSa sa,
            long spiR,
            List<Payload> payloads,
            Answer answer,
            @Nullable SecretBytes shared) {
        EspSuite esp = ProposalSelector.verifyEsp(offeredSuites(), answer.chosen().proposals());
        SessionChildSa old = resumable.session().defaultChildSa();
        Payload.TsInitiator tsI = Message.find(payloads, Payload.TsInitiator.class);
        Payload.TsResponder tsR = Message.find(payloads, Payload.TsResponder.class);
        if (esp == null || old == null) {
            end(
                    turn,
                    sa,
                    CloseReason.NO_PROPOSAL_CHOSEN,
                    "the gateway chose an ESP proposal that was not offered");
            return;
        }
        List<TrafficSelector> initiatorSelectors =
                tsI == null ? old.initiatorSelectors() : tsI.selectors();
        List<TrafficSelector> responderSelectors =
                tsR == null ? old.responderSelectors() : tsR.selectors();
        if (!TrafficSelectorNarrowing.isSubset(responderSelectors, profile.remoteSelectors())) {
            end(
                    turn,
                    sa,
                    CloseReason.TS_UNACCEPTABLE,
                    "the gateway chose selectors "
                            + responderSelectors
                            + " beyond what was offered");
            return;
        }
        sa.setPeerSpi(spiR);
        byte[] skeyseed =
                ResumptionSecret.skeyseed(
                        suite.prf(), resumable.session().secret(), shared, ni, answer.nr());
        IkeKeys.Context context =
                new IkeKeys.Context(
                        sa.spiI(),
                        spiR,
                        ni,
                        answer.nr(),
                        true,
                        turn.configuration().ivPrefix(),
                        turn.configuration().logsKeys());
        sa.setKeys(turn, IkeKeys.derive(suite, skeyseed, context));
        int outboundSpi = answer.chosen().proposals().getFirst().spi().toInt();
        ChildSa child =
                new ChildSa(inboundSpi, outboundSpi, esp, initiatorSelectors, responderSelectors);
        finish(turn, sa, answer, child, payloads);
    }

    private void finish(Turn turn, IkeSa sa, Answer answer, ChildSa child, List<Payload> payloads) {
        Session old = resumable.session();
        Payload.Configuration reply = Message.find(payloads, Payload.Configuration.class);
        List<ConfigurationAttribute> configuration =
                reply == null ? old.configuration() : reply.attributes();
        EstablishedSession session =
                new EstablishedSession(
                        old.sessionId(),
                        old.generation(),
                        gatewaySwitchCount,
                        old.initiator(),
                        answer.gateway(),
                        answer.gateway(),
                        suite,
                        SessionHash.resumed(
                                old.sessionHash(),
                                new SessionHash.Resume(
                                        sa.spiI(),
                                        sa.spiR(),
                                        gatewaySwitchCount,
                                        ni,
                                        answer.nr(),
                                        keyAgreement == null
                                                ? null
                                                : keBody(keyAgreement.publicData()),
                                        peerKeBody(payloads),
                                        old.initiator().body(),
                                        answer.gateway().body())),
                        configuration,
                        old.authenticationMethod(),
                        old.authenticatedAt(),
                        old.hardDeadline(),
                        profile.name(),
                        old.domain(),
                        old.extensions(),
                        old.aaaAttributes(),
                        old.unknownPayloads());
        sa.setWindows(
                new RequestWindow(MessageId.of(gatewaySwitchCount, 1)),
                new ResponseWindow(MessageId.of(gatewaySwitchCount, 0)));
        sa.enter(turn, new Established());
        sa.authenticated(turn, session, profile.liveness());
        wipe();
        ChildSaKeys.install(turn, sa, child, suite, ni, answer.nr(), List.of());
        turn.add(new Effect.ActivateChildSa(child.inboundSpi()));
        turn.emit(
                new Event.IkeSaEstablished(
                        sa.handle(),
                        Event.Origin.RESUMED_1RTT,
                        false,
                        session.initiator(),
                        answer.gateway(),
                        sa.path(),
                        gatewaySwitchCount,
                        session.sessionId(),
                        session.innerAddresses(),
                        profile.name()));
        Tickets.receive(turn, sa, payloads, profile.resumption(), true);
        // Something must verify under the new keys at the gateway; with nothing to send, this does.
        Informational.probe(turn, sa, profile.resumeSchedule());
    }

    private byte[] keBody(byte[] publicData) {
        return ResumePerform.keBody(suite.keyExchange().transformId(), publicData);
    }

    private byte @Nullable [] peerKeBody(List<Payload> payloads) {
        Payload.KeyExchange ke = Message.find(payloads, Payload.KeyExchange.class);
        return ke == null ? null : keBody(ke.data().array());
    }

    private void end(Turn turn, IkeSa sa, CloseReason reason, String detail) {
        wipe();
        sa.close(turn, reason, detail, false);
    }

    private void wipe() {
        requestCipher.close();
        if (keyAgreement != null) {
            keyAgreement.close();
        }
    }
}
