package dev.postern.crypto;

import java.util.Arrays;
import java.util.List;

/// A private key that signs. Wiped by `close`, as far as its numbers can be; prints its kind only.
/// Safe for use from any thread.
public sealed interface SigningKey extends AutoCloseable
        permits RsaSigningKey, EcdsaSigningKey, EddsaSigningKey {
    /// The schemes that this key is for, the best first.
    List<SignatureScheme> schemes();

    /// Signs the concatenated `message`; ECDSA signatures are in DER.
    ///
    /// @throws IllegalArgumentException for a scheme of another kind of key
    byte[] sign(SignatureScheme scheme, Entropy entropy, byte[]... message);

    /// Whether `publicKey` is the other half of this key.
    default boolean matches(VerificationKey publicKey, Entropy entropy) {
        SignatureScheme scheme = schemes().getFirst();
        byte[] probe = entropy.octets(32);
        try {
            return publicKey.schemes().contains(scheme)
                    && publicKey.verify(scheme, sign(scheme, entropy, probe), probe);
        } catch (IllegalStateException | ArithmeticException damaged) {
            // Its own numbers do not fit each other, so they fit no other half.
            return false;
        }
    }

    @Override
    void close();

    /// Reads a PrivateKeyInfo (PKCS#8, RFC 5958) that is not encrypted. The octets are not kept.
    static SigningKey of(SecretBytes privateKeyInfo) throws InvalidKeyException {
        return of(privateKeyInfo, Primitives.preferred());
    }

    static SigningKey of(SecretBytes privateKeyInfo, Primitives primitives)
            throws InvalidKeyException {
        byte[] octets = new byte[0];
        try {
            Der info = Der.only(privateKeyInfo.expose(), Der.SEQUENCE);
            int version = info.integer().intValue();
            if (version != 0 && version != 1) {
                throw new InvalidKeyException("a private key of version " + version);
            }
            KeyKind kind = KeyKind.of(info.element());
            octets = info.content(Der.OCTET_STRING);
            return switch (kind) {
                case RSA -> RsaSigningKey.of(Der.only(octets, Der.SEQUENCE), primitives);
                case P_256 -> ecdsa(WeierstrassCurve.P_256, octets, primitives);
                case P_384 -> ecdsa(WeierstrassCurve.P_384, octets, primitives);
                case P_521 -> ecdsa(WeierstrassCurve.P_521, octets, primitives);
                case ED25519 -> eddsa(Edwards.Curve.ED25519, octets, primitives);
                case ED448 -> eddsa(Edwards.Curve.ED448, octets, primitives);
            };
        } catch (MalformedDerException e) {
            throw new InvalidKeyException("the private key is malformed: " + e.getMessage());
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    private static SigningKey ecdsa(WeierstrassCurve curve, byte[] octets, Primitives primitives)
            throws MalformedDerException, InvalidKeyException {
        Der key = Der.only(octets, Der.SEQUENCE);
        if (key.integer().intValue() != 1) {
            throw new InvalidKeyException("an EC private key of an unknown version");
        }
        return EcdsaSigningKey.of(
                curve, SecretBytes.owning(key.content(Der.OCTET_STRING)), primitives);
    }

    private static SigningKey eddsa(Edwards.Curve curve, byte[] octets, Primitives primitives)
            throws MalformedDerException, InvalidKeyException {
        Der wrapped = Der.of(octets);
        byte[] key = wrapped.content(Der.OCTET_STRING);
        wrapped.finish();
        if (key.length != curve.keyLength()) {
            throw new InvalidKeyException("an EdDSA private key of the wrong length");
        }
        return new EddsaSigningKey(curve, SecretBytes.owning(key), primitives.edwards());
    }
}
