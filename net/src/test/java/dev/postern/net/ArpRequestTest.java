package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.Inet4Address;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/// RFC 826, as it stands on the wire.
final class ArpRequestTest {
    private static final byte[] OURS = HexFormat.of().parseHex("0200000000aa");
    private static final byte[] REQUEST =
            HexFormat.of()
                    .parseHex(
                            "0001 0800 06 04 0001".replace(" ", "")
                                    + "0200000000bb"
                                    + "c000020a"
                                    + "000000000000"
                                    + "c0000201");

    @Test
    void aRequestNamesWhoAsksAndForWhom() {
        ArpRequest request = ArpRequest.parse(REQUEST);

        assertThat(request).isNotNull();
        if (request != null) {
            assertThat(request.asked()).isEqualTo(Inet4Address.ofLiteral("192.0.2.1"));
            assertThat(request.asking()).isEqualTo(Inet4Address.ofLiteral("192.0.2.10"));
            assertThat(HexFormat.of().formatHex(request.hardwareAddress()))
                    .isEqualTo("0200000000bb");
        }
    }

    @Test
    void theAnswerSwapsTheTwoAndSaysOurHardwareAddress() {
        ArpRequest request = ArpRequest.parse(REQUEST);

        assertThat(request).isNotNull();
        if (request != null) {
            assertThat(HexFormat.of().formatHex(request.answer(OURS)))
                    .isEqualTo(
                            "0001080006040002"
                                    + "0200000000aa"
                                    + "c0000201"
                                    + "0200000000bb"
                                    + "c000020a");
        }
    }

    /// Padding of the link is allowed, nothing may be missing, and no other kind is a request.
    @Test
    void nothingElseIsARequest() {
        assertThat(ArpRequest.parse(Arrays.copyOf(REQUEST, 46))).isNotNull();
        for (int length = 0; length < REQUEST.length; length++) {
            assertThat(ArpRequest.parse(Arrays.copyOf(REQUEST, length))).isNull();
        }
        for (int at = 0; at < 8; at++) {
            byte[] other = REQUEST.clone();
            other[at] ^= 2;
            assertThat(ArpRequest.parse(other)).isNull();
        }
        Random random = new Random(826);
        byte[] garbage = new byte[28];
        for (int i = 0; i < 100_000; i++) {
            random.nextBytes(garbage);
            assertThat(ArpRequest.parse(garbage)).isNull();
        }
    }
}
