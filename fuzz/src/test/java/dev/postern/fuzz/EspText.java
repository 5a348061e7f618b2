package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/// What lies under the key of an ESP packet in tunnel mode (RFC 4303 section 2): the packet,
/// padding that counts up, its length and the next header.
record EspText(byte[] packet, int nextHeader) {
    private static final int IPV4 = 4;
    private static final int IPV6 = 41;

    static EspText of(byte[] text) {
        int padding = Byte.toUnsignedInt(text[text.length - 2]);
        int length = text.length - 2 - padding;
        for (int i = 0; i < padding; i++) {
            assertThat(text[length + i]).isEqualTo((byte) (i + 1));
        }
        return new EspText(Arrays.copyOf(text, length), Byte.toUnsignedInt(text[text.length - 1]));
    }

    /// The IP version that the next header stands for.
    int version() {
        assertThat(nextHeader).isIn(IPV4, IPV6);
        return nextHeader == IPV4 ? 4 : 6;
    }
}
