package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

class ElectorateTest {
    /// Nodes of which nobody knows whether they are up.
    private static final Set<String> SOMEBODY = Set.of("z");

    private static final Electorate TWO = Electorate.of(1, members("a", "b"));
    private static final Electorate THREE = Electorate.of(1, members("a", "b", "c"));

    /// Processes, each the first of its node.
    private static List<Member> members(String... nodes) {
        return Stream.of(nodes).map(node -> new Member(node, "east", 1, node + "1")).toList();
    }

    @Test
    void moreThanHalfGoOn() {
        assertThat(THREE.elects(members("b", "c"), SOMEBODY)).isTrue();
        assertThat(THREE.elects(members("a"), SOMEBODY)).isFalse();
    }

    @Test
    void ofTwoHalvesTheOneWithTheLowestNameGoesOn() {
        assertThat(TWO.elects(members("a"), SOMEBODY)).isTrue();
        assertThat(TWO.elects(members("b"), SOMEBODY)).isFalse();
    }

    @Test
    void whereAllOthersAreDownWhoeverIsThereGoesOn() {
        assertThat(TWO.elects(members("b"), Set.of())).isTrue();
        assertThat(Electorate.atStart(1, List.of("a", "b")).elects(members("a"), Set.of()))
                .isTrue();
    }

    @Test
    void whoHasJustStartedIsNoVoter() {
        Electorate last = Electorate.atStart(3, List.of("a", "b", "c"));
        assertThat(last.elects(members("a", "b"), SOMEBODY)).as("c may have gone on").isFalse();
        assertThat(last.elects(members("a", "b", "c"), Set.of())).isTrue();
    }

    @Test
    void whoWasNotInTheLastPrimaryViewHasNoVoteInTheNext() {
        // c was down while a and b were primary; b and c find each other without a.
        assertThat(TWO.elects(members("b", "c"), SOMEBODY)).isFalse();
    }

    /// b and c find each other; c was started again and may have missed who went on.
    @Test
    void aVoteEndsWithItsProcess() {
        Member again = new Member("c", "east", 1, "c2");
        List<Member> both = List.of(members("b").getFirst(), again);
        assertThat(THREE.elects(both, SOMEBODY)).isFalse();
    }

    @Test
    void theLaterElectorateIsTheTruth() {
        Electorate later = Electorate.of(2, members("b", "c"));
        assertThat(THREE.and(later)).isEqualTo(later);
        assertThat(later.and(THREE)).isEqualTo(later);
    }

    /// Whatever way a primary view falls apart, one side at most goes on.
    @Test
    void noTwoSidesGoOn() {
        Random random = new Random(7);
        for (int run = 0; run < 20_000; run++) {
            List<String> nodes = new ArrayList<>(List.of("a", "b", "c", "d", "e", "f"));
            Electorate electorate =
                    Electorate.of(
                            1,
                            members(
                                    nodes.subList(0, 1 + random.nextInt(5))
                                            .toArray(String[]::new)));
            List<List<Member>> sides =
                    List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            nodes.forEach(node -> sides.get(random.nextInt(3)).addAll(members(node)));
            assertThat(sides.stream().filter(side -> electorate.elects(side, SOMEBODY)))
                    .hasSizeLessThan(2);
        }
    }
}
