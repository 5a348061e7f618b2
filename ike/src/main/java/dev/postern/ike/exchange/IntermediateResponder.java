package dev.postern.ike.exchange;

import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.KeyAgreement;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Counter;
import dev.postern.ike.Path;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.IntAuth;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ike.sa.SkProtection.Opened;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.util.List;

/// IKE_INTERMEDIATE at the responder, RFC 9242 and RFC 9370 section 2.2.2. The IKE SA stays
/// half-open, and everything counts against the bounds of strangers: nobody is authenticated yet.
/// As many exchanges as were negotiated, no more, and each in its turn.
final class IntermediateResponder {
    private IntermediateResponder() {}

    /// A due message of this exchange type; the keys are there.
    static void onRequest(
            Turn turn, IkeSa sa, HalfOpen half, IntAuth intAuth, Path from, Message message) {
        switch (Fragments.open(turn, sa, message)) {
            case null -> {}
            case Opened.Forged _ -> turn.count(Counter.DROPPED_NOT_AUTHENTIC);
            case Opened.AuthenticButMalformed _ -> refuse(turn, sa, half, message);
            case Opened.Authentic authentic -> {
                sa.movePath(turn, from);
                onAuthentic(turn, sa, half, intAuth, message, authentic);
            }
        }
    }

    private static void onAuthentic(
            Turn turn,
            IkeSa sa,
            HalfOpen half,
            IntAuth intAuth,
            Message message,
            Opened.Authentic authentic) {
        Integer critical = Message.findUnknownCritical(authentic.payloads());
        if (critical != null) {
            AuthResponder.refuseCritical(turn, sa, half, message, critical);
            return;
        }
        IkeSuite suite = half.suite();
        KeyExchangeMethod method = suite.additional().get(intAuth.exchanges());
        Payload.KeyExchange ke = Message.find(authentic.payloads(), Payload.KeyExchange.class);
        if (ke == null || ke.method() != method.transformId()) {
            refuse(turn, sa, half, message);
            return;
        }
        byte[] theirs = ke.data().array();
        try (KeyAgreement own = method.respond(theirs, turn.entropy());
                SecretBytes shared = own.agree(theirs)) {
            List<Payload> answer =
                    List.of(
                            new Payload.KeyExchange(
                                    method.transformId(), Octets.of(own.publicData())));
            intAuth.addRequest(suite.prf(), sa.keys().skPi(), authentic.unprotected());
            intAuth.addResponse(
                    suite.prf(),
                    sa.keys().skPr(),
                    SkProtection.unprotected(message.header().toResponse(), answer));
            sa.respond(turn, message.header(), message.octets().array(), answer);
            IntermediateKeys.update(turn, sa, suite, shared, half.ni(), half.nr());
        } catch (InvalidKeyExchangeException e) {
            turn.count(Counter.DROPPED_KEY_EXCHANGE);
            refuse(turn, sa, half, message);
        }
    }

    private static void refuse(Turn turn, IkeSa sa, HalfOpen half, Message message) {
        turn.count(Counter.REFUSED_INVALID_SYNTAX);
        AuthResponder.refuse(turn, sa, half, message, Payload.Notify.of(NotifyType.INVALID_SYNTAX));
    }
}
