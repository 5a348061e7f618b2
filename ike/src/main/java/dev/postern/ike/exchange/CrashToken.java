package dev.postern.ike.exchange;

import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Counter;
import dev.postern.ike.EndpointSecrets;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Path;
import dev.postern.ike.sa.SharedKeyAuthentication;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// QCD tokens, made and taken (RFC 6290). A peer that has lost an IKE SA shows so by the token that
/// it has given under it before; it makes it again from the SPIs and a secret that it has not lost:
///
///     TOKEN_SECRET_DATA = prf(QCD_SECRET, "postern QCD token" | SPI-I | SPI-R)
///
/// As an outstanding request it hands a token over that no other message had room for.
record CrashToken() implements OwnRequest {
    private static final int SHORTEST = 16;
    private static final int LONGEST = 128;
    private static final byte[] LABEL = "postern QCD token".getBytes(StandardCharsets.US_ASCII);

    private static Payload.Notify token(SecretBytes secret, long spiI, long spiR) {
        byte[] token =
                Prf.HMAC_SHA2_256.compute(
                        secret.expose(),
                        LABEL,
                        Octets.ofLong(spiI).array(),
                        Octets.ofLong(spiR).array());
        return new Payload.Notify(
                Protocol.IKE,
                Octets.EMPTY,
                NotifyType.QUICK_CRASH_DETECTION.code(),
                Octets.of(token));
    }

    /// What we give our peer under an IKE SA, if we make tokens. One that a standby carries on with
    /// gets none: when we have lost it, it lives there (section 9.2).
    static List<Payload> given(Turn turn, IkeSa sa) {
        List<SecretBytes> secrets = turn.configuration().secrets().crashDetection();
        return secrets.isEmpty() || StandbyReplication.protects(turn, sa)
                ? List.of()
                : List.of(token(secrets.getFirst(), sa.spiI(), sa.spiR()));
    }

    /// Hands a token over in an exchange of its own.
    static void send(Turn turn, IkeSa sa) {
        List<Payload> given = given(turn, sa);
        if (!given.isEmpty()) {
            sa.request(
                    turn,
                    ExchangeType.INFORMATIONAL,
                    given,
                    sa.relation().schedule(),
                    new CrashToken());
        }
    }

    /// Has a token handed over as soon as there is room for it.
    static void intend(Turn turn, IkeSa sa) {
        if (!turn.configuration().secrets().crashDetection().isEmpty()
                && !StandbyReplication.protects(turn, sa)) {
            sa.duties().addNow(turn, new Duty.SendCrashToken());
        }
    }

    @Override
    public void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {}

    /// Keeps the token that a peer gives in a protected message, in place of an older one.
    static void take(IkeSa sa, List<Payload> payloads) {
        Payload.Notify token = Message.findNotify(payloads, NotifyType.QUICK_CRASH_DETECTION);
        if (token != null
                && token.data().length() >= SHORTEST
                && token.data().length() <= LONGEST) {
            sa.relation().keepCrashToken(token.data());
        }
    }

    /// A protected request has come under an IKE SA that is not here: if it was once, its peer
    /// learns that it is lost. Nothing for an IKE SA whose SPI another member has chosen: it may
    /// live there (section 9.2).
    static void answer(Turn turn, Path from, Message message) {
        Header header = message.header();
        List<SecretBytes> secrets = turn.configuration().secrets().crashDetection();
        long own = header.fromInitiator() ? header.spiR() : header.spiI();
        boolean isProtected = message.encrypted() != null || message.fragment() != null;
        if (secrets.isEmpty()
                || header.response()
                || !isProtected
                || !IkeSpiSpace.of(turn.configuration()).hasChosen(own)
                || !turn.refusals().take(from.remote().getAddress(), turn.now().nanos())) {
            return;
        }
        List<Payload> payloads = new ArrayList<>(1 + EndpointSecrets.MAXIMUM_GENERATIONS);
        payloads.add(Payload.Notify.of(NotifyType.INVALID_IKE_SPI));
        for (SecretBytes secret : secrets) {
            payloads.add(token(secret, header.spiI(), header.spiR()));
        }
        turn.count(Counter.CRASH_TOKEN_SENT);
        turn.send(from, MessageCodec.encode(header.toResponse(), payloads));
    }

    /// An unprotected message under an IKE SA of ours, from whatever address: with the right token
    /// its peer has lost the IKE SA, which ends without a word. False where there is no token.
    static boolean judge(Turn turn, IkeSa sa, Message message) {
        Octets kept = sa.relation().crashToken();
        int seen = 0;
        boolean verified = false;
        for (Payload payload : message.payloads()) {
            if (payload instanceof Payload.Notify notify
                    && notify.is(NotifyType.QUICK_CRASH_DETECTION)) {
                seen++;
                verified |=
                        kept != null
                                && seen <= EndpointSecrets.MAXIMUM_GENERATIONS
                                && SharedKeyAuthentication.verify(
                                        kept.array(), notify.data().array());
            }
        }
        if (verified) {
            sa.close(turn, CloseReason.PEER_CRASHED, "it has shown its QCD token", false);
        } else if (seen > 0) {
            turn.count(Counter.CRASH_TOKEN_WRONG);
        }
        return seen > 0;
    }
}
