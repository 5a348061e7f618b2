package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

class VirtioNetHeaderTest {
    private final MemorySegment memory = Arena.ofAuto().allocate(16).fill((byte) 0xee);

    @Test
    void aHeaderComesBackAndTouchesNoOtherOctet() {
        int type = VirtioNetHeader.GSO_TCPV6 | VirtioNetHeader.GSO_ECN;
        VirtioNetHeader.write(memory, 3, VirtioNetHeader.FLAG_NEEDS_CSUM, type, 60, 65_000, 40, 16);

        assertThat(VirtioNetHeader.flags(memory, 3)).isEqualTo(VirtioNetHeader.FLAG_NEEDS_CSUM);
        assertThat(VirtioNetHeader.gsoType(memory, 3)).isEqualTo(type);
        assertThat(VirtioNetHeader.headerLength(memory, 3)).isEqualTo(60);
        assertThat(VirtioNetHeader.gsoSize(memory, 3)).isEqualTo(65_000);
        assertThat(VirtioNetHeader.checksumStart(memory, 3)).isEqualTo(40);
        assertThat(VirtioNetHeader.checksumOffset(memory, 3)).isEqualTo(16);
        assertThat(hex())
                .isEqualTo("eeeeee" + "0184" + "3c00" + "e8fd" + "2800" + "1000" + "eeeeee");
    }

    @Test
    void aPlainHeaderIsTenZeros() {
        VirtioNetHeader.writePlain(memory, 3);

        assertThat(hex()).isEqualTo("eeeeee" + "00".repeat(10) + "eeeeee");
    }

    private String hex() {
        return HexFormat.of().formatHex(memory.toArray(ValueLayout.JAVA_BYTE));
    }
}
