package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class FieldsTest {
    private static final Fields RECORD =
            Fields.empty().with(1, "gw-a").with(2, 7).with(9, Octets.ofHex("0102"));

    @Test
    void aRecordComesBackAsItWasWritten() {
        Fields read = Fields.decode(RECORD.encode());
        assertThat(read).isEqualTo(RECORD);
        assertThat(RECORD.text(1)).isEqualTo("gw-a");
        assertThat(RECORD.number(2, 0)).isEqualTo(7);
        assertThat(RECORD.number(3, -1)).isEqualTo(-1);
    }

    @Test
    void whatANewerVersionHasPutInSurvivesAnOlderWriter() {
        byte[] newer = RECORD.with(60_000, "new").encode();
        newer[0] = 2;
        Fields read = Fields.decode(newer);
        assertThat(read).isNotNull();
        Fields again = Fields.decode(read.with(2, 8).encode());
        assertThat(again).isNotNull();
        assertThat(again.text(60_000)).isEqualTo("new");
        assertThat(again.encode()[0]).isEqualTo((byte) 2);
    }

    @Test
    void everyPrefixThatCutsAFieldIsNoRecord() {
        byte[] octets = Fields.empty().with(1, "gw-a").encode();
        for (int length = 0; length < octets.length; length++) {
            Fields read = Fields.decode(Arrays.copyOf(octets, length));
            if (length == 1) {
                assertThat(read).as("a version alone").isNotNull();
            } else {
                assertThat(read).as("%d octets", length).isNull();
            }
        }
    }

    @Test
    void aValueThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> RECORD.with(1, Octets.of(new byte[65_536])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noValueIsInItsText() {
        assertThat(RECORD.toString()).doesNotContain("gw-a");
    }
}
