package dev.postern.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;

/// TGS keys and their rotation, draft-dondeti-ipsec-failover-sol-00 section 6.1.
class Section_6_1_TgsKeyRingTest {
    private static final long NOW = 1_767_225_600L;
    private static final TgsKey OLD = key(1, NOW - 1000, TgsKey.UNLIMITED);
    private static final TgsKey NEW = key(2, NOW, TgsKey.UNLIMITED);

    @Test
    void thereIsNoRingWithoutAKey() {
        assertThatIllegalArgumentException().isThrownBy(() -> TgsKeyRing.of(List.of()));
    }

    @Test
    void theNewestKeyIssues() {
        assertThat(TgsKeyRing.of(List.of(OLD, NEW)).issuingAt(NOW)).isEqualTo(NEW);
        assertThat(TgsKeyRing.of(List.of(NEW, OLD)).issuingAt(NOW)).isEqualTo(NEW);
    }

    @Test
    void ofTwoKeysWithTheSameStartTheFirstOneIssues() {
        TgsKey other = key(3, NOW, TgsKey.UNLIMITED);
        assertThat(TgsKeyRing.of(List.of(other, NEW)).issuingAt(NOW)).isEqualTo(other);
        assertThat(TgsKeyRing.of(List.of(NEW, other)).issuingAt(NOW)).isEqualTo(NEW);
    }

    @Test
    void aKeyThatIsStillToComeSealsNothingButOpens() {
        TgsKeyRing ring = TgsKeyRing.of(List.of(OLD, NEW));
        assertThat(ring.issuingAt(NOW - 1)).isEqualTo(OLD);
        assertThat(ring.find(NEW.spi())).isEqualTo(NEW);
    }

    @Test
    void aTicketNamesTheKeyThatIssuedWhenItsSessionWas() {
        Session session = Sessions.psk();
        TgsKey earlier = key(5, session.issuedAt() - 5, TgsKey.UNLIMITED);
        TgsKey later = key(6, session.issuedAt() + 1, TgsKey.UNLIMITED);
        Octets ticket =
                Sessions.ticket(Sessions.sealer(later, earlier).seal(session, Sessions.entropy(1)));
        assertThat(ticket.toLong(0)).isEqualTo(earlier.spi());
    }

    @Test
    void theRingForgetsAKeyAtItsExpiryAndNotBefore() {
        TgsKeyRing ring = TgsKeyRing.of(List.of(NEW, key(4, 0, NOW + 60)));
        assertThat(ring.validAt(NOW + 59)).isSameAs(ring);
        assertThat(ring.nextExpiryAfter(NOW)).isEqualTo(NOW + 60);
        TgsKeyRing later = ring.validAt(NOW + 60);
        assertThat(later).isNotNull();
        assertThat(later.keys()).containsExactly(NEW);
        assertThat(later.nextExpiryAfter(NOW + 60)).isEqualTo(TgsKey.UNLIMITED);
    }

    @Test
    void nothingIsLeftOfARingWhoseKeysHaveAllExpired() {
        assertThat(TgsKeyRing.of(List.of(key(4, 0, NOW))).validAt(NOW)).isNull();
    }

    @Test
    void aRotationIssuesWithTheNewKeyAndOpensWithTheOldOneForTheOverlap() {
        TgsKeyRing ring = TgsKeyRing.of(List.of(OLD)).rotated(NEW, 3600);
        assertThat(ring.keys()).containsExactly(NEW, OLD.retiredAt(NOW + 3600));
        assertThat(ring.issuingAt(NOW)).isEqualTo(NEW);
        assertThat(ring.nextExpiryAfter(NOW)).isEqualTo(NOW + 3600);

        Octets before =
                Sessions.ticket(Sessions.sealer(OLD).seal(Sessions.psk(), Sessions.entropy(1)));
        assertThat(new SealedTickets(ring).open(before, Session.Kind.ONE_ROUND_TRIP))
                .isInstanceOf(OpenedTicket.class);
        TgsKeyRing after = ring.validAt(NOW + 3600);
        assertThat(after).isNotNull();
        assertThat(new SealedTickets(after).open(before, Session.Kind.ONE_ROUND_TRIP))
                .isEqualTo(new OpenResult.Refused(TicketRefusal.UNKNOWN_KEY));
    }

    @Test
    void aRotationNeverExtendsTheLifeOfAKey() {
        TgsKey retired = OLD.retiredAt(NOW + 10);
        assertThat(TgsKeyRing.of(List.of(retired)).rotated(NEW, 3600).keys())
                .containsExactly(NEW, retired);
    }

    @Test
    void twoKeysMayNotShareATgsSpiNorASecret() {
        TgsKey sameSpi = new TgsKey(OLD.spi(), NEW.secret(), NOW, TgsKey.UNLIMITED);
        TgsKey sameSecret = new TgsKey(77, OLD.secret(), NOW, TgsKey.UNLIMITED);
        assertThatIllegalArgumentException().isThrownBy(() -> TgsKeyRing.of(List.of(OLD, sameSpi)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TgsKeyRing.of(List.of(OLD, sameSecret)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TgsKeyRing.of(Collections.nCopies(65, OLD)));
    }

    @Test
    void aKeyThatNobodyDrewAtRandomIsRefused() {
        assertWeak("00".repeat(32));
        assertWeak("ff".repeat(32));
        assertWeak("0123456789abcdef".repeat(4));
        assertWeak("000102030405060708090a0b0c0d0e0f".repeat(2));
        assertWeak("0102".repeat(15) + "0304");
    }

    @Test
    void aKeyOfAnotherLengthIsRefused() {
        assertWeak("");
        assertWeak("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e");
        assertWeak("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20");
    }

    @Test
    void aKeyThatExpiresBeforeItsFirstUseIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> key(1, NOW, NOW));
    }

    @Test
    void aSecretOfZerosFromBrokenEntropyIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> TgsKey.generate(_ -> {}, NOW));
    }

    @Test
    void printingAKeyOrARingTellsNoSecret() {
        String secret = Octets.of(OLD.secret().expose()).hex();
        TgsKeyRing ring = TgsKeyRing.of(List.of(OLD, NEW));
        assertThat(OLD.toString()).isEqualTo("TgsKey[" + Octets.ofLong(OLD.spi()).hex() + "]");
        assertThat(ring.toString()).doesNotContain(secret.substring(0, 8));
    }

    private static void assertWeak(String hex) {
        SecretBytes secret = SecretBytes.copyOf(Octets.ofHex(hex).array());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TgsKey(1, secret, 0, TgsKey.UNLIMITED))
                .withMessageContaining("TGS key")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("0102"));
    }

    private static TgsKey key(long seed, long issueFrom, long acceptUntil) {
        TgsKey key = Sessions.key(seed);
        return new TgsKey(key.spi(), key.secret(), issueFrom, acceptUntil);
    }
}
