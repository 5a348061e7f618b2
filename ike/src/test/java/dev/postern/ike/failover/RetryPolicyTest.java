package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Now;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;
import java.util.stream.LongStream;

/// Exponential waits with full jitter.
final class RetryPolicyTest {
    private static final long SECOND = Now.NANOS_PER_SECOND;

    private final RetryPolicy policy = new RetryPolicy(SECOND, 30 * SECOND);
    private final Entropy entropy = new SplittableRandom(5)::nextBytes;

    private long longestAfter(int failed) {
        return LongStream.generate(() -> policy.afterRounds(failed, entropy))
                .limit(2000)
                .max()
                .orElseThrow();
    }

    @Test
    void theFirstWaitIsAtMostTheFirstBound() {
        assertThat(longestAfter(1)).isBetween(9 * SECOND / 10, SECOND);
    }

    @Test
    void theBoundDoublesWithEachRoundUpToTheMaximum() {
        assertThat(longestAfter(2)).isBetween(18 * SECOND / 10, 2 * SECOND);
        assertThat(longestAfter(5)).isBetween(14 * SECOND, 16 * SECOND);
        assertThat(longestAfter(6)).isBetween(27 * SECOND, 30 * SECOND);
        assertThat(longestAfter(1000)).isBetween(27 * SECOND, 30 * SECOND);
    }

    /// Whose gateway has sent it away, before any round.
    @Test
    void whoHasToWaitBeforeItHasTriedWaitsAsAfterTheFirstRound() {
        assertThat(longestAfter(0)).isBetween(9 * SECOND / 10, SECOND);
    }

    @Test
    void anyPartOfTheBoundIsAsLikely() {
        double mean =
                LongStream.generate(() -> policy.afterRounds(1, entropy))
                        .limit(2000)
                        .average()
                        .orElseThrow();
        assertThat(mean).isBetween(0.46 * SECOND, 0.54 * SECOND);
    }
}
