package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyFile;
import dev.postern.ticket.TgsKeyRing;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;

class SharedTgsKeysTest {
    private static final long NOW = 1_800_000_000L;

    private final Random random = new Random(5);
    private final TgsKey old = key(NOW - 1_000);
    private final TgsKey ofA = key(NOW + 60);
    private final TgsKey ofB = key(NOW + 60);

    private TgsKey key(long issueFrom) {
        return TgsKey.generate(random::nextBytes, issueFrom);
    }

    private static TgsKeyRing ring(TgsKey... keys) {
        return TgsKeyRing.of(List.of(keys));
    }

    private static String text(TgsKeyRing ring) {
        return TgsKeyFile.write(ring);
    }

    @Test
    void twoSidesThatBothMadeAKeyHaveBothInOneOrder() {
        TgsKeyRing one = SharedTgsKeys.union(ring(ofA, old), ring(ofB, old), NOW);
        TgsKeyRing other = SharedTgsKeys.union(ring(ofB, old), ring(ofA, old), NOW);
        assertThat(one.keys()).hasSize(3);
        assertThat(text(one)).isEqualTo(text(other));
    }

    @Test
    void whatOneHasRetiredIsRetired() {
        TgsKey retired = old.retiredAt(NOW + 500);
        TgsKeyRing union = SharedTgsKeys.union(ring(old), ring(ofA, retired), NOW);
        TgsKey found = union.find(old.spi());
        assertThat(found).isNotNull();
        assertThat(found.acceptUntil()).isEqualTo(NOW + 500);
        assertThat(SharedTgsKeys.isNewsFor(ring(ofA, old), union)).as("the end alone").isTrue();
        assertThat(SharedTgsKeys.isNewsFor(union, union)).isFalse();
    }

    @Test
    void aKeyThatTheOtherSideStillKeepsIsNoReasonToTellItAnything() {
        assertThat(SharedTgsKeys.isNewsFor(ring(ofA, old), ring(ofA))).isFalse();
    }

    @Test
    void whatIsLongOverIsForgottenButNeverTheLastKey() {
        TgsKey over = old.retiredAt(NOW - 200_000 + 1);
        TgsKey longOver = new TgsKey(7, over.secret(), 1, NOW - 100_000);
        assertThat(SharedTgsKeys.union(ring(ofA, longOver), ring(ofA), NOW).keys())
                .containsExactly(ofA);
        assertThat(SharedTgsKeys.union(ring(longOver), ring(longOver), NOW).keys()).hasSize(1);
    }

    @Test
    void anotherSecretUnderOurTgsSpiDoesNotReplaceOurs() {
        TgsKey impostor = new TgsKey(old.spi(), ofA.secret(), 0, TgsKey.UNLIMITED);
        TgsKeyRing union = SharedTgsKeys.union(ring(old), ring(impostor), NOW);
        assertThat(union.keys()).containsExactly(old);
    }

    /// Two TGS-SPIs for one secret would count its nonces twice.
    @Test
    void oneSecretStandsUnderOneTgsSpi() {
        TgsKey twin = new TgsKey(old.spi() + 1, old.secret(), 0, TgsKey.UNLIMITED);
        assertThat(SharedTgsKeys.union(ring(old), ring(twin), NOW).keys()).containsExactly(old);
    }
}
