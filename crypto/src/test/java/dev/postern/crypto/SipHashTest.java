package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HexFormat;

/// The vectors of the paper and of its reference implementation: key 00 01 .. 0f, and as many
/// octets 00 01 02 .. as are told. OpenSSL's SIPHASH gives the same.
class SipHashTest {
    private static final SipHash.Key KEY = SipHash.Key.of(counting(16));

    private static byte[] counting(int length) {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = (byte) i;
        }
        return octets;
    }

    private static String littleEndian(long tag) {
        return HexFormat.of().toHexDigits(Long.reverseBytes(tag));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 310e0edd47db6f72",
        "1, fd67dc93c539f874",
        "7, 37d1018bf50002ab",
        "8, 6224939a79f5f593",
        "9, b0e4a90bdf82009e",
        "15, e545be4961ca29a1",
        "16, db9bc2577fcc2a3f",
        "63, 724506eb4c328a95",
        "300, 397811b60d710b4b"
    })
    void itGivesThePublishedTags(int length, String tag) {
        assertThat(littleEndian(new SipHash(KEY).add(counting(length)).tag())).isEqualTo(tag);
    }

    @Test
    void partsAreOneStringOfOctets() {
        byte[] octets = counting(40);
        long whole = new SipHash(KEY).add(octets).tag();

        assertThat(new SipHash(KEY).add(octets, 0, 3).add(octets, 3, 40).tag()).isEqualTo(whole);
        assertThat(new SipHash(KEY).octet(0).i64(0x0102030405060708L).add(octets, 9, 40).tag())
                .isEqualTo(whole);
    }

    @Test
    void aKeyIsNeverShown() {
        assertThat(KEY).hasToString("SipHash key");
    }
}
