package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/// Octets, and the reader and writer that take them apart and put them together.
class OctetsTest {
    @Test
    void octetsCompareByContent() {
        assertThat(Octets.ofHex("0102")).isEqualTo(Octets.of(new byte[] {1, 2}));
        assertThat(Octets.ofHex("0102")).hasSameHashCodeAs(Octets.of(new byte[] {1, 2}));
        assertThat(Octets.ofHex("0102")).isNotEqualTo(Octets.ofHex("0103"));
        assertThat(Octets.of(new byte[0])).isSameAs(Octets.EMPTY);
    }

    @Test
    void numbersAreBigEndian() {
        assertThat(Octets.ofLong(0x0102030405060708L)).isEqualTo(Octets.ofHex("0102030405060708"));
        assertThat(Octets.ofLong(-2).toLong(0)).isEqualTo(-2);
        assertThat(Octets.ofInt(0xfffefdfc).toInt()).isEqualTo(0xfffefdfc);
        assertThat(Octets.ofHex("ff" + "8000000000000001").toLong(1)).isEqualTo(Long.MIN_VALUE + 1);
        assertThat(Octets.ofHex("ff").at(0)).isEqualTo(255);
    }

    @Test
    void aSliceIsACopyOfItsPart() {
        assertThat(Octets.ofHex("01020304").slice(1, 3)).isEqualTo(Octets.ofHex("0203"));
        assertThat(Octets.ofHex("01020304").slice(2, 2).isEmpty()).isTrue();
    }

    @Test
    void longOctetsArePrintedInPart() {
        assertThat(Octets.of(new byte[64]).toString()).isEqualTo("00".repeat(64));
        assertThat(Octets.of(new byte[65]).toString())
                .isEqualTo("00".repeat(24) + "... (65 octets)");
    }

    @Test
    void theReaderGivesBackWhatTheWriterTook() throws MalformedException {
        byte[] octets =
                new WireWriter(1)
                        .u8(0xfe)
                        .u16(0xfedc)
                        .i32(0xfedcba98)
                        .i64(0xfedcba9876543210L)
                        .zeros(3)
                        .octets(Octets.ofHex("0708"))
                        .toArray();
        WireReader reader = new WireReader(octets);
        assertThat(reader.u8("")).isEqualTo(0xfe);
        assertThat(reader.u16("")).isEqualTo(0xfedc);
        assertThat(reader.i32("")).isEqualTo(0xfedcba98);
        assertThat(reader.i64("")).isEqualTo(0xfedcba9876543210L);
        reader.skip(3, "");
        assertThat(reader.rest()).isEqualTo(Octets.ofHex("0708"));
        assertThat(reader.isAtEnd()).isTrue();
        reader.end("");
    }

    @Test
    void aNarrowedReaderDoesNotSeeBeyondItsPart() throws MalformedException {
        WireReader reader = new WireReader(Octets.ofHex("0102030405"));
        WireReader part = reader.narrow(2, "part");
        assertThat(part.u16("")).isEqualTo(0x0102);
        assertThat(part.isAtEnd()).isTrue();
        assertThat(reader.rest()).isEqualTo(Octets.ofHex("030405"));
        assertRefused(() -> part.u8("beyond"), Malformation.TRUNCATED);
    }

    @Test
    void noLengthMakesTheReaderLeaveItsBounds() {
        for (int count : new int[] {3, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            assertRefused(
                    () -> new WireReader(Octets.ofHex("0102")).skip(count, ""),
                    Malformation.TRUNCATED);
            assertRefused(
                    () -> new WireReader(Octets.ofHex("0102")).octets(count, ""),
                    Malformation.TRUNCATED);
        }
        assertRefused(
                () -> new WireReader(Octets.ofHex("0102")).narrow(3, ""),
                Malformation.LENGTH_TOO_LARGE);
        assertRefused(
                () -> new WireReader(Octets.ofHex("0102")).narrow(-1, ""), Malformation.TRUNCATED);
        assertRefused(
                () -> new WireReader(Octets.ofHex("0102")).end(""), Malformation.TRAILING_OCTETS);
    }

    @Test
    void aLengthThatDoesNotFitItsFieldIsNotWritten() {
        WireWriter writer = new WireWriter().u16(0);
        assertThatIllegalArgumentException().isThrownBy(() -> writer.setU16(0, 65_536));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.setU16(0, -1));
        writer.setU16(0, 65_535);
        assertThat(writer.finish()).startsWith(0xff, 0xff);
    }

    @Test
    void aLengthOfFourOctetsMayHaveItsHighestBitSet() {
        WireWriter writer = new WireWriter(4).i32(0);
        writer.setI32(0, 0x80000001);
        assertThat(Octets.of(writer.finish()).hex()).isEqualTo("80000001");
    }

    @Test
    void zerosAreZeroWhereverTheWriterStands() {
        WireWriter writer = new WireWriter(2).u16(0xffff).zeros(2);
        assertThat(Octets.of(writer.toArray()).hex()).isEqualTo("ffff0000");
    }

    @Test
    void aMalformedExceptionCostsNoStackTrace() {
        MalformedException e = new MalformedException(Malformation.TRUNCATED, "spi");
        assertThat(e.getStackTrace()).isEmpty();
        assertThat(e).hasMessage("TRUNCATED: spi");
    }

    private interface Read {
        void run() throws MalformedException;
    }

    private static void assertRefused(Read read, Malformation wanted) {
        try {
            read.run();
        } catch (MalformedException e) {
            assertThat(e.malformation()).isEqualTo(wanted);
            return;
        }
        throw new AssertionError("read beyond its bounds");
    }
}
