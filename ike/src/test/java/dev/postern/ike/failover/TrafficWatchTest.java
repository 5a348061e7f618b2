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
    void trafficThatHasNoAnswersIsCheckedEverMoreSeldom() {
        int checks = 0;
        for (long now = 0; now < 100 * SILENCE; now++) {
            checks += watch.isSuspicious(now, now + 1, 0) ? 1 : 0;
        }
        // After 1, 2, 4 and from then on each 8 times the silence.
        assertThat(checks).isEqualTo(3 + (100 - 7) / 8);
        watch.isSuspicious(100 * SILENCE, 1_000_000, 1);
        watch.isSuspicious(100 * SILENCE + 1, 1_000_001, 1);
        assertThat(watch.isSuspicious(101 * SILENCE + 1, 1_000_002, 1))
                .as("an answer begins anew")
                .isTrue();
    }

    @Test
    void zeroSwitchesTheWatchOff() {
        TrafficWatch off = new TrafficWatch(0);
        off.isSuspicious(0, 1, 0);
        assertThat(off.isSuspicious(1_000_000, 2, 0)).isFalse();
    }
}
