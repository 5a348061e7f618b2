package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TrafficWatchTest {
    private static final long SILENCE = 400;

    private final TrafficWatch watch = new TrafficWatch(SILENCE);

    @Test
    void packetsWithoutAnswersAreSuspiciousAfterTheSilence() {
        assertThat(watch.isSuspicious(0, 1, 0)).isFalse();
        assertThat(watch.isSuspicious(SILENCE - 1, 5, 0)).isFalse();
        assertThat(watch.isSuspicious(SILENCE, 6, 0)).isTrue();
    }

    @Test
    void anAnswerEndsTheSuspicion() {
        watch.isSuspicious(0, 1, 0);
        assertThat(watch.isSuspicious(SILENCE, 2, 1)).isFalse();
        assertThat(watch.isSuspicious(SILENCE + 1, 2, 1)).isFalse();
    }

    @Test
    void anIdleTunnelIsNotSuspicious() {
        watch.isSuspicious(0, 1, 1);
        assertThat(watch.isSuspicious(1_000_000, 1, 1)).isFalse();
    }

    @Test
    void anotherChildSaStartsAfresh() {
        watch.isSuspicious(0, 100, 50);
        watch.isSuspicious(1, 101, 50);
        assertThat(watch.isSuspicious(SILENCE + 1, 3, 50)).isFalse();
    }

    @Test
    void zeroSwitchesTheWatchOff() {
        TrafficWatch off = new TrafficWatch(0);
        off.isSuspicious(0, 1, 0);
        assertThat(off.isSuspicious(1_000_000, 2, 0)).isFalse();
    }
}
