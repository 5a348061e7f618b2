package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/// RFC 5869.
class HkdfTest {
    @Test
    void everyWycheproofCaseComesOutAsPublished() {
        int valid = 0;
        int invalid = 0;
        for (TestVectors.Case test : TestVectors.wycheproof("hkdf_sha256_test.json")) {
            byte[] key = test.octets("ikm");
            byte[] salt = test.octets("salt");
            byte[] info = test.octets("info");
            int size = test.number("size");
            if (test.text("result").equals("valid")) {
                assertThat(Hkdf.sha256(key, salt, info, size))
                        .as(test.name())
                        .isEqualTo(test.octets("okm"));
                valid++;
            } else {
                assertThatIllegalArgumentException()
                        .as(test.name())
                        .isThrownBy(() -> Hkdf.sha256(key, salt, info, size));
                invalid++;
            }
        }
        assertThat(valid).isEqualTo(83);
        assertThat(invalid).isEqualTo(3);
    }
}
