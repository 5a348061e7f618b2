package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;

/// ML-KEM, FIPS 203, by Wycheproof's cases and by the checks that draft-ietf-ipsecme-ikev2-mlkem
/// demands of both sides.
class MlKemTest {
    /// Hands out these octets and no others.
    private static Entropy exactly(byte[] octets) {
        int[] position = {0};
        return into -> {
            System.arraycopy(octets, position[0], into, 0, into.length);
            position[0] += into.length;
        };
    }

    /// Interop: ML-KEM-512, 768 and 1024 keys and secrets (Wycheproof) | vectors | neither
    @ParameterizedTest
    @CsvSource({
        "ML_KEM_512, mlkem_512_test.json, 1, 0, 0",
        "ML_KEM_768, mlkem_768_test.json, 153, 20, 20",
        "ML_KEM_1024, mlkem_1024_test.json, 1, 0, 0"
    })
    void keysAndSecretsAreThoseOfWycheproof(
            KeyExchangeMethod method, String file, int valid, int invalid, int beyondUs) {
        int agreed = 0;
        int refused = 0;
        int unreadable = 0;
        for (TestVectors.Case test : TestVectors.wycheproof(file)) {
            byte[] seed = test.octets("seed");
            if (seed.length != 64) {
                // Keys are made here and never read.
                unreadable++;
                continue;
            }
            try (KeyAgreement own = MlKem.generate(method, exactly(seed))) {
                assertThat(own.publicData()).as(test.text("tcId")).isEqualTo(test.octets("ek"));
                byte[] ciphertext = test.octets("c");
                if (test.text("result").equals("valid")) {
                    try (SecretBytes secret = own.agree(ciphertext)) {
                        assertThat(secret.expose()).isEqualTo(test.octets("K"));
                    }
                    agreed++;
                } else {
                    assertThatExceptionOfType(InvalidKeyExchangeException.class)
                            .isThrownBy(() -> own.agree(ciphertext));
                    refused++;
                }
            } catch (InvalidKeyExchangeException e) {
                throw new AssertionError(test.text("tcId"), e);
            }
        }
        assertThat(agreed).isEqualTo(valid);
        assertThat(refused).isEqualTo(invalid);
        assertThat(unreadable).isEqualTo(beyondUs);
    }

    private static KeyExchangeMethod[] methods() {
        return new KeyExchangeMethod[] {
            KeyExchangeMethod.ML_KEM_512,
            KeyExchangeMethod.ML_KEM_768,
            KeyExchangeMethod.ML_KEM_1024
        };
    }

    @Test
    void anEncapsulationKeyOfAnotherLengthIsRefused() {
        for (KeyExchangeMethod method : methods()) {
            for (int length : new int[] {0, 1, method.publicLength() - 1, 1569, 65_000}) {
                assertThatExceptionOfType(InvalidKeyExchangeException.class)
                        .isThrownBy(() -> method.respond(new byte[length], new SeededEntropy(1)));
            }
        }
    }

    /// FIPS 203 section 7.2, the modulus check: a coefficient of 3329 or more.
    @Test
    void anEncapsulationKeyWithACoefficientBeyondTheModulusIsRefused() {
        for (KeyExchangeMethod method : methods()) {
            byte[] key = method.generate(new SeededEntropy(2)).publicData();
            byte[] beyond = key.clone();
            // The first twelve bits become 3329, least significant first.
            beyond[0] = (byte) 0x01;
            beyond[1] = (byte) ((beyond[1] & 0xf0) | 0x0d);
            assertThatExceptionOfType(InvalidKeyExchangeException.class)
                    .as("%s", method)
                    .isThrownBy(() -> method.respond(beyond, new SeededEntropy(1)));
            byte[] all = key.clone();
            Arrays.fill(all, 0, 384, (byte) 0xff);
            assertThatExceptionOfType(InvalidKeyExchangeException.class)
                    .isThrownBy(() -> method.respond(all, new SeededEntropy(1)));
        }
    }

    /// Implicit rejection: a changed ciphertext gives another secret and no error.
    @ParameterizedTest
    @EnumSource(
            value = KeyExchangeMethod.class,
            names = {"ML_KEM_512", "ML_KEM_768", "ML_KEM_1024"})
    void aChangedCiphertextGivesAnotherSecret(KeyExchangeMethod method)
            throws InvalidKeyExchangeException {
        try (KeyAgreement initiator = method.generate(new SeededEntropy(3));
                KeyAgreement responder =
                        method.respond(initiator.publicData(), new SeededEntropy(4))) {
            byte[] changed = responder.publicData();
            changed[7] ^= 1;
            assertThat(initiator.agree(changed))
                    .isNotEqualTo(responder.agree(initiator.publicData()));
        }
    }

    @Test
    void theResponderDependsOnItsEntropyAloneAndNeverRepeatsIt()
            throws InvalidKeyExchangeException {
        KeyExchangeMethod method = KeyExchangeMethod.ML_KEM_768;
        byte[] key = method.generate(new SeededEntropy(5)).publicData();
        assertThat(method.respond(key, new SeededEntropy(6)).publicData())
                .isEqualTo(method.respond(key, new SeededEntropy(6)).publicData())
                .isNotEqualTo(method.respond(key, new SeededEntropy(7)).publicData());
    }
}
