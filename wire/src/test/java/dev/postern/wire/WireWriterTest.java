package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WireWriterTest {
    @Test
    void aSecretThatIsFinishedIsNowhereInTheWriter() {
        WireWriter writer = new WireWriter(4).i32(0x01020304).i32(0x05060708);
        assertThat(writer.finishSecret()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(writer.position()).isZero();
        assertThat(writer.zeros(8).toArray()).containsOnly(0);
    }
}
