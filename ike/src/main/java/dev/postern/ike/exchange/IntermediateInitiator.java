package dev.postern.ike.exchange;

import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.KeyAgreement;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.sa.IntAuth;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ike.sa.SkProtection.Opened;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.util.List;

/// IKE_INTERMEDIATE at the initiator, RFC 9242 and RFC 9370 section 2.2.2: one exchange for each
/// additional key exchange, each under the keys that the one before has made.
///
///     HDR, SK{ KEi(n) }   -->
///                    <--   HDR, SK{ KEr(n) }
final class IntermediateInitiator implements IkeSaState {
    private final AuthInitiator.Context context;
    private final IntAuth intAuth;
    private final KeyAgreement keyAgreement;

    private IntermediateInitiator(
            AuthInitiator.Context context, IntAuth intAuth, KeyAgreement keyAgreement) {
        this.context = context;
        this.intAuth = intAuth;
        this.keyAgreement = keyAgreement;
    }

    @Override
    public void wipe() {
        keyAgreement.close();
    }

    /// Begins the next additional key exchange, or IKE_AUTH after the last one.
    static void proceed(Turn turn, IkeSa sa, AuthInitiator.Context context) {
        IntAuth intAuth = context.intAuth();
        List<KeyExchangeMethod> additional = context.suite().additional();
        if (intAuth == null || intAuth.exchanges() == additional.size()) {
            AuthInitiator.begin(turn, sa, context);
            return;
        }
        KeyAgreement next = additional.get(intAuth.exchanges()).generate(turn.entropy());
        sa.enter(turn, new IntermediateInitiator(context, intAuth, next));
        List<Payload> payloads =
                List.of(
                        new Payload.KeyExchange(
                                next.method().transformId(), Octets.of(next.publicData())));
        Header header =
                new Header(
                        sa.spiI(),
                        sa.spiR(),
                        ExchangeType.IKE_INTERMEDIATE,
                        true,
                        false,
                        sa.requests().nextId());
        intAuth.addRequest(
                context.suite().prf(),
                sa.keys().skPi(),
                SkProtection.unprotected(header, payloads));
        sa.request(
                turn,
                ExchangeType.IKE_INTERMEDIATE,
                payloads,
                context.profile().exchangeSchedule());
    }

    void onResponse(Turn turn, IkeSa sa, Opened.Authentic response) {
        Payload.KeyExchange ke = Message.find(response.payloads(), Payload.KeyExchange.class);
        Payload.Notify error = Message.findError(response.payloads());
        KeyExchangeMethod method = keyAgreement.method();
        if (ke == null || error != null || ke.method() != method.transformId()) {
            String seen =
                    error != null
                            ? NotifyType.name(error.type())
                            : ke == null ? "no key exchange" : "method " + ke.method();
            sa.close(
                    turn,
                    CloseReason.INVALID_KE_PAYLOAD,
                    "the gateway answered " + seen + " to IKE_INTERMEDIATE with " + method,
                    false);
            return;
        }
        intAuth.addResponse(context.suite().prf(), sa.keys().skPr(), response.unprotected());
        try (KeyAgreement own = keyAgreement;
                SecretBytes shared = own.agree(ke.data().array())) {
            IntermediateKeys.update(turn, sa, context.suite(), shared, context.ni(), context.nr());
        } catch (InvalidKeyExchangeException e) {
            sa.close(
                    turn,
                    CloseReason.INVALID_KE_PAYLOAD,
                    "the gateway's key exchange is unusable: " + e.getMessage(),
                    false);
            return;
        }
        proceed(turn, sa, context);
    }
}
