package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.negotiate.SuiteNames;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/// What a standby does before its day.
class TakeoverRehearsalTest {
    private static final int SESSIONS = 50;

    private static TakeoverRehearsal rehearsal(BooleanSupplier standsBy) {
        return new TakeoverRehearsal(
                new SystemEntropy(),
                SuiteNames.ikeSuite("aes256gcm16-prfsha384-x25519"),
                SuiteNames.espSuite("aes256gcm16"),
                standsBy);
    }

    /// The rest is asked once for each client and once for each takeover.
    @Test
    void everyIkeSaIsCarriedOnWithInEveryRound() {
        AtomicInteger asked = new AtomicInteger();
        assertThat(rehearsal(() -> asked.incrementAndGet() <= SESSIONS + 3).run(() -> {}))
                .isEqualTo(3 * SESSIONS);
    }

    @Test
    void aMemberThatServesDoesNotRehearse() {
        assertThat(rehearsal(() -> false).run(() -> {})).isZero();
    }
}
