package dev.postern.ike.exchange;

import dev.postern.crypto.KeyDerivation;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Path;
import dev.postern.ike.Redirection;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.IkeKeys;
import dev.postern.ike.sa.NatDetection;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ike.sa.ResponseWindow;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// RFC 5723's IKE_SESSION_RESUME at the client, section 4.3.2; IKE_AUTH follows:
///
///     HDR(SPIi, 0), [N(COOKIE)], Ni, N(TICKET_OPAQUE), N(NAT_DETECTION_*), V   -->
///                                              <--   HDR(SPIi, SPIr), Nr, N(NAT_DETECTION_*), V
final class OpaqueResumeInitiator implements IkeSaState, FirstMessage {
    private final InitiatorProfile profile;
    private final ResumableSession resumable;
    private final IkeSuite suite;
    private final byte[] ni;
    private byte[] request = new byte[0];
    private int cookies;
    private @Nullable Hint hint;

    private OpaqueResumeInitiator(
            InitiatorProfile profile, ResumableSession resumable, IkeSuite suite, byte[] ni) {
        this.profile = profile;
        this.resumable = resumable;
        this.suite = suite;
        this.ni = ni;
    }

    @Override
    public @Nullable Hint hint() {
        return hint;
    }

    static void begin(
            Turn turn,
            long handle,
            InitiatorProfile profile,
            Path path,
            ResumableSession resumable) {
        IkeSuite suite = IkeSuite.ofChosen(resumable.session().ikeProposal());
        if (suite == null || !resumable.isValidAt(turn.now().epochSeconds())) {
            turn.emit(
                    new Event.IkeSaClosed(
                            handle,
                            CloseReason.TICKET_REFUSED,
                            suite == null
                                    ? "the session has no usable IKE proposal"
                                    : "the ticket has expired",
                            resumable.session().sessionId()));
            return;
        }
        OpaqueResumeInitiator state =
                new OpaqueResumeInitiator(
                        profile,
                        resumable,
                        suite,
                        turn.entropy().octets(SaInitInitiator.NONCE_LENGTH));
        IkeSa sa = new IkeSa(handle, turn.newIkeSpi(), 0, true, path, state, 0);
        sa.register(turn);
        state.transmit(turn, sa, null);
    }

    private void transmit(Turn turn, IkeSa sa, @Nullable Octets cookie) {
        List<Payload> payloads = new ArrayList<>();
        if (cookie != null) {
            payloads.add(Payload.Notify.of(NotifyType.COOKIE, cookie));
        }
        payloads.add(new Payload.Nonce(Octets.of(ni)));
        payloads.add(Payload.Notify.of(NotifyType.TICKET_OPAQUE, resumable.ticket()));
        payloads.addAll(
                NatDetection.notifications(
                        sa.localSpi(), 0, sa.path().local(), sa.path().remote()));
        payloads.addAll(Extensions.announced(turn.configuration()));
        if (resumable.session().has(Session.Extension.REDIRECT)) {
            payloads.addAll(RedirectInitiator.announced(Redirection.ACCEPTED));
        }
        payloads.add(Vendor.FAILOVER);
        Header header =
                new Header(sa.localSpi(), 0, ExchangeType.IKE_SESSION_RESUME, true, false, 0);
        request = MessageCodec.encode(header, payloads);
        sa.setWindows(new RequestWindow(0), new ResponseWindow(0));
        sa.requests()
                .sent(
                        ExchangeType.IKE_SESSION_RESUME,
                        request,
                        profile.resumeSchedule(),
                        turn.now().nanos());
        turn.send(sa.path(), request);
    }

    void onResponse(Turn turn, IkeSa sa, Message message) {
        Payload.Notify cookie = Message.findNotify(message.payloads(), NotifyType.COOKIE);
        Payload.Nonce nonce = Message.find(message.payloads(), Payload.Nonce.class);
        long spiR = message.header().spiR();
        if (Message.findUnknownCritical(message.payloads()) != null) {
            turn.count(Counter.REFUSED_CRITICAL_PAYLOAD);
        } else if (cookie != null && spiR == 0 && cookies < FirstMessage.MAXIMUM_COOKIES) {
            cookies++;
            OtherWays.settle(turn, sa);
            transmit(turn, sa, cookie.data());
        } else if (Message.findNotify(message.payloads(), NotifyType.TICKET_NACK) != null
                || Message.findError(message.payloads()) != null) {
            hint =
                    FirstMessage.note(
                            turn,
                            sa,
                            hint,
                            new Hint(
                                    CloseReason.TICKET_REFUSED,
                                    "the gateway refused the ticket, unprotected"));
        } else if (nonce == null || spiR == 0) {
            turn.count(Counter.DROPPED_UNWANTED_RESPONSE);
        } else {
            proceed(turn, sa, message, nonce.data().array());
        }
    }

    private void proceed(Turn turn, IkeSa sa, Message message, byte[] nr) {
        FirstMessage.answered(turn, sa);
        sa.requests().answered();
        sa.setPeerSpi(message.header().spiR());
        byte[] skeyseed =
                KeyDerivation.resumedSkeyseed(
                        suite.prf(), resumable.session().secret().expose(), ni, nr);
        IkeKeys.Context context =
                new IkeKeys.Context(
                        sa.spiI(),
                        sa.spiR(),
                        ni,
                        nr,
                        true,
                        turn.configuration().ivPrefix(),
                        turn.configuration().logsKeys());
        sa.setKeys(turn, IkeKeys.derive(suite, skeyseed, context));
        boolean vendor = Vendor.isNamedIn(message.payloads());
        sa.agreeOn(
                Extensions.agreed(turn.configuration(), message.payloads())
                        | (resumable.session().extensions() & Session.Extension.REDIRECT));
        sa.setWindows(new RequestWindow(1), new ResponseWindow(0));
        AuthInitiator.begin(
                turn,
                sa,
                new AuthInitiator.Context(
                        profile,
                        suite,
                        request,
                        message.octets().array(),
                        ni,
                        nr,
                        resumable.session(),
                        vendor,
                        null));
    }
}
