package dev.postern.ike.exchange;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.KeyAgreement;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.SecretBytes;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

/// The key exchange of a CREATE_CHILD_SA exchange, RFC 7296 sections 1.3.1 to 1.3.3: what goes into
/// KEi and KEr, and g^ir that comes of it. Everything that a rekeying knows of a key exchange
/// stands here.
final class RekeyKeyExchange implements AutoCloseable {
    private final KeyAgreement own;

    private RekeyKeyExchange(KeyAgreement own) {
        this.own = own;
    }

    /// The responder's part, complete.
    ///
    /// @param shared g^ir, owned by whoever gets this
    record Answered(Payload.KeyExchange payload, SecretBytes shared) {}

    /// The initiator's part, with a fresh private key.
    static RekeyKeyExchange begin(KeyExchangeMethod method, Entropy entropy) {
        return new RekeyKeyExchange(method.generate(entropy));
    }

    KeyExchangeMethod method() {
        return own.method();
    }

    /// KEi.
    Payload.KeyExchange payload() {
        return payload(own);
    }

    /// g^ir from KEr.
    SecretBytes agree(Payload.KeyExchange answer) throws InvalidKeyExchangeException {
        return own.agree(answer.data().array());
    }

    /// KEr and g^ir from KEi; null where KEi is no value of its method.
    static @Nullable Answered answer(
            KeyExchangeMethod method, Payload.KeyExchange offer, Entropy entropy) {
        try (KeyAgreement fresh = method.respond(offer.data().array(), entropy)) {
            SecretBytes shared = fresh.agree(offer.data().array());
            return new Answered(payload(fresh), shared);
        } catch (InvalidKeyExchangeException e) {
            return null;
        }
    }

    private static Payload.KeyExchange payload(KeyAgreement agreement) {
        return new Payload.KeyExchange(
                agreement.method().transformId(), Octets.of(agreement.publicData()));
    }

    /// The data of INVALID_KE_PAYLOAD: the method that is wanted.
    static Octets wanted(KeyExchangeMethod method) {
        int id = method.transformId();
        return Octets.of(new byte[] {(byte) (id >>> 8), (byte) id});
    }

    /// The method that INVALID_KE_PAYLOAD asks for, or null.
    static @Nullable KeyExchangeMethod wantedBy(Payload.Notify refusal) {
        return refusal.data().length() != 2
                ? null
                : KeyExchangeMethod.of(refusal.data().at(0) << 8 | refusal.data().at(1))
                        .orElse(null);
    }

    @Override
    public void close() {
        own.close();
    }
}
