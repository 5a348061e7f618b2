package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ticket.Revocation;
import dev.postern.wire.Identity;

import org.junit.jupiter.api.Test;

class SharedRevocationsTest {
    private static final Identity ALICE = Identity.email("alice@example");
    private final SharedRevocations revocations = new SharedRevocations();

    @Test
    void ofTwoOfOneSubjectTheLaterCountsInWhateverOrderTheyCome() {
        assertThat(revocations.learn(new Revocation.OfIdentity(ALICE, 200))).isTrue();
        assertThat(revocations.learn(new Revocation.OfIdentity(ALICE, 100))).isFalse();
        assertThat(revocations.learn(new Revocation.OfIdentity(ALICE, 200))).isFalse();
        assertThat(revocations.learn(new Revocation.OfIdentity(ALICE, 300))).isTrue();
        assertThat(revocations.entries()).containsExactly(new Revocation.OfIdentity(ALICE, 300));
    }

    @Test
    void whatNoTicketCanComeFromIsForgotten() {
        revocations.learn(new Revocation.OfIdentity(ALICE, 100));
        revocations.learn(new Revocation.OfEverything(200));
        revocations.forget(150);
        assertThat(revocations.entries()).containsExactly(new Revocation.OfEverything(200));
    }

    @Test
    void subjectsOfDifferentKindsHaveDifferentNames() {
        assertThat(SharedRevocations.name(new Revocation.OfEverything(1)))
                .isNotEqualTo(SharedRevocations.name(new Revocation.OfIdentity(ALICE, 1)));
    }
}
