package dev.postern.gateway.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// When a network thread lets IKE messages gather.
class NetworkReaderTest {
    @Test
    void messagesGatherWhileTheControlPlaneIsBusy() {
        assertThat(NetworkReader.restNanos(1, 99_999)).isZero();
        assertThat(NetworkReader.restNanos(1, 100_000)).isEqualTo(50_000);
        assertThat(NetworkReader.restNanos(7, 150_000)).isEqualTo(75_000);
    }

    @Test
    void packetsThatComeAmongThemWaitForATenthOfAMillisecondAtMost() {
        assertThat(NetworkReader.restNanos(1, 200_000)).isEqualTo(100_000);
        assertThat(NetworkReader.restNanos(7, Long.MAX_VALUE)).isEqualTo(100_000);
    }

    @Test
    void aSocketThatGivesMuchIsAskedAgainAtOnce() {
        assertThat(NetworkReader.restNanos(8, 1_000_000)).isZero();
        assertThat(NetworkReader.restNanos(16, 1_000_000)).isZero();
    }
}
