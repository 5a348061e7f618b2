package dev.postern.ike.sa;

import dev.postern.crypto.EcdsaSignature;
import dev.postern.crypto.Entropy;
import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.crypto.SignatureScheme;
import dev.postern.crypto.SigningKey;
import dev.postern.crypto.VerificationKey;
import dev.postern.ike.sa.SharedKeyAuthentication.SignedOctets;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// AUTH by a signature: method 14 after RFC 7427 towards peers that announce hash algorithms, and
/// the older methods 1 (RSA with SHA-1), 9, 10 and 11 (ECDSA, RFC 4754) towards others.
public final class SignatureAuthentication {
    private SignatureAuthentication() {}

    /// N(SIGNATURE_HASH_ALGORITHMS): SHA-256, SHA-384, SHA-512, and identity for EdDSA (RFC 8420).
    public static Payload.Notify hashAlgorithms() {
        Set<Integer> numbers = new TreeSet<>();
        for (SignatureScheme scheme : SignatureScheme.values()) {
            if (scheme != SignatureScheme.RSA_PKCS1_SHA1) {
                numbers.add(scheme.hashAlgorithm());
            }
        }
        WireWriter writer = new WireWriter(2 * numbers.size());
        numbers.forEach(writer::u16);
        return Payload.Notify.of(NotifyType.SIGNATURE_HASH_ALGORITHMS, Octets.of(writer.finish()));
    }

    /// Hash algorithms that the sender of this IKE_SA_INIT message has announced; empty for none.
    ///
    /// @param firstMessage as it came, decoded once already
    public static Set<Integer> announcedIn(byte[] firstMessage) {
        try {
            Message message = MessageCodec.decode(firstMessage);
            Payload.Notify notify =
                    Message.findNotify(message.payloads(), NotifyType.SIGNATURE_HASH_ALGORITHMS);
            Set<Integer> numbers = new HashSet<>();
            if (notify != null) {
                byte[] data = notify.data().array();
                for (int i = 0; i + 1 < data.length; i += 2) {
                    numbers.add((data[i] & 0xff) << 8 | (data[i + 1] & 0xff));
                }
            }
            return numbers;
        } catch (MalformedException e) {
            throw new IllegalStateException("a first message that was decoded before", e);
        }
    }

    /// Our AUTH; null where the peer understands no signature that our key makes.
    public static Payload.@Nullable Authentication sign(
            SigningKey key,
            Set<Integer> peerHashes,
            Prf prf,
            SecretBytes skP,
            SignedOctets signed,
            Entropy entropy) {
        byte[][] message = message(prf, skP, signed);
        for (SignatureScheme scheme : key.schemes()) {
            // With SHA-1 there is method 1 alone, as we verify it.
            if (scheme != SignatureScheme.RSA_PKCS1_SHA1
                    && peerHashes.contains(scheme.hashAlgorithm())) {
                byte[] identifier = scheme.identifier();
                byte[] signature = key.sign(scheme, entropy, message);
                WireWriter data = new WireWriter(1 + identifier.length + signature.length);
                data.u8(identifier.length).octets(identifier).octets(signature);
                return new Payload.Authentication(
                        Payload.Authentication.DIGITAL_SIGNATURE, Octets.of(data.finish()));
            }
        }
        return peerHashes.isEmpty() ? signAsBefore(key, entropy, message) : null;
    }

    private static Payload.@Nullable Authentication signAsBefore(
            SigningKey key, Entropy entropy, byte[][] message) {
        SignatureScheme scheme = key.schemes().getFirst();
        Integer method = methodOf(scheme);
        if (method != null) {
            byte[] der = key.sign(scheme, entropy, message);
            EcdsaSignature numbers = EcdsaSignature.ofDer(der).orElseThrow();
            return new Payload.Authentication(method, Octets.of(numbers.toRaw(lengthOf(scheme))));
        }
        if (key.schemes().contains(SignatureScheme.RSA_PKCS1_SHA1)) {
            byte[] signature = key.sign(SignatureScheme.RSA_PKCS1_SHA1, entropy, message);
            return new Payload.Authentication(
                    Payload.Authentication.RSA_SIGNATURE, Octets.of(signature));
        }
        return null;
    }

    /// Whether AUTH is a signature of this key's owner.
    public static boolean verify(
            VerificationKey key,
            Payload.Authentication auth,
            Prf prf,
            SecretBytes skP,
            SignedOctets signed) {
        byte[] data = auth.data().array();
        byte[][] message = message(prf, skP, signed);
        return switch (auth.method()) {
            case Payload.Authentication.DIGITAL_SIGNATURE -> {
                int length = data.length == 0 ? 0 : data[0] & 0xff;
                if (length == 0 || data.length < 1 + length) {
                    yield false;
                }
                byte[] identifier = auth.data().slice(1, 1 + length).array();
                byte[] signature = auth.data().slice(1 + length, data.length).array();
                Optional<SignatureScheme> scheme = SignatureScheme.ofIdentifier(identifier);
                yield scheme.isPresent() && key.verify(scheme.get(), signature, message);
            }
            case Payload.Authentication.RSA_SIGNATURE ->
                    key.verify(SignatureScheme.RSA_PKCS1_SHA1, data, message);
            case Payload.Authentication.ECDSA_256 ->
                    verifyRaw(key, SignatureScheme.ECDSA_SHA256, data, message);
            case Payload.Authentication.ECDSA_384 ->
                    verifyRaw(key, SignatureScheme.ECDSA_SHA384, data, message);
            case Payload.Authentication.ECDSA_521 ->
                    verifyRaw(key, SignatureScheme.ECDSA_SHA512, data, message);
            default -> false;
        };
    }

    /// RFC 4754 section 7: the curve, and so the length, goes with the method.
    private static boolean verifyRaw(
            VerificationKey key, SignatureScheme scheme, byte[] data, byte[][] message) {
        return key.numberLength() == lengthOf(scheme)
                && data.length == 2 * lengthOf(scheme)
                && EcdsaSignature.ofRaw(data)
                        .map(signature -> key.verify(scheme, signature.toDer(), message))
                        .orElse(false);
    }

    private static int lengthOf(SignatureScheme scheme) {
        return switch (scheme) {
            case ECDSA_SHA256 -> 32;
            case ECDSA_SHA384 -> 48;
            case ECDSA_SHA512 -> 66;
            case ED25519,
                    ED448,
                    RSA_PSS_SHA256,
                    RSA_PSS_SHA384,
                    RSA_PSS_SHA512,
                    RSA_PKCS1_SHA256,
                    RSA_PKCS1_SHA384,
                    RSA_PKCS1_SHA512,
                    RSA_PKCS1_SHA1 ->
                    0;
        };
    }

    private static @Nullable Integer methodOf(SignatureScheme scheme) {
        return switch (scheme) {
            case ECDSA_SHA256 -> Payload.Authentication.ECDSA_256;
            case ECDSA_SHA384 -> Payload.Authentication.ECDSA_384;
            case ECDSA_SHA512 -> Payload.Authentication.ECDSA_521;
            case ED25519,
                    ED448,
                    RSA_PSS_SHA256,
                    RSA_PSS_SHA384,
                    RSA_PSS_SHA512,
                    RSA_PKCS1_SHA256,
                    RSA_PKCS1_SHA384,
                    RSA_PKCS1_SHA512,
                    RSA_PKCS1_SHA1 ->
                    null;
        };
    }

    /// message | nonce | prf(SK_p, ID') | IntAuth.
    private static byte[][] message(Prf prf, SecretBytes skP, SignedOctets signed) {
        return new byte[][] {
            signed.firstMessage(),
            signed.peerNonce(),
            prf.compute(skP.expose(), signed.idBody()),
            signed.intAuth()
        };
    }
}
