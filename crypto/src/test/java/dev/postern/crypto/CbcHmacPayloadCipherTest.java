package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Encrypt-then-MAC of RFC 7296 section 3.14 with the truncations of RFC 4868 section 2.3.
class CbcHmacPayloadCipherTest {
    private static final int AAD = 32;
    private static final int TEXT = 64;

    @ParameterizedTest
    @EnumSource(value = IntegrityAlgorithm.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void theIcvCoversEverythingBeforeItAndTheTextIsCbc(IntegrityAlgorithm integrity)
            throws GeneralSecurityException {
        Entropy entropy = new SeededEntropy(40);
        byte[] encryptionKey = entropy.octets(32);
        byte[] integrityKey = entropy.octets(integrity.keyLength());
        byte[] plain = entropy.octets(AAD + 16 + TEXT + integrity.icvLength());
        byte[] sealed = plain.clone();
        try (PayloadCipher cipher =
                PayloadCipher.of(
                        EncryptionAlgorithm.AES_CBC_256, integrity, encryptionKey, integrityKey)) {
            cipher.seal(sealed, 0, AAD, TEXT);
        }

        Cipher cbc = Cipher.getInstance("AES/CBC/NoPadding");
        cbc.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(encryptionKey, "AES"),
                new IvParameterSpec(plain, AAD, 16));
        int text = AAD + 16;
        assertThat(Arrays.copyOfRange(sealed, text, text + TEXT))
                .isEqualTo(cbc.doFinal(plain, text, TEXT));

        Mac mac = Mac.getInstance(jcaName(integrity));
        mac.init(new SecretKeySpec(integrityKey, "key"));
        mac.update(sealed, 0, text + TEXT);
        assertThat(Arrays.copyOfRange(sealed, text + TEXT, sealed.length))
                .isEqualTo(Arrays.copyOf(mac.doFinal(), integrity.icvLength()));
    }

    @Test
    void aForgeryIsLeftEncrypted() {
        try (PayloadCipher cipher = cipher()) {
            byte[] sealed = new SeededEntropy(41).octets(AAD + 16 + TEXT + cipher.icvLength());
            cipher.seal(sealed, 0, AAD, TEXT);
            for (int octet = 0; octet < sealed.length; octet++) {
                byte[] forged = sealed.clone();
                forged[octet] ^= (byte) 0x80;
                byte[] before = forged.clone();

                assertThat(cipher.open(forged, 0, AAD, TEXT)).as("octet %d", octet).isFalse();
                assertThat(forged).as("octet %d", octet).isEqualTo(before);
            }
        }
    }

    @Test
    void aTextThatIsNotWholeBlocksIsTheCallersFault() {
        try (PayloadCipher cipher = cipher()) {
            byte[] octets = new byte[AAD + 16 + TEXT + cipher.icvLength()];
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> cipher.seal(octets, 0, AAD, TEXT - 1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> cipher.open(octets, 0, AAD, TEXT - 1));
        }
    }

    private static PayloadCipher cipher() {
        Entropy entropy = new SeededEntropy(42);
        return PayloadCipher.of(
                EncryptionAlgorithm.AES_CBC_128,
                IntegrityAlgorithm.HMAC_SHA2_256_128,
                entropy.octets(16),
                entropy.octets(32));
    }

    private static String jcaName(IntegrityAlgorithm integrity) {
        return switch (integrity) {
            case NONE -> throw new IllegalArgumentException("no integrity algorithm");
            case HMAC_SHA2_256_128 -> "HmacSHA256";
            case HMAC_SHA2_384_192 -> "HmacSHA384";
            case HMAC_SHA2_512_256 -> "HmacSHA512";
        };
    }
}
