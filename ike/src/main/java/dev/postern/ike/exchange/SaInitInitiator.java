package dev.postern.ike.exchange;

import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.KeyAgreement;
import dev.postern.crypto.KeyDerivation;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Input;
import dev.postern.ike.Path;
import dev.postern.ike.Redirection;
import dev.postern.ike.guard.Puzzle;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.negotiate.ProposalSelector;
import dev.postern.ike.sa.IkeKeys;
import dev.postern.ike.sa.IntAuth;
import dev.postern.ike.sa.NatDetection;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ike.sa.ResponseWindow;
import dev.postern.ike.sa.SignatureAuthentication;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Proposal;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// IKE_SA_INIT at the initiator, RFC 7296 section 1.2:
///
///     HDR(SPIi, 0), [N(COOKIE)], SAi1, KEi, Ni, N(NAT_DETECTION_*), V   -->
///                                              <--   HDR, SAr1, KEr, Nr, N(NAT_DETECTION_*), V
final class SaInitInitiator implements IkeSaState, FirstMessage {
    static final int NONCE_LENGTH = 32;

    /// A responder that keeps asking for cookies or other groups does not want us.
    private static final int MAXIMUM_RESTARTS = 4;

    private final InitiatorProfile profile;
    private final Redirection redirection;
    private final boolean unlessResumable;
    private final byte[] ni;
    private final int restarts;
    private final KeyAgreement keyAgreement;
    private final @Nullable Octets cookie;
    private final @Nullable Octets solution;
    private final byte[] request;
    private @Nullable Hint hint;

    private SaInitInitiator(
            InitiatorProfile profile,
            Redirection redirection,
            boolean unlessResumable,
            byte[] ni,
            int restarts,
            KeyAgreement keyAgreement,
            @Nullable Octets cookie,
            @Nullable Octets solution,
            long spiI,
            Path path,
            List<Payload> extensions) {
        this.profile = profile;
        this.redirection = redirection;
        this.unlessResumable = unlessResumable;
        this.ni = ni;
        this.restarts = restarts;
        this.keyAgreement = keyAgreement;
        this.cookie = cookie;
        this.solution = solution;
        this.request = encode(spiI, path, extensions);
    }

    @Override
    public @Nullable Hint hint() {
        return hint;
    }

    static void begin(Turn turn, Input.Initiate initiate) {
        InitiatorProfile profile = initiate.profile();
        Path path = initiate.path();
        KeyExchangeMethod method = profile.ikeSuites().getFirst().keyExchange();
        long spiI = turn.newIkeSpi();
        SaInitInitiator state =
                new SaInitInitiator(
                        profile,
                        initiate.redirection(),
                        initiate.unlessResumable(),
                        turn.entropy().octets(NONCE_LENGTH),
                        0,
                        method.generate(turn.entropy()),
                        null,
                        null,
                        spiI,
                        path,
                        announced(turn, profile));
        IkeSa sa = new IkeSa(initiate.handle(), spiI, 0, true, path, state, 0);
        sa.register(turn);
        if (initiate.redirection().accepted()) {
            sa.agreeOn(Session.Extension.REDIRECT);
        }
        state.transmit(turn, sa);
    }

    private static List<Payload> announced(Turn turn, InitiatorProfile profile) {
        List<Payload> payloads =
                new ArrayList<>(Extensions.announced(turn.configuration(), profile.ikeSuites()));
        payloads.addAll(PpkInitiator.announced(turn, profile.name()));
        return payloads;
    }

    private void transmit(Turn turn, IkeSa sa) {
        sa.setWindows(new RequestWindow(0), new ResponseWindow(0));
        sa.requests()
                .sent(
                        ExchangeType.IKE_SA_INIT,
                        request,
                        profile.exchangeSchedule(),
                        turn.now().nanos());
        turn.send(sa.path(), request);
    }

    private byte[] encode(long spiI, Path path, List<Payload> extensions) {
        List<Payload> payloads = new ArrayList<>();
        if (cookie != null) {
            payloads.add(Payload.Notify.of(NotifyType.COOKIE, cookie));
        }
        if (solution != null) {
            payloads.add(new Payload.PuzzleSolution(solution));
        }
        List<Proposal> proposals = new ArrayList<>();
        for (IkeSuite suite : profile.ikeSuites()) {
            proposals.add(suite.toProposal(proposals.size() + 1));
        }
        payloads.add(new Payload.SecurityAssociation(proposals));
        payloads.add(
                new Payload.KeyExchange(
                        keyAgreement.method().transformId(), Octets.of(keyAgreement.publicData())));
        payloads.add(new Payload.Nonce(Octets.of(ni)));
        payloads.addAll(NatDetection.notifications(spiI, 0, path.local(), path.remote()));
        payloads.addAll(RedirectInitiator.announced(redirection));
        payloads.addAll(extensions);
        if (profile.certificates() != null) {
            payloads.add(SignatureAuthentication.hashAlgorithms());
        }
        payloads.add(Vendor.FAILOVER);
        payloads.addAll(EarlyAnnouncement.made(profile.resumption()));
        return MessageCodec.encode(
                new Header(spiI, 0, ExchangeType.IKE_SA_INIT, true, false, 0), payloads);
    }

    void onResponse(Turn turn, IkeSa sa, Message message) {
        List<Payload> payloads = message.payloads();
        if (Message.findUnknownCritical(payloads) != null) {
            turn.count(Counter.REFUSED_CRITICAL_PAYLOAD);
            return;
        }
        Payload.Notify cookieNotify = Message.findNotify(payloads, NotifyType.COOKIE);
        if (cookieNotify != null && message.header().spiR() == 0) {
            restart(
                    turn,
                    sa,
                    cookieNotify.data(),
                    solve(turn, payloads, cookieNotify.data()),
                    null);
            return;
        }
        if (RedirectInitiator.isIn(payloads) && message.header().spiR() == 0) {
            RedirectInitiator.onInit(turn, sa, redirection, ni, payloads);
            return;
        }
        Payload.Notify error = Message.findError(payloads);
        if (error != null) {
            refused(turn, sa, error);
            return;
        }
        Payload.SecurityAssociation chosen =
                Message.find(payloads, Payload.SecurityAssociation.class);
        Payload.KeyExchange ke = Message.find(payloads, Payload.KeyExchange.class);
        Payload.Nonce nonce = Message.find(payloads, Payload.Nonce.class);
        IkeSuite suite =
                chosen == null
                        ? null
                        : ProposalSelector.verifyIke(profile.ikeSuites(), chosen.proposals());
        if (suite == null
                || ke == null
                || nonce == null
                || message.header().spiR() == 0
                || suite.keyExchange() != keyAgreement.method()
                || (!suite.additional().isEmpty() && !Extensions.intermediate(payloads))
                || ke.method() != keyAgreement.method().transformId()) {
            // Not protected: somebody else may have sent it. The true answer may still come.
            turn.count(Counter.DROPPED_UNWANTED_RESPONSE);
            return;
        }
        if (unlessResumable && Vendor.isNamedIn(payloads)) {
            // Whoever sent this: what comes of it is a resume, which proves both.
            FirstMessage.answered(turn, sa);
            sa.close(turn, CloseReason.RESUMABLE, "the gateway is back, and knows resumes", false);
            return;
        }
        try (SecretBytes shared = keyAgreement.agree(ke.data().array())) {
            proceed(turn, sa, message, suite, nonce.data().array(), shared);
        } catch (InvalidKeyExchangeException e) {
            turn.count(Counter.DROPPED_KEY_EXCHANGE);
        }
    }

    private void proceed(
            Turn turn, IkeSa sa, Message message, IkeSuite suite, byte[] nr, SecretBytes shared) {
        FirstMessage.answered(turn, sa);
        sa.requests().answered();
        sa.setPeerSpi(message.header().spiR());
        byte[] skeyseed = KeyDerivation.skeyseed(suite.prf(), ni, nr, shared.expose());
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
        keyAgreement.close();
        boolean vendor = Vendor.isNamedIn(message.payloads());
        sa.agreeOn(Extensions.agreed(turn.configuration(), message.payloads()));
        if (Message.findNotify(message.payloads(), NotifyType.USE_PPK) != null) {
            sa.relation().agreeOnPpk();
        }
        IntAuth intAuth = suite.additional().isEmpty() ? null : new IntAuth();
        sa.setWindows(new RequestWindow(1), new ResponseWindow(0));
        IntermediateInitiator.proceed(
                turn,
                sa,
                new AuthInitiator.Context(
                        profile,
                        suite,
                        request,
                        message.octets().array(),
                        ni,
                        nr,
                        null,
                        vendor,
                        intAuth));
    }

    private void refused(Turn turn, IkeSa sa, Payload.Notify error) {
        if (error.is(NotifyType.INVALID_KE_PAYLOAD) && error.data().length() == 2) {
            int wanted = error.data().at(0) << 8 | error.data().at(1);
            for (IkeSuite suite : profile.ikeSuites()) {
                boolean other = suite.keyExchange() != keyAgreement.method();
                if (other && suite.keyExchange().transformId() == wanted) {
                    restart(turn, sa, cookie, solution, suite.keyExchange());
                    return;
                }
            }
            note(
                    turn,
                    sa,
                    CloseReason.INVALID_KE_PAYLOAD,
                    "the gateway wants key exchange method " + wanted);
            return;
        }
        CloseReason reason =
                error.is(NotifyType.NO_PROPOSAL_CHOSEN)
                        ? CloseReason.NO_PROPOSAL_CHOSEN
                        : CloseReason.SYNTAX;
        note(
                turn,
                sa,
                reason,
                "the gateway answered " + NotifyType.name(error.type()) + " to IKE_SA_INIT");
    }

    /// A puzzle beside the cookie is solved where that costs no more than a client spends; else the
    /// cookie alone must do (RFC 8019 section 7.1.2).
    private static @Nullable Octets solve(Turn turn, List<Payload> payloads, Octets cookie) {
        Payload.Notify puzzle = Message.findNotify(payloads, NotifyType.PUZZLE);
        return puzzle == null
                ? null
                : Puzzle.of(puzzle.data())
                        .map(p -> p.solve(cookie, Octets.of(turn.entropy().octets(8)).toLong(0)))
                        .orElse(null);
    }

    private void note(Turn turn, IkeSa sa, CloseReason reason, String detail) {
        hint = FirstMessage.note(turn, sa, hint, new Hint(reason, detail));
    }

    @Override
    public void wipe() {
        keyAgreement.close();
    }

    private void restart(
            Turn turn,
            IkeSa sa,
            @Nullable Octets newCookie,
            @Nullable Octets newSolution,
            @Nullable KeyExchangeMethod otherMethod) {
        if (restarts >= MAXIMUM_RESTARTS) {
            note(
                    turn,
                    sa,
                    CloseReason.INVALID_KE_PAYLOAD,
                    "the gateway keeps asking for cookies or other groups");
            return;
        }
        OtherWays.settle(turn, sa);
        KeyAgreement next = keyAgreement;
        if (otherMethod != null) {
            keyAgreement.close();
            next = otherMethod.generate(turn.entropy());
        }
        SaInitInitiator restarted =
                new SaInitInitiator(
                        profile,
                        redirection,
                        unlessResumable,
                        ni,
                        restarts + 1,
                        next,
                        newCookie,
                        newSolution,
                        sa.localSpi(),
                        sa.path(),
                        announced(turn, profile));
        sa.enter(turn, restarted);
        restarted.transmit(turn, sa);
    }
}
