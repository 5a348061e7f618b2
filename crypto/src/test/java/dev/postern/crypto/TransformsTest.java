package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The IANA numbers of the transforms, and that each finds its way back.
class TransformsTest {
    @Test
    void everyEncryptionAlgorithmIsFoundByItsNumberAndKeyLength() {
        for (EncryptionAlgorithm algorithm : EncryptionAlgorithm.values()) {
            assertThat(
                            EncryptionAlgorithm.of(
                                    algorithm.transformId(), algorithm.keyLengthAttribute()))
                    .contains(algorithm);
        }
        assertThat(EncryptionAlgorithm.of(20, 128)).contains(EncryptionAlgorithm.AES_GCM_16_128);
        assertThat(EncryptionAlgorithm.of(28, 0)).contains(EncryptionAlgorithm.CHACHA20_POLY1305);
        assertThat(EncryptionAlgorithm.of(12, 256)).contains(EncryptionAlgorithm.AES_CBC_256);
    }

    @Test
    void aKeyLengthThatIsNotOfferedIsNotFound() {
        assertThat(EncryptionAlgorithm.of(20, 192)).isEmpty();
        assertThat(EncryptionAlgorithm.of(20, 0)).isEmpty();
        assertThat(EncryptionAlgorithm.of(28, 256)).isEmpty();
        assertThat(EncryptionAlgorithm.of(3, 0)).isEmpty();
    }

    @Test
    void everyKeyExchangeMethodIsFoundByItsNumber() {
        assertThat(KeyExchangeMethod.of(31)).contains(KeyExchangeMethod.X25519);
        assertThat(KeyExchangeMethod.of(19)).contains(KeyExchangeMethod.ECP_256);
        assertThat(KeyExchangeMethod.of(20)).contains(KeyExchangeMethod.ECP_384);
        assertThat(KeyExchangeMethod.of(14)).contains(KeyExchangeMethod.MODP_2048);
        assertThat(KeyExchangeMethod.of(2)).isEmpty();
    }

    @Test
    void everyIntegrityAlgorithmIsFoundByItsNumber() {
        assertThat(IntegrityAlgorithm.of(0)).contains(IntegrityAlgorithm.NONE);
        assertThat(IntegrityAlgorithm.of(12)).contains(IntegrityAlgorithm.HMAC_SHA2_256_128);
        assertThat(IntegrityAlgorithm.of(13)).contains(IntegrityAlgorithm.HMAC_SHA2_384_192);
        assertThat(IntegrityAlgorithm.of(14)).contains(IntegrityAlgorithm.HMAC_SHA2_512_256);
        assertThat(IntegrityAlgorithm.of(2)).isEmpty();
    }
}
