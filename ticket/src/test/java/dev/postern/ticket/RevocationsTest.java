package dev.postern.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ticket.Revocation.OfCertificate;
import dev.postern.ticket.Revocation.OfEverything;
import dev.postern.ticket.Revocation.OfGrant;
import dev.postern.ticket.Revocation.OfIdentity;
import dev.postern.ticket.Revocation.OfSession;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Failover profile, "Revocation": a session, an identity, a certificate, or everything before an
/// instant; bounded, and the bound fails safe.
class RevocationsTest {
    private static final long NOW = 1_767_225_600L;
    private static final long LIFETIME = 8 * 3600;
    private static final Octets CERTIFICATE = Octets.of(new byte[32]);
    private static final Identity ALICE = Identity.fqdn("alice.example");

    /// A session, as far as a revocation looks at it.
    private record Known(
            Octets sessionId,
            Identity initiator,
            Identity authenticatedIdentity,
            Octets peerCertificate,
            long authenticatedAt,
            long grantedAt)
            implements Revocable {
        Known(
                Octets sessionId,
                Identity initiator,
                Identity authenticatedIdentity,
                Octets peerCertificate,
                long authenticatedAt) {
            this(sessionId, initiator, authenticatedIdentity, peerCertificate, authenticatedAt, 0);
        }

        Known grantedAt(long instant) {
            return new Known(
                    sessionId,
                    initiator,
                    authenticatedIdentity,
                    peerCertificate,
                    authenticatedAt,
                    instant);
        }
    }

    private final Revocations revocations = new Revocations(100, LIFETIME);

    private static Octets id(int number) {
        return Octets.ofHex("%032x".formatted(number));
    }

    private static Known alice(int number, long authenticatedAt) {
        return new Known(id(number), ALICE, ALICE, CERTIFICATE, authenticatedAt);
    }

    @Test
    void nothingIsRevokedAtTheBeginning() {
        assertThat(revocations.covers(alice(1, 0))).isFalse();
    }

    @Test
    void aSessionIsRevokedAndItsNeighbourIsNot() {
        revocations.add(new OfSession(id(1), NOW), NOW);
        assertThat(revocations.covers(alice(1, NOW - 10))).isTrue();
        assertThat(revocations.covers(alice(2, NOW - 10))).isFalse();
    }

    @Test
    void ofASessionWhatItWasGrantedBeforeIsRevokedAndWhatItIsGrantedNowIsNot() {
        revocations.add(new OfGrant(id(1), NOW), NOW);
        assertThat(revocations.covers(alice(1, NOW - 10))).isTrue();
        assertThat(revocations.covers(alice(1, NOW - 10).grantedAt(NOW - 1))).isTrue();
        assertThat(revocations.covers(alice(1, NOW - 10).grantedAt(NOW))).isFalse();
        assertThat(revocations.covers(alice(2, NOW - 10))).isFalse();
    }

    @Test
    void theMarkOfAGrantRisesWithEveryOrderWhateverTheClockSays() {
        List<Octets> server = List.of(Octets.ofHex("0b077374616666"));
        assertThat(GrantMark.in(server)).isZero();
        List<Octets> first = GrantMark.placed(server, GrantMark.next(server, NOW));
        assertThat(GrantMark.in(first)).isEqualTo(NOW);
        List<Octets> second = GrantMark.placed(first, GrantMark.next(first, NOW - 500));
        assertThat(GrantMark.in(second)).isEqualTo(NOW + 1);
        assertThat(second).as("one mark, and what the server gave").hasSize(2).containsAll(server);
    }

    @Test
    void anIdentityIsRevokedUpToTheInstantAndMayAuthenticateAgain() {
        revocations.add(new OfIdentity(ALICE, NOW), NOW);
        assertThat(revocations.covers(alice(1, NOW - 1))).isTrue();
        assertThat(revocations.covers(alice(1, NOW + 61))).isFalse();
    }

    @Test
    void aGatewayWhoseClockIsAMinuteAheadSavesNobody() {
        revocations.add(new OfIdentity(ALICE, NOW), NOW);
        assertThat(revocations.covers(alice(1, NOW + 60))).isTrue();
    }

    @Test
    void anIdentityIsFoundAsIdiAndAsTheOneThatEapVerified() {
        revocations.add(new OfIdentity(ALICE, NOW), NOW);
        Identity other = Identity.fqdn("laptop.example");
        assertThat(revocations.covers(new Known(id(1), other, ALICE, Octets.EMPTY, NOW))).isTrue();
        assertThat(revocations.covers(new Known(id(1), ALICE, other, Octets.EMPTY, NOW))).isTrue();
        assertThat(revocations.covers(new Known(id(1), other, other, Octets.EMPTY, NOW))).isFalse();
    }

    @Test
    void aCertificateIsRevokedAndSessionsWithoutOneAreNot() {
        revocations.add(new OfCertificate(CERTIFICATE, NOW), NOW);
        assertThat(revocations.covers(alice(1, NOW))).isTrue();
        assertThat(revocations.covers(new Known(id(1), ALICE, ALICE, Octets.EMPTY, NOW))).isFalse();
    }

    @Test
    void everythingBeforeAnInstantIsRevoked() {
        revocations.add(new OfEverything(NOW), NOW);
        assertThat(revocations.covers(alice(9, NOW))).isTrue();
        assertThat(revocations.covers(alice(9, NOW + 61))).isFalse();
    }

    @Test
    void theLaterOfTwoInstantsCounts() {
        revocations.add(new OfIdentity(ALICE, NOW), NOW);
        revocations.add(new OfIdentity(ALICE, NOW - 5000), NOW);
        assertThat(revocations.covers(alice(1, NOW))).isTrue();
        assertThat(revocations.size()).isEqualTo(1);
    }

    @Test
    void anEntryIsKeptUntilTheLongestTicketLifetimeHasPassed() {
        revocations.add(new OfSession(id(1), NOW), NOW);
        revocations.forget(NOW + LIFETIME + 60);
        assertThat(revocations.size()).isEqualTo(1);
        revocations.forget(NOW + LIFETIME + 61);
        assertThat(revocations.size()).isZero();
    }

    @Test
    void moreThanTheLimitBecomesEverythingUpToNowWhichCoversAllOfThem() {
        for (int i = 0; i < 100; i++) {
            assertThat(revocations.add(new OfSession(id(i), NOW), NOW)).isFalse();
        }
        assertThat(revocations.add(new OfSession(id(100), NOW), NOW + 5)).isTrue();
        assertThat(revocations.size()).isZero();
        for (int i = 0; i <= 100; i++) {
            assertThat(revocations.covers(alice(i, NOW))).isTrue();
        }
        assertThat(revocations.covers(alice(5000, NOW))).as("an honest one too").isTrue();
        assertThat(revocations.covers(alice(5000, NOW + 66))).as("after a full exchange").isFalse();
        assertThat(revocations.entries()).containsExactly(new OfEverything(NOW + 5));
    }

    @Test
    void entriesThatNobodyNeedsAnyMoreMakeRoomBeforeTheCollapse() {
        for (int i = 0; i < 100; i++) {
            revocations.add(new OfSession(id(i), NOW), NOW);
        }
        long later = NOW + LIFETIME + 61;
        assertThat(revocations.add(new OfSession(id(100), later), later)).isFalse();
        assertThat(revocations.size()).isEqualTo(1);
    }

    @Test
    void theTextHoldsThemAll() {
        List<Revocation> all =
                List.of(
                        new OfSession(id(7), NOW),
                        new OfGrant(id(8), NOW),
                        new OfIdentity(Identity.email("a#b c@example"), NOW),
                        new OfCertificate(CERTIFICATE, NOW),
                        new OfEverything(NOW));
        assertThat(RevocationText.parse(RevocationText.write(all)))
                .isEqualTo(new RevocationText.Parsed.Valid(all));
    }

    @Test
    void oneBadLineMakesTheWholeTextBad() {
        for (String bad :
                List.of(
                        "session 77 2026-01-01T00:00:00Z",
                        "grant 77 2026-01-01T00:00:00Z",
                        "identity 2 zz 2026-01-01T00:00:00Z",
                        "certificate ab 2026-01-01T00:00:00Z",
                        "everything",
                        "everything tomorrow",
                        "nothing 2026-01-01T00:00:00Z",
                        "identity x 61 2026-01-01T00:00:00Z")) {
            assertThat(
                            RevocationText.parse(
                                    "# comment\neverything 2026-01-01T00:00:00Z\n" + bad + "\n"))
                    .as(bad)
                    .isInstanceOfSatisfying(
                            RevocationText.Parsed.Invalid.class,
                            invalid -> assertThat(invalid.line()).isEqualTo(3));
        }
    }
}
