package dev.postern.ike.exchange;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.Counter;
import dev.postern.ike.EapPolicy;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.exchange.EapResponding.AwaitingAuth;
import dev.postern.ike.exchange.EapResponding.AwaitingResponse;
import dev.postern.ike.exchange.EapResponding.AwaitingServer;
import dev.postern.ike.sa.SharedKeyAuthentication;
import dev.postern.ike.sa.SharedKeyAuthentication.SignedOctets;
import dev.postern.ike.sa.SignatureAuthentication;
import dev.postern.ike.sa.SkProtection.Opened;
import dev.postern.wire.EapPacket;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Identity;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// EAP in IKE_AUTH at the responder, RFC 7296 section 2.16; the EAP server itself is asked for each
/// step ([Ask.EapToServer]):
///
///     HDR, SK{ IDi, [IDr], [N(EAP_ONLY_AUTHENTICATION)], SAi2, TSi, TSr, ... }   -->
///                                                  <--   HDR, SK{ IDr, [AUTH], EAP }
///     HDR, SK{ EAP }   -->                         <--   HDR, SK{ EAP }              any number
///     HDR, SK{ EAP }   -->                         <--   HDR, SK{ EAP(Success) }
///     HDR, SK{ AUTH }  -->                         <--   HDR, SK{ AUTH, [CP], SAr2, TSi, TSr, ... }
///
/// Our first AUTH is missing where RFC 5998 is agreed on.
final class EapResponder {
    private static final long PATIENCE_NANOS = Ask.EAP_PATIENCE_SECONDS * Now.NANOS_PER_SECOND;

    /// A person may have to type; nobody types longer.
    private static final long LONGEST_NANOS = 3 * PATIENCE_NANOS;

    private EapResponder() {}

    /// The peer wants EAP: its first request has no AUTH. False where it is to be refused.
    static boolean begin(
            Turn turn, IkeSa sa, HalfOpen half, Message message, List<Payload> payloads) {
        Payload.IdInitiator idI = Message.find(payloads, Payload.IdInitiator.class);
        Payload.IdResponder idR = Message.find(payloads, Payload.IdResponder.class);
        Identity local = turn.configuration().localIdentity();
        ResponderProfile profile = profileFor(turn, half);
        if (idI == null
                || profile == null
                || profile.eap() == null
                || (idR != null && !idR.identity().equals(local))) {
            return false;
        }
        EapPolicy policy = profile.eap();
        boolean offered = Message.findNotify(payloads, NotifyType.EAP_ONLY_AUTHENTICATION) != null;
        boolean eapOnly = offered && policy.eapOnly();
        if (!eapOnly && policy.gatewayKey() == null && !hasCertificate(profile)) {
            return false;
        }
        EapConversation conversation =
                new EapConversation(
                        half,
                        profile,
                        payloads,
                        idI.identity(),
                        local,
                        eapOnly,
                        0,
                        turn.now().nanos() + LONGEST_NANOS);
        ask(turn, sa, conversation, message, Octets.EMPTY);
        return true;
    }

    private static @Nullable ResponderProfile profileFor(Turn turn, HalfOpen half) {
        for (ResponderProfile profile : turn.configuration().profiles()) {
            if (profile.eap() != null && profile.ikeSuites().contains(half.suite())) {
                return profile;
            }
        }
        return null;
    }

    private static void ask(
            Turn turn, IkeSa sa, EapConversation conversation, Message message, Octets packet) {
        sa.enter(turn, new AwaitingServer(conversation, message, deadline(turn, conversation)));
        turn.ask(
                sa,
                new Ask.EapToServer(
                        sa.localSpi(),
                        conversation.profile().name(),
                        conversation.initiator(),
                        sa.path(),
                        conversation.eapOnly(),
                        packet));
    }

    private static long deadline(Turn turn, EapConversation conversation) {
        return Math.min(conversation.endsAt(), turn.now().nanos() + PATIENCE_NANOS);
    }

    /// The EAP server has answered.
    static void onAnswer(Turn turn, IkeSa sa, AwaitingServer waiting, Answer answer) {
        EapConversation conversation = waiting.conversation();
        switch (answer) {
            case Answer.EapContinues continues -> {
                respond(turn, sa, waiting, continues.packet());
                sa.enter(
                        turn,
                        new AwaitingResponse(
                                conversation.nextRound(), deadline(turn, conversation)));
            }
            case Answer.EapSucceeded succeeded when isEnough(conversation, succeeded) -> {
                respond(turn, sa, waiting, succeeded.packet());
                sa.enter(
                        turn,
                        new AwaitingAuth(conversation, succeeded, deadline(turn, conversation)));
            }
            case Answer.EapFailed failed -> fail(turn, sa, waiting, failed.packet());
            case Answer other -> {
                other.discard();
                fail(turn, sa, waiting, Octets.EMPTY);
            }
        }
    }

    /// A success without any message of the peer is none; one without a key proves nobody who
    /// relayed the messages wrong; EAP alone has to prove us too.
    private static boolean isEnough(EapConversation conversation, Answer.EapSucceeded outcome) {
        EapPolicy policy = conversation.profile().eap();
        boolean keyed = outcome.msk() != null;
        boolean mustBeKeyed = conversation.eapOnly() || policy == null || policy.requiresKey();
        return !conversation.isFirst()
                && (keyed || !mustBeKeyed)
                && (outcome.mutual() || !conversation.eapOnly());
    }

    private static void respond(Turn turn, IkeSa sa, AwaitingServer waiting, Octets packet) {
        EapConversation conversation = waiting.conversation();
        List<Payload> payloads = new ArrayList<>();
        if (conversation.isFirst()) {
            payloads.add(new Payload.IdResponder(conversation.local()));
            if (!conversation.eapOnly()) {
                payloads.addAll(ownFirstAuth(turn, sa, conversation));
            }
        }
        payloads.add(new Payload.Eap(packet));
        Message message = waiting.request();
        sa.respond(turn, message.header(), message.octets().array(), payloads);
    }

    private static boolean hasCertificate(ResponderProfile profile) {
        return profile.certificates() != null && profile.certificates().own() != null;
    }

    /// By the pre-shared key where there is one, else by certificate; nothing where the client
    /// understands no signature that we can make, and then it will refuse us.
    private static List<Payload> ownFirstAuth(Turn turn, IkeSa sa, EapConversation conversation) {
        EapPolicy policy = conversation.profile().eap();
        CertificatePolicy certificates = conversation.profile().certificates();
        SecretBytes key = policy == null ? null : policy.gatewayKey();
        if (key == null && certificates != null && certificates.own() != null) {
            HalfOpen half = conversation.half();
            List<Payload> signed =
                    CertificateProof.own(
                            turn,
                            certificates.own(),
                            SignatureAuthentication.announcedIn(half.request()),
                            half.suite().prf(),
                            sa.keys().skPr(),
                            ownSignedOctets(conversation),
                            InBandOcsp.isAskedFor(conversation.request()));
            return signed == null ? List.of() : signed;
        }
        if (key == null) {
            throw new IllegalStateException("EAP began though the gateway cannot prove itself");
        }
        byte[] auth =
                SharedKeyAuthentication.preShared(
                        conversation.half().suite().prf(),
                        key,
                        sa.keys().skPr(),
                        ownSignedOctets(conversation));
        return List.of(
                new Payload.Authentication(Payload.Authentication.SHARED_KEY, Octets.of(auth)));
    }

    static SignedOctets ownSignedOctets(EapConversation conversation) {
        HalfOpen half = conversation.half();
        return half.responderSigned(conversation.local().body());
    }

    /// The peer learns of it by EAP Failure; by a notification where the server has none to give,
    /// and in the first answer, which would want IDr and AUTH beside EAP.
    private static void fail(Turn turn, IkeSa sa, AwaitingServer waiting, Octets packet) {
        turn.count(Counter.REFUSED_EAP);
        Payload told =
                packet.isEmpty() || waiting.conversation().isFirst()
                        ? Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED)
                        : new Payload.Eap(packet);
        AuthResponder.refuse(turn, sa, waiting.conversation().half(), waiting.request(), told);
    }

    /// A message under SPIs of ours while EAP runs.
    static void onRequest(Turn turn, IkeSa sa, EapResponding state, Path from, Message message) {
        byte[] octets = message.octets().array();
        switch (sa.responses().place(message.header().messageId(), octets)) {
            case OUTSIDE -> turn.count(Counter.DROPPED_MESSAGE_ID);
            case ANSWERED -> {
                turn.count(Counter.RETRANSMITTED_RESPONSE);
                turn.send(from, sa.responses().lastResponse());
            }
            case DUE -> {
                switch (state) {
                    case AwaitingServer _ -> turn.count(Counter.DROPPED_WRONG_STATE);
                    case AwaitingResponse waiting ->
                            open(turn, sa, waiting.conversation(), from, message);
                    case AwaitingAuth waiting ->
                            open(turn, sa, waiting.conversation(), from, message);
                }
            }
        }
    }

    private static void open(
            Turn turn, IkeSa sa, EapConversation conversation, Path from, Message message) {
        HalfOpen half = conversation.half();
        switch (Fragments.open(turn, sa, message)) {
            case null -> {}
            case Opened.Forged _ -> turn.count(Counter.DROPPED_NOT_AUTHENTIC);
            case Opened.AuthenticButMalformed _ -> refuseSyntax(turn, sa, half, message);
            case Opened.Authentic authentic -> {
                sa.movePath(turn, from);
                sa.showLife(turn);
                List<Payload> payloads = authentic.payloads();
                Integer critical = Message.findUnknownCritical(payloads);
                if (critical != null) {
                    AuthResponder.refuseCritical(turn, sa, half, message, critical);
                } else if (message.header().exchange() == ExchangeType.IKE_AUTH) {
                    onPayloads(turn, sa, message, payloads);
                } else if (Message.find(payloads, Payload.Delete.class) != null) {
                    // The peer has given up, and holds the keys to say so.
                    sa.respond(turn, message.header(), message.octets().array(), List.of());
                    sa.close(turn, CloseReason.DELETED_BY_PEER, "", true);
                } else {
                    turn.count(Counter.DROPPED_WRONG_STATE);
                }
            }
        }
    }

    private static void refuseSyntax(Turn turn, IkeSa sa, HalfOpen half, Message message) {
        turn.count(Counter.REFUSED_INVALID_SYNTAX);
        AuthResponder.refuse(turn, sa, half, message, Payload.Notify.of(NotifyType.INVALID_SYNTAX));
    }

    private static void onPayloads(Turn turn, IkeSa sa, Message message, List<Payload> payloads) {
        if (sa.state() instanceof AwaitingAuth waiting) {
            onAuth(turn, sa, waiting, message, payloads);
        } else if (sa.state() instanceof AwaitingResponse waiting) {
            EapConversation conversation = waiting.conversation();
            Payload.Eap eap = Message.find(payloads, Payload.Eap.class);
            if (eap == null || codeOf(eap.message()) != EapPacket.Code.RESPONSE) {
                refuseSyntax(turn, sa, conversation.half(), message);
            } else if (conversation.rounds() >= EapConversation.MAXIMUM_ROUNDS) {
                fail(turn, sa, new AwaitingServer(conversation, message, 0), Octets.EMPTY);
            } else {
                ask(turn, sa, conversation, message, eap.message());
            }
        }
    }

    /// The code of a well-formed EAP packet; null of anything else.
    static EapPacket.@Nullable Code codeOf(Octets packet) {
        try {
            return EapPacket.decode(packet).code();
        } catch (MalformedException e) {
            return null;
        }
    }

    private static void onAuth(
            Turn turn, IkeSa sa, AwaitingAuth waiting, Message message, List<Payload> payloads) {
        HalfOpen half = waiting.conversation().half();
        EapConversation conversation = waiting.conversation();
        List<Payload> settled =
                PpkResponder.settle(turn, sa, half, conversation.initiator(), payloads);
        PeerProof proof =
                settled == null
                        ? null
                        : PeerProof.judgeEap(turn, sa, conversation, waiting.outcome(), settled);
        waiting.wipe();
        if (proof == null) {
            turn.count(Counter.REFUSED_AUTHENTICATION);
            AuthResponder.refuse(
                    turn, sa, half, message, Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED));
            return;
        }
        AuthResponder.onProof(turn, sa, half, message, waiting.conversation().request(), proof);
    }
}
