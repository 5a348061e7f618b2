package dev.postern.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Rotation in a running gateway: "the key SHOULD be changed", draft-dondeti-ipsec-failover-sol-00
/// section 6.1, and threat (21), the window of old keys.
class Section_6_1_RotationTest {
    private static final long NOW = 1_767_225_600L;
    private static final TgsKeySchedule DAILY = new TgsKeySchedule(86_400, 3_600, 8 * 3_600);

    private static TgsKey key(long seed, long issueFrom, long acceptUntil) {
        TgsKey fresh = TgsKey.generate(Sessions.entropy(seed), issueFrom);
        return new TgsKey(fresh.spi(), fresh.secret(), issueFrom, acceptUntil);
    }

    private static boolean opens(TicketSealer sealer, Octets ticket) {
        return sealer.open(ticket, Session.Kind.ONE_ROUND_TRIP) instanceof OpenedTicket;
    }

    private static boolean isWiped(SecretBytes secret) {
        try {
            secret.expose();
            return false;
        } catch (IllegalStateException wiped) {
            return true;
        }
    }

    @Test
    void aRolloverOnceStillOpensAndTwiceFallsBack() {
        RotatingTickets tickets = new RotatingTickets(TgsKeyRing.of(List.of(key(1, 0, NOW + 100))));
        Octets ticket = Sessions.ticket(tickets.seal(Sessions.psk(), Sessions.entropy(9)));

        tickets.replace(TgsKeyRing.of(List.of(key(2, 0, NOW + 200), key(1, 0, NOW + 100))));
        assertThat(opens(tickets, ticket)).isTrue();

        tickets.replace(TgsKeyRing.of(List.of(key(3, 0, NOW + 300), key(2, 0, NOW + 200))));
        assertThat(tickets.open(ticket, Session.Kind.ONE_ROUND_TRIP))
                .isEqualTo(new OpenResult.Refused(TicketRefusal.UNKNOWN_KEY));
    }

    @Test
    void keysThatLeaveTheRingAreWipedAndThoseThatStayAreNot() {
        TgsKey leaving = key(1, 0, TgsKey.UNLIMITED);
        TgsKey staying = key(2, 0, TgsKey.UNLIMITED);
        RotatingTickets tickets = new RotatingTickets(TgsKeyRing.of(List.of(leaving, staying)));
        tickets.replace(TgsKeyRing.of(List.of(staying)));
        assertThat(isWiped(leaving.secret())).isTrue();
        assertThat(isWiped(staying.secret())).isFalse();
        tickets.close();
        assertThat(isWiped(staying.secret())).isTrue();
    }

    @Test
    void anExpiredKeyLeavesAtItsInstantAndItsTicketsAreRefusedFromThenOn() {
        TgsKey old = key(1, 0, NOW + 100);
        RotatingTickets tickets =
                new RotatingTickets(TgsKeyRing.of(List.of(old, key(2, NOW, TgsKey.UNLIMITED))));
        Octets ticket = Sessions.ticket(Sessions.sealer(old).seal(Sessions.psk(), s -> {}));
        assertThat(tickets.expire(NOW + 99)).isFalse();
        assertThat(opens(tickets, ticket)).isTrue();
        assertThat(tickets.expire(NOW + 100)).isTrue();
        assertThat(opens(tickets, ticket)).isFalse();
        assertThat(isWiped(old.secret())).isTrue();
    }

    @Test
    void withoutAnyKeyNothingIsSealedAndNothingOpens() {
        TgsKey only = key(1, 0, NOW);
        Octets ticket = Sessions.ticket(Sessions.sealer(only).seal(Sessions.psk(), s -> {}));
        RotatingTickets tickets = new RotatingTickets(TgsKeyRing.of(List.of(only)));
        assertThat(tickets.expire(NOW)).isTrue();
        assertThat(tickets.ring()).isNull();
        assertThat(tickets.seal(Sessions.psk(), Sessions.entropy(1)))
                .isEqualTo(new SealResult.NoKey());
        assertThat(opens(tickets, ticket)).isFalse();
        assertThat(tickets.expire(NOW + 1)).isFalse();
    }

    @Test
    void theNextKeyIsAnnouncedAnHourBeforeItIssues() {
        TgsKeyRing ring = TgsKeyRing.of(List.of(key(1, NOW, TgsKey.UNLIMITED)));
        assertThat(DAILY.dueAt(ring)).isEqualTo(NOW + 82_800);
        assertThat(DAILY.next(ring, NOW + 82_799, Sessions.entropy(5))).isNull();
        TgsKeyRing next = DAILY.next(ring, NOW + 82_800, Sessions.entropy(5));
        assertThat(next).isNotNull();
        assertThat(next.keys()).hasSize(2);
        assertThat(next.issuingAt(NOW + 82_800)).isEqualTo(next.keys().getLast());
        assertThat(next.keys().getFirst().issueFrom()).isEqualTo(NOW + 86_400);
        assertThat(next.keys().getLast().acceptUntil()).isEqualTo(NOW + 86_400 + 8 * 3_600);
    }

    @Test
    void ayearOfDailyRotationsNeverLeavesATicketWithoutItsKey() {
        TgsKeyRing ring = TgsKeyRing.of(List.of(key(1, NOW, TgsKey.UNLIMITED)));
        for (long now = NOW; now < NOW + 365L * 86_400; now += 1_800) {
            TgsKeyRing valid = ring.validAt(now);
            assertThat(valid).isNotNull();
            TgsKeyRing next = DAILY.next(valid, now, Sessions.entropy(now));
            ring = next == null ? valid : next;
            TgsKey issuing = ring.issuingAt(now);
            assertThat(issuing.issueFrom()).isLessThanOrEqualTo(now);
            assertThat(issuing.acceptUntil()).isGreaterThan(now + 8 * 3_600);
            assertThat(ring.keys().size()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void afterALongPauseTheNextKeyIsStillAnnouncedBeforeItIssues() {
        TgsKeyRing ring = TgsKeyRing.of(List.of(key(1, 0, TgsKey.UNLIMITED)));
        TgsKeyRing next = DAILY.next(ring, NOW, Sessions.entropy(5));
        assertThat(next).isNotNull();
        assertThat(next.keys().getFirst().issueFrom()).isEqualTo(NOW + 3_600);
    }

    @Test
    void aScheduleThatOverflowsTheRingOrComesTooLateIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TgsKeySchedule(60, 60, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TgsKeySchedule(0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TgsKeySchedule(60, 1, 61 * 60));
    }
}
