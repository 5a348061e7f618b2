package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

class ElectorateTest {
    private static final Electorate TWO = Electorate.atStart(Set.of()).after(Set.of("a", "b"));
    private static final Electorate THREE =
            Electorate.atStart(Set.of()).after(Set.of("a", "b", "c"));

    @Test
    void moreThanHalfGoOn() {
        assertThat(THREE.elects(Set.of("b", "c"))).isTrue();
        assertThat(THREE.elects(Set.of("a"))).isFalse();
    }

    @Test
    void ofTwoHalvesTheOneWithTheLowestNameGoesOn() {
        assertThat(TWO.elects(Set.of("a"))).isTrue();
        assertThat(TWO.elects(Set.of("b"))).isFalse();
    }

    @Test
    void theDeadHaveNoVote() {
        assertThat(TWO.without("a").elects(Set.of("b"))).isTrue();
        assertThat(THREE.without("a").without("b").elects(Set.of("c"))).isTrue();
    }

    @Test
    void whoHasJustStartedBreaksNoTie() {
        assertThat(Electorate.atStart(List.of("a", "b")).elects(Set.of("a"))).isFalse();
        assertThat(Electorate.atStart(List.of("a", "b")).elects(Set.of("a", "b"))).isTrue();
        assertThat(Electorate.atStart(List.of("a", "b")).without("b").elects(Set.of("a"))).isTrue();
    }

    @Test
    void whoWasNotInTheLastPrimaryViewHasNoVoteInTheNext() {
        // c was down while a and b were primary; b and c find each other without a.
        assertThat(TWO.elects(Set.of("b", "c"))).isFalse();
    }

    /// Whatever way a primary view falls apart, one side at most goes on.
    @Test
    void noTwoSidesGoOn() {
        Random random = new Random(7);
        for (int run = 0; run < 20_000; run++) {
            List<String> nodes = new ArrayList<>(List.of("a", "b", "c", "d", "e", "f"));
            Electorate electorate =
                    Electorate.atStart(Set.of())
                            .after(new HashSet<>(nodes.subList(0, 1 + random.nextInt(5))));
            List<Set<String>> sides = List.of(new HashSet<>(), new HashSet<>(), new HashSet<>());
            nodes.forEach(node -> sides.get(random.nextInt(3)).add(node));
            assertThat(sides.stream().filter(electorate::elects)).hasSizeLessThan(2);
        }
    }
}
