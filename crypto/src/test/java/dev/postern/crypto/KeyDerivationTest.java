package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// RFC 7296 sections 2.14, 2.17 and 2.18 and RFC 5723 section 5.1.
class KeyDerivationTest {
    private static final byte[] NONE = {};

    @Test
    void everyCaseOfTheNistFileComesOutAsPublished() {
        int ran = 0;
        Prf prf = Prf.HMAC_SHA1;
        Map<String, String> values = new HashMap<>();
        for (String line : TestVectors.nist("ikev2-kdf.rsp")) {
            if (line.startsWith("[SHA-")) {
                prf = prfOf(line);
            }
            int equals = line.indexOf(" = ");
            if (equals < 0) {
                continue;
            }
            values.put(line.substring(0, equals), line.substring(equals + 3).strip());
            if (line.startsWith("SKEYSEED(Rekey)")) {
                check(prf, values);
                values.clear();
                ran++;
            }
        }
        assertThat(ran).isEqualTo(280);
    }

    private static Prf prfOf(String line) {
        return switch (line.strip()) {
            case "[SHA-1]" -> Prf.HMAC_SHA1;
            case "[SHA-224]" -> Prf.HMAC_SHA2_224;
            case "[SHA-256]" -> Prf.HMAC_SHA2_256;
            case "[SHA-384]" -> Prf.HMAC_SHA2_384;
            case "[SHA-512]" -> Prf.HMAC_SHA2_512;
            default -> throw new IllegalArgumentException(line);
        };
    }

    private static void check(Prf prf, Map<String, String> values) {
        byte[] ni = value(values, "Ni");
        byte[] nr = value(values, "Nr");
        byte[] fresh = value(values, "g^ir (new)");
        byte[] skeyseed = KeyDerivation.skeyseed(prf, ni, nr, value(values, "g^ir"));
        assertThat(skeyseed).isEqualTo(value(values, "SKEYSEED"));

        byte[] expected = value(values, "DKM");
        long spiI = ByteBuffer.wrap(value(values, "SPIi")).getLong();
        long spiR = ByteBuffer.wrap(value(values, "SPIr")).getLong();
        byte[] dkm =
                KeyDerivation.ikeKeyMaterial(prf, skeyseed, ni, nr, spiI, spiR, expected.length);
        assertThat(dkm).isEqualTo(expected);

        byte[] skD = Arrays.copyOf(dkm, prf.length());
        byte[] child = value(values, "DKM(Child SA)");
        assertThat(KeyDerivation.childKeyMaterial(prf, skD, NONE, ni, nr, child.length))
                .isEqualTo(child);
        byte[] childWithKe = value(values, "DKM(Child SA D-H)");
        assertThat(KeyDerivation.childKeyMaterial(prf, skD, fresh, ni, nr, childWithKe.length))
                .isEqualTo(childWithKe);
        assertThat(KeyDerivation.rekeyedSkeyseed(prf, skD, fresh, ni, nr))
                .isEqualTo(value(values, "SKEYSEED(Rekey)"));
    }

    private static byte[] value(Map<String, String> values, String name) {
        return TestVectors.hex(Objects.requireNonNull(values.get(name), name));
    }

    @Test
    void aResumedSkeyseedIsThePrfOfTheLabelAndBothNonces() {
        byte[] skD = new SeededEntropy(1).octets(32);
        byte[] ni = {1, 2, 3};
        byte[] nr = {4, 5};
        byte[] message =
                "Resumption\u0001\u0002\u0003\u0004\u0005".getBytes(StandardCharsets.US_ASCII);

        assertThat(KeyDerivation.resumedSkeyseed(Prf.HMAC_SHA2_256, skD, ni, nr))
                .isEqualTo(Prf.HMAC_SHA2_256.compute(skD, message));
    }
}
