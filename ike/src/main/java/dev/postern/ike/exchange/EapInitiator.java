package dev.postern.ike.exchange;

import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.EapPolicy;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Now;
import dev.postern.ike.exchange.EapInitiating.AwaitingGatewayAuth;
import dev.postern.ike.exchange.EapInitiating.AwaitingPeer;
import dev.postern.ike.exchange.EapInitiating.AwaitingRequest;
import dev.postern.ike.sa.SharedKeyAuthentication;
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

/// EAP in IKE_AUTH at the initiator, RFC 7296 section 2.16; the EAP peer itself is asked for each
/// step ([Ask.EapToPeer]). The messages are drawn in [EapResponder].
final class EapInitiator {
    private static final long PATIENCE_NANOS = Ask.EAP_PATIENCE_SECONDS * Now.NANOS_PER_SECOND;

    private EapInitiator() {}

    /// The gateway's first answer: it proves itself, or leaves that to EAP where policy allows it.
    static void onFirstResponse(
            Turn turn, IkeSa sa, AuthInitiator exchange, Identity gateway, List<Payload> payloads) {
        EapPolicy policy = exchange.authentication().eap();
        Payload.Authentication auth = Message.find(payloads, Payload.Authentication.class);
        SecretBytes key = policy.gatewayKey();
        boolean proven = false;
        if (auth != null && exchange.authentication().provesByCertificate()) {
            String fault =
                    exchange.authentication().certificateFault(turn, sa, gateway, payloads, auth);
            if (fault != null) {
                fail(turn, sa, fault);
                return;
            }
            exchange.authentication()
                    .settleRevocation(
                            turn,
                            sa,
                            (later, revoked) -> {
                                if (revoked == null) {
                                    onProvenGateway(later, sa, exchange, gateway, payloads, true);
                                } else {
                                    fail(later, sa, revoked);
                                }
                            });
            return;
        } else if (auth != null && key != null) {
            proven = exchange.authentication().verifiesKey(sa, gateway, auth, key);
            if (!proven) {
                fail(turn, sa, "AUTH of " + gateway + " does not verify");
                return;
            }
        }
        if (!proven && !policy.eapOnly()) {
            fail(
                    turn,
                    sa,
                    auth == null
                            ? gateway + " did not prove itself before EAP"
                            : "there is no key to verify AUTH of " + gateway);
            return;
        }
        onProvenGateway(turn, sa, exchange, gateway, payloads, proven);
    }

    private static void onProvenGateway(
            Turn turn,
            IkeSa sa,
            AuthInitiator exchange,
            Identity gateway,
            List<Payload> payloads,
            boolean proven) {
        // RFC 5685 section 6: in the first answer or the last one, from a gateway that is proven.
        if (proven && RedirectInitiator.onAuth(turn, sa, payloads)) {
            return;
        }
        EapProgress progress = new EapProgress(exchange, gateway, !proven, 0);
        onPacket(turn, sa, progress, payloads);
    }

    static void onResponse(Turn turn, IkeSa sa, EapInitiating state, List<Payload> payloads) {
        switch (state) {
            case AwaitingRequest waiting -> onPacket(turn, sa, waiting.progress(), payloads);
            case AwaitingGatewayAuth waiting -> onGatewayAuth(turn, sa, waiting, payloads);
            case AwaitingPeer _ -> throw new IllegalStateException("no request is out");
        }
    }

    private static void onPacket(
            Turn turn, IkeSa sa, EapProgress progress, List<Payload> payloads) {
        Payload.Eap eap = Message.find(payloads, Payload.Eap.class);
        Payload.Notify error = Message.findError(payloads);
        EapPacket packet = eap == null ? null : decode(eap.message());
        if (packet == null || packet.code() == EapPacket.Code.RESPONSE) {
            String seen = error == null ? "no EAP request" : NotifyType.name(error.type());
            sa.close(
                    turn,
                    error != null && error.is(NotifyType.AUTHENTICATION_FAILED)
                            ? CloseReason.AUTHENTICATION_FAILED
                            : CloseReason.SYNTAX,
                    "the gateway answered " + seen + " to IKE_AUTH",
                    false);
        } else if (progress.rounds() >= EapConversation.MAXIMUM_ROUNDS) {
            fail(turn, sa, "EAP has no end after " + progress.rounds() + " messages");
        } else if (packet.code() == EapPacket.Code.SUCCESS && progress.rounds() == 0) {
            fail(turn, sa, "the gateway sent EAP Success before any EAP method");
        } else {
            sa.enter(
                    turn,
                    new AwaitingPeer(
                            progress.nextRound(), packet, turn.now().nanos() + PATIENCE_NANOS));
            turn.ask(
                    sa,
                    new Ask.EapToPeer(
                            sa.localSpi(),
                            progress.auth().profileName(),
                            progress.eapOnly(),
                            packet.encode()));
        }
    }

    private static @Nullable EapPacket decode(Octets octets) {
        try {
            return EapPacket.decode(octets);
        } catch (MalformedException e) {
            return null;
        }
    }

    /// The EAP peer has answered. What it says counts only where it fits the packet: a Response to
    /// a Request, and a key to Success.
    static void onAnswer(Turn turn, IkeSa sa, AwaitingPeer waiting, Answer answer) {
        EapPacket.Code asked = waiting.packet().code();
        switch (answer) {
            case Answer.EapContinues continues when asked == EapPacket.Code.REQUEST -> {
                sa.enter(turn, new AwaitingRequest(waiting.progress()));
                request(turn, sa, waiting.progress(), List.of(new Payload.Eap(continues.packet())));
            }
            case Answer.EapSucceeded succeeded when asked == EapPacket.Code.SUCCESS ->
                    onSuccess(turn, sa, waiting.progress(), succeeded);
            case Answer.EapFailed failed -> fail(turn, sa, failed.reason());
            case Answer other -> {
                other.discard();
                fail(turn, sa, "EAP came to no end that fits " + asked);
            }
        }
    }

    private static void request(Turn turn, IkeSa sa, EapProgress progress, List<Payload> payloads) {
        sa.request(turn, ExchangeType.IKE_AUTH, payloads, progress.auth().exchangeSchedule());
    }

    private static void onSuccess(
            Turn turn, IkeSa sa, EapProgress progress, Answer.EapSucceeded outcome) {
        AuthInitiator exchange = progress.auth();
        SecretBytes msk = outcome.msk();
        boolean mustBeKeyed = progress.eapOnly() || exchange.authentication().eap().requiresKey();
        if (msk == null && mustBeKeyed) {
            fail(turn, sa, "the EAP method made no key, which policy asks for");
            return;
        }
        if (progress.eapOnly() && !outcome.mutual()) {
            outcome.discard();
            fail(turn, sa, "the EAP method has not proven " + progress.gateway());
            return;
        }
        Proofs plain = proofs(sa, progress, msk);
        PpkInitiator ppk = exchange.authentication().ppk();
        List<Payload> payloads = new ArrayList<>();
        Proofs used = plain;
        if (ppk != null) {
            ppk.apply(sa, exchange.authentication().prf());
            used = proofs(sa, progress, msk);
            payloads.addAll(ppk.beside(plain.ours()));
        }
        payloads.addFirst(used.ours());
        outcome.discard();
        sa.enter(turn, new AwaitingGatewayAuth(progress, used.theirs(), plain.theirs()));
        request(turn, sa, progress, payloads);
    }

    /// AUTH of both sides under the present keys.
    private record Proofs(Payload.Authentication ours, Octets theirs) {}

    private static Proofs proofs(IkeSa sa, EapProgress progress, @Nullable SecretBytes msk) {
        InitiatorAuthentication authentication = progress.auth().authentication();
        Prf prf = authentication.prf();
        SecretBytes skPi = sa.keys().skPi();
        SecretBytes skPr = sa.keys().skPr();
        byte[] ours =
                SharedKeyAuthentication.preShared(
                        prf, msk == null ? skPi : msk, skPi, authentication.ownSignedOctets());
        byte[] theirs =
                SharedKeyAuthentication.preShared(
                        prf,
                        msk == null ? skPr : msk,
                        skPr,
                        authentication.gatewaySignedOctets(progress.gateway()));
        return new Proofs(
                new Payload.Authentication(Payload.Authentication.SHARED_KEY, Octets.of(ours)),
                Octets.of(theirs));
    }

    private static void onGatewayAuth(
            Turn turn, IkeSa sa, AwaitingGatewayAuth waiting, List<Payload> payloads) {
        Payload.Authentication auth = Message.find(payloads, Payload.Authentication.class);
        Payload.Notify error = Message.findError(payloads);
        Identity gateway = waiting.progress().gateway();
        AuthInitiator exchange = waiting.progress().auth();
        if (auth == null) {
            String seen = error == null ? "no AUTH" : NotifyType.name(error.type());
            sa.close(
                    turn,
                    CloseReason.AUTHENTICATION_FAILED,
                    "the gateway answered " + seen + " after EAP",
                    false);
        } else if (!exchange.authentication().settlePpk(sa, payloads)) {
            fail(turn, sa, PpkInitiator.UNUSED);
        } else if (auth.method() != Payload.Authentication.SHARED_KEY
                || !SharedKeyAuthentication.verify(
                        waiting.expected(sa).array(), auth.data().array())) {
            fail(turn, sa, "AUTH of " + gateway + " after EAP does not verify");
        } else {
            exchange.establish(turn, sa, gateway, payloads, error);
        }
    }

    private static void fail(Turn turn, IkeSa sa, String detail) {
        Informational.deleteAndForget(turn, sa, CloseReason.AUTHENTICATION_FAILED, detail);
    }
}
