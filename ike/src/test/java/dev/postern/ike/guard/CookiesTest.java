package dev.postern.ike.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Now;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;

/// RFC 7296 section 2.6: how long a cookie is good.
class CookiesTest {
    private static final InetAddress SOURCE = InetAddress.ofLiteral("192.0.2.1");
    private static final byte[] SUBJECT = {1, 2, 3};

    private final Entropy entropy = new SeededEntropy(11);
    private final Cookies cookies = new Cookies();

    private static Now at(long seconds) {
        return new Now(seconds * Now.NANOS_PER_SECOND, 1_000 + seconds);
    }

    private Octets make(long seconds) {
        return cookies.make(SUBJECT, SOURCE, 9, 0, at(seconds), entropy);
    }

    private boolean isGood(Octets cookie, long seconds) {
        return cookies.difficultyOf(cookie, SUBJECT, SOURCE, 9, at(seconds), entropy)
                != Cookies.WRONG;
    }

    @Test
    void oneOfTheSecretBeforeIsStillGood() {
        Octets cookie = make(5);
        assertThat(isGood(cookie, 120)).isTrue();
        assertThat(isGood(cookie, 239)).isTrue();
    }

    @Test
    void noneIsGoodAfterTwoLifetimesHoweverQuietItWas() {
        Octets cookie = make(0);
        assertThat(isGood(cookie, 7_200)).as("nobody came for two hours").isFalse();

        Octets next = make(7_200);
        assertThat(isGood(next, 7_439)).as("nobody came until it had almost ended").isTrue();
        assertThat(isGood(next, 7_442)).isFalse();
    }

    @Test
    void theNextAreGoodAsEver() {
        make(0);
        Octets late = make(200);
        assertThat(isGood(late, 300)).isTrue();
        Octets after = make(10_000);
        assertThat(isGood(after, 10_001)).isTrue();
    }
}
