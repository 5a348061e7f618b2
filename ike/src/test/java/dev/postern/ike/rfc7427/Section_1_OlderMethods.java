package dev.postern.ike.rfc7427;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.InvalidKeyException;
import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.crypto.VerificationKey;
import dev.postern.ike.sa.SharedKeyAuthentication.SignedOctets;
import dev.postern.ike.sa.SignatureAuthentication;
import dev.postern.ike.world.Authority;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.pki.Credentials;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload.Authentication;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/// A peer that announces no hash algorithms understands the methods of RFC 7296 section 3.8 and RFC
/// 4754 alone: 1 is RSA, 9, 10 and 11 are ECDSA on P-256, P-384 and P-521, r and s side by side.
class Section_1_OlderMethods {
    private static final Identity PEER = Identity.fqdn("c07.example");

    private final Authority authority = Authority.root("Lab CA");
    private final SecretBytes skP = SecretBytes.owning(new byte[32]);
    private final SignedOctets signed =
            new SignedOctets(
                    "first message".getBytes(StandardCharsets.US_ASCII),
                    new byte[32],
                    PEER.body(),
                    new byte[0]);

    private Authentication signOf(Credentials owner) {
        Authentication auth =
                SignatureAuthentication.sign(
                        owner.key(),
                        Set.of(),
                        Prf.HMAC_SHA2_256,
                        skP,
                        signed,
                        new SeededEntropy(4754));
        assertThat(auth).isNotNull();
        return auth;
    }

    private boolean isVerified(Credentials owner, int method, Octets data)
            throws InvalidKeyException {
        byte[] key = owner.chain().leaf().getPublicKey().getEncoded();
        return SignatureAuthentication.verify(
                VerificationKey.of(key),
                new Authentication(method, data),
                Prf.HMAC_SHA2_256,
                skP,
                signed);
    }

    @ParameterizedTest
    @CsvSource({"RSA, 1, 256", "P-256, 9, 64", "P-384, 10, 96", "P-521, 11, 132"})
    void eachKindOfKeyHasItsMethodAndVerifiesByThatAlone(String kind, int method, int length)
            throws InvalidKeyException {
        Credentials owner = authority.issue(PEER, kind);

        Authentication auth = signOf(owner);

        assertThat(auth.method()).isEqualTo(method);
        assertThat(auth.data().length()).isEqualTo(length);
        for (int other : new int[] {1, 2, 9, 10, 11, 14}) {
            assertThat(isVerified(owner, other, auth.data()))
                    .as("as method %d", other)
                    .isEqualTo(other == method);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "P-256", "P-384", "P-521"})
    void anotherSignatureOrOneOfAnotherLengthDoesNotVerify(String kind) throws InvalidKeyException {
        Credentials owner = authority.issue(PEER, kind);
        Authentication auth = signOf(owner);
        byte[] octets = auth.data().array();
        byte[] changed = octets.clone();
        changed[octets.length / 3] ^= 1;
        assertThat(isVerified(owner, auth.method(), Octets.of(changed))).isFalse();
        assertThat(isVerified(owner, auth.method(), Octets.of(new byte[octets.length]))).isFalse();
        byte[] longer = java.util.Arrays.copyOf(octets, octets.length + 1);
        assertThat(isVerified(owner, auth.method(), Octets.of(longer))).isFalse();
        for (int length = 0; length < octets.length; length += 7) {
            assertThat(isVerified(owner, auth.method(), auth.data().slice(0, length))).isFalse();
        }
    }

    /// RFC 7427 section 3: who announces hash algorithms, and none that our key can use, gets no
    /// signature by a method that he has not asked for.
    @ParameterizedTest
    @ValueSource(strings = {"RSA", "P-256", "Ed25519"})
    void aPeerWithHashAlgorithmsOfItsOwnGetsNoOlderMethod(String kind) {
        assertThat(
                        SignatureAuthentication.sign(
                                authority.issue(PEER, kind).key(),
                                Set.of(1),
                                Prf.HMAC_SHA2_256,
                                skP,
                                signed,
                                new SeededEntropy(7427)))
                .isNull();
    }

    /// RFC 8420: EdDSA has no method of its own.
    @Test
    void aKeyWithoutAnOlderMethodMakesNoSignatureForSuchAPeer() {
        assertThat(
                        SignatureAuthentication.sign(
                                authority.issue(PEER, "Ed25519").key(),
                                Set.of(),
                                Prf.HMAC_SHA2_256,
                                skP,
                                signed,
                                new SeededEntropy(8420)))
                .isNull();
    }
}
