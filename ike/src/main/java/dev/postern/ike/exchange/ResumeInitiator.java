package dev.postern.ike.exchange;

import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.KeyAgreement;
import dev.postern.crypto.PayloadCipher;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Path;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.IkeKeys;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ike.sa.ResponseWindow;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.sa.ResumptionSecret;
import dev.postern.ike.sa.SessionHash;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ike.sa.SkProtection.Opened;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Message;
import dev.postern.wire.MessageId;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The 1-RTT resume at the client (failover profile, "The exchange"; draft-dondeti-ipsec-failover-sol-00 section 4.2.1):
///
///     HDR(SPIi, 0, MID = GSC | 0), [N(COOKIE)], N(IKEV2_TICKET), SK{ IDr, SA, Ni, [KEi], [CP], N(NAT_DETECTION_*) }  -->
///                  <--  HDR(SPIi, SPIr, MID = GSC | 0), SK{ IDr, SA, Nr, [KEr], TSi, TSr, [CP], N(IKEV2_TICKET) }
final class ResumeInitiator implements IkeSaState, FirstMessage {
    private final ResumeRequest request;
    private int cookies;
    private @Nullable Hint hint;

    private ResumeInitiator(ResumeRequest request) {
        this.request = request;
    }

    @Override
    public @Nullable Hint hint() {
        return hint;
    }

    @Override
    public void wipe() {
        request.wipe();
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
        if (suite == null || session.defaultChildSa() == null) {
            decline(turn, handle, session, CloseReason.TICKET_REFUSED, "the session is unusable");
            return;
        }
        if (!resumable.isValidAt(turn.now().epochSeconds())) {
            decline(turn, handle, session, CloseReason.TICKET_REFUSED, "the ticket has expired");
            return;
        }
        if (resumable.isExhausted()) {
            decline(
                    turn,
                    handle,
                    session,
                    CloseReason.EXHAUSTED,
                    "the session's gateway switch count is "
                            + resumable.lastSwitchCount()
                            + " of at most "
                            + MessageId.MAXIMUM_SWITCH_COUNT);
            return;
        }
        ResumeRequest request = new ResumeRequest(turn, profile, resumable, suite, path);
        ResumeInitiator state = new ResumeInitiator(request);
        IkeSa sa = new IkeSa(handle, request.spiI(), 0, true, path, state, request.messageId());
        sa.register(turn);
        ResumeKeyLog.request(
                turn, suite, session.secret(), request.spiI(), request.gatewaySwitchCount());
        state.transmit(turn, sa, null);
    }

    private static void decline(
            Turn turn, long handle, Session session, CloseReason reason, String detail) {
        turn.emit(new Event.IkeSaClosed(handle, reason, detail, session.sessionId()));
    }

    private void transmit(Turn turn, IkeSa sa, @Nullable Octets cookie) {
        byte[] octets = request.seal(turn, cookie);
        sa.setWindows(
                new RequestWindow(request.messageId()), new ResponseWindow(request.messageId()));
        sa.requests()
                .sent(
                        ExchangeType.IKE_SESSION_RESUME_1RTT,
                        octets,
                        request.profile().resumeSchedule(),
                        turn.now().nanos());
        turn.send(sa.path(), octets);
    }

    void onResponse(Turn turn, IkeSa sa, Message message) {
        Payload.Encrypted sk = message.encrypted();
        if (sk == null) {
            onUnprotected(turn, sa, message);
            return;
        }
        long spiR = message.header().spiR();
        int count = request.gatewaySwitchCount();
        Opened opened = new Opened.Forged();
        if (spiR != 0) {
            try (PayloadCipher cipher =
                    ResumptionSecret.responseCipher(
                            request.suite(), request.secret(), sa.localSpi(), spiR, count)) {
                opened = SkProtection.open(message, sk, cipher);
            }
        }
        switch (opened) {
            case Opened.Forged _ -> turn.count(Counter.DROPPED_NOT_AUTHENTIC);
            case Opened.AuthenticButMalformed malformed ->
                    sa.close(
                            turn,
                            CloseReason.SYNTAX,
                            "the gateway's answer is malformed: " + malformed.malformation(),
                            false);
            case Opened.Authentic authentic -> {
                ResumeKeyLog.response(
                        turn, request.suite(), request.secret(), sa.localSpi(), spiR, count);
                onAuthentic(turn, sa, spiR, authentic.payloads());
            }
        }
    }

    /// A COOKIE is answered, a few times at most; TICKET_NACK in clear text is a hint, the ticket
    /// is kept.
    private void onUnprotected(Turn turn, IkeSa sa, Message message) {
        Payload.Notify cookie = Message.findNotify(message.payloads(), NotifyType.COOKIE);
        boolean fromNobody = message.header().spiR() == 0;
        if (cookie != null && fromNobody && cookies < MAXIMUM_COOKIES) {
            cookies++;
            OtherWays.settle(turn, sa);
            transmit(turn, sa, cookie.data());
        } else if (Message.findNotify(message.payloads(), NotifyType.TICKET_NACK) != null) {
            hint =
                    FirstMessage.note(
                            turn,
                            sa,
                            hint,
                            new Hint(
                                    CloseReason.TICKET_REFUSED,
                                    "the gateway answered TICKET_NACK, unprotected"));
        } else {
            turn.count(Counter.DROPPED_NOT_PROTECTED);
        }
    }

    private void onAuthentic(Turn turn, IkeSa sa, long spiR, List<Payload> payloads) {
        switch (ResumeAnswer.judge(request, payloads)) {
            case ResumeAnswer.Refused refused when isPerhapsAnothers(refused.reason()) ->
                    hint =
                            FirstMessage.await(
                                    turn, sa, hint, new Hint(refused.reason(), refused.detail()));
            case ResumeAnswer.Refused refused -> {
                FirstMessage.answered(turn, sa);
                sa.close(turn, refused.reason(), refused.detail(), false);
            }
            case ResumeAnswer.Elsewhere(GatewayList.Entry gateway) -> {
                FirstMessage.answered(turn, sa);
                RedirectInitiator.onResume(turn, sa, gateway);
            }
            case ResumeAnswer.Accepted answer -> {
                FirstMessage.answered(turn, sa);
                sa.setPeerSpi(spiR);
                agree(turn, sa, answer, payloads);
            }
        }
    }

    /// A gateway that was not meant, and got a copy of the request from somebody, says so under SK,
    /// or answers in its own name: the one that was meant may answer yet.
    private static boolean isPerhapsAnothers(CloseReason reason) {
        return reason == CloseReason.AUTHENTICATION_FAILED
                || reason == CloseReason.UNEXPECTED_IDENTITY;
    }

    private void agree(Turn turn, IkeSa sa, ResumeAnswer.Accepted answer, List<Payload> payloads) {
        KeyAgreement own = request.keyAgreement();
        Payload.KeyExchange ke = answer.keyExchange();
        if (own == null || ke == null) {
            establish(turn, sa, answer, payloads, null);
            return;
        }
        try (SecretBytes shared = own.agree(ke.data().array())) {
            establish(turn, sa, answer, payloads, shared);
        } catch (InvalidKeyExchangeException e) {
            sa.close(
                    turn,
                    CloseReason.INVALID_KE_PAYLOAD,
                    "the gateway's KEr is unusable: " + e.getMessage(),
                    false);
        }
    }

    private void establish(
            Turn turn,
            IkeSa sa,
            ResumeAnswer.Accepted answer,
            List<Payload> payloads,
            @Nullable SecretBytes shared) {
        InitiatorProfile profile = request.profile();
        IkeSuite suite = request.suite();
        int count = request.gatewaySwitchCount();
        byte[] skeyseed =
                ResumptionSecret.skeyseed(
                        suite.prf(), request.secret(), shared, request.ni(), answer.nr());
        IkeKeys.Context context =
                new IkeKeys.Context(
                        sa.spiI(),
                        sa.spiR(),
                        request.ni(),
                        answer.nr(),
                        true,
                        turn.configuration().ivPrefix(),
                        turn.configuration().logsKeys());
        sa.setKeys(turn, IkeKeys.derive(suite, skeyseed, context));
        EstablishedSession session = session(sa, answer);
        sa.setWindows(
                new RequestWindow(MessageId.of(count, 1)),
                new ResponseWindow(MessageId.of(count, 0)));
        sa.enter(turn, new Established());
        sa.authenticated(turn, session, profile);
        request.wipe();
        ChildSaKeys.install(turn, sa, answer.child(), suite, request.ni(), answer.nr(), List.of());
        sa.children().used(turn, answer.child().inboundSpi());
        AuthInitiator.tellNetwork(turn, sa, session.configuration());
        turn.emit(
                new Event.IkeSaEstablished(
                        sa.handle(),
                        Event.Origin.RESUMED_1RTT,
                        false,
                        session.initiator(),
                        answer.gateway(),
                        sa.path(),
                        sa.spiI(),
                        sa.spiR(),
                        count,
                        session.sessionId(),
                        session.innerAddresses(),
                        profile.name()));
        if (!Tickets.receive(turn, sa, payloads, profile.resumption(), true)) {
            TicketRenewal.begin(turn, sa, payloads);
        }
        GatewayLists.receive(turn, sa, payloads);
        Vouching.receive(sa, payloads);
        CrashToken.take(sa, payloads);
        CrashToken.intend(turn, sa);
        ProbingFloor.receive(sa, payloads);
        AfterResume.plan(turn, sa, request.old(), shared != null);
        // Something must verify under the new keys at the gateway; with nothing to send, this does.
        Informational.probe(turn, sa, profile.resumeSchedule());
    }

    private EstablishedSession session(IkeSa sa, ResumeAnswer.Accepted answer) {
        Session old = request.old();
        SessionHash.Resume resume =
                new SessionHash.Resume(
                        sa.spiI(),
                        sa.spiR(),
                        request.gatewaySwitchCount(),
                        request.ni(),
                        answer.nr(),
                        request.keyExchange(),
                        answer.keyExchange(),
                        old.initiator().body(),
                        answer.gateway().body());
        return EstablishedSession.of(old, request.suite())
                .resumed(
                        resume,
                        answer.gateway(),
                        answer.gateway(),
                        request.profile().name(),
                        answer.configuration());
    }
}
