package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/// Views that end at any instant of the talk about them, whatever has been heard by then.
class DynamicVotingTest {
    private static final List<String> NAMES = List.of("gw-a", "gw-b", "gw-c", "gw-d", "gw-e");

    private static final int RUNS = 5_000;

    /// A machine, and the process on it while it runs.
    private static final class Node {
        final String name;
        Electorate kept;
        int starts;
        @Nullable Membership membership;

        Node(String name, List<String> all) {
            this.name = name;
            kept = Electorate.atStart(0, all);
        }

        Membership start(List<String> all) {
            starts++;
            membership = new Membership(all, Electorate.atStart(kept.generation(), kept.nodes()));
            return membership;
        }

        Member member() {
            return new Member(name, "east", NAMES.indexOf(name), name + starts);
        }

        boolean isPrimary() {
            return membership != null && membership.isPrimary();
        }

        void keep() {
            if (membership != null && membership.isPrimary()) {
                kept = membership.electorate();
            }
        }
    }

    /// Machines, and who of them sees whom.
    private static final class Cluster {
        private final List<Node> nodes = new ArrayList<>();
        private final List<String> all;
        private final Random random;
        private List<List<Node>> sides = List.of();
        private long views;

        Cluster(int count, long seed) {
            all = NAMES.subList(0, count);
            random = new Random(seed);
            all.forEach(name -> nodes.add(new Node(name, all)));
        }

        private Node node(int index) {
            return nodes.get(index);
        }

        /// Those of each side see each other, and nobody else.
        private void see(List<List<Node>> next) {
            sides = next;
            for (List<Node> side : next) {
                views++;
                side.forEach(this::membership);
                View view = new View(views, side.stream().map(Node::member).toList());
                for (Node node : side) {
                    membership(node).viewed(view);
                    node.keep();
                }
            }
        }

        private Membership membership(Node node) {
            return node.membership == null ? node.start(all) : node.membership;
        }

        /// One word reaches one member.
        private void say(Node from, Node to) {
            membership(to).heard(membership(from).announcement(from.member().incarnation()));
            to.keep();
        }

        private void sayEverything() {
            for (int round = 0; round < 3; round++) {
                for (List<Node> side : sides) {
                    for (Node from : side) {
                        side.stream().filter(to -> to != from).forEach(to -> say(from, to));
                    }
                }
            }
        }

        private List<String> primaries() {
            return nodes.stream().filter(Node::isPrimary).map(node -> node.name).toList();
        }

        private void happen(int seed) {
            Node one = nodes.get(random.nextInt(nodes.size()));
            if (random.nextInt(6) == 0) {
                one.membership = null;
            }
            List<List<Node>> next =
                    List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            Set<Node> down = new HashSet<>();
            for (Node node : nodes) {
                if (node.membership == null && random.nextBoolean()) {
                    down.add(node);
                } else {
                    next.get(random.nextInt(1 + random.nextInt(3))).add(node);
                }
            }
            see(next.stream().filter(side -> !side.isEmpty()).toList());
            requireOneSide(seed);
            int words = random.nextInt(3 * nodes.size() * nodes.size());
            for (int word = 0; word < words; word++) {
                List<Node> side =
                        sides.isEmpty() ? List.of() : sides.get(random.nextInt(sides.size()));
                if (side.size() > 1) {
                    Node from = side.get(random.nextInt(side.size()));
                    Node to = side.get(random.nextInt(side.size()));
                    if (from != to) {
                        say(from, to);
                    }
                }
                if (random.nextInt(10) == 0) {
                    knock(nodes.get(random.nextInt(nodes.size())), down);
                }
                requireOneSide(seed);
            }
        }

        /// A node looks after one that it does not see.
        private void knock(Node who, Set<Node> down) {
            Node other = nodes.get(random.nextInt(nodes.size()));
            if (who.membership == null || other == who) {
                return;
            }
            if (down.contains(other)) {
                who.membership.ended(other.name);
                who.keep();
            } else {
                who.membership.doubted(other.name);
            }
        }

        private void requireOneSide(int seed) {
            Set<Long> going = new TreeSet<>();
            for (Node node : nodes) {
                if (node.membership != null && node.membership.isPrimary()) {
                    going.add(node.membership.view().number());
                }
            }
            assertThat(going).as("views that go on, seed %s", seed).hasSizeLessThan(2);
        }
    }

    /// The second has heard of the first that it goes over, and goes on; the first has not heard it
    /// of the second, and is the half with the lower name of the view before.
    @Test
    void whoMayHaveBeenLeftBehindDoesNotGoOn() {
        Cluster three = new Cluster(3, 0);
        Node a = three.node(0);
        Node b = three.node(1);
        Node c = three.node(2);
        three.see(List.of(List.of(a, b, c)));
        three.sayEverything();
        three.see(List.of(List.of(a, c), List.of(b)));
        three.sayEverything();
        assertThat(three.primaries()).containsExactly("gw-a", "gw-c");
        three.see(List.of(List.of(a, b, c)));
        for (Node from : List.of(a, b, c)) {
            for (Node to : List.of(a, b, c)) {
                if (from != to) {
                    three.say(from, to);
                }
            }
        }
        three.say(a, b);
        three.say(c, b);
        assertThat(three.primaries()).contains("gw-b");
        three.see(List.of(List.of(b, c), List.of(a)));
        three.sayEverything();
        assertThat(three.primaries()).containsExactly("gw-b", "gw-c");
    }

    /// One has gone over to the view, and finds itself with another that was to be part of it and
    /// says that it did not: nobody can have gone on with that view.
    @Test
    void anAttemptThatSomebodyHasNotJoinedBindsNobody() {
        Cluster four = new Cluster(4, 0);
        Node a = four.node(0);
        Node b = four.node(1);
        Node c = four.node(2);
        Node d = four.node(3);
        four.see(List.of(List.of(b, c), List.of(a), List.of(d)));
        membershipsEnd(four, a, d);
        four.sayEverything();
        assertThat(four.primaries()).containsExactly("gw-b", "gw-c");
        four.see(List.of(List.of(a, b, c, d)));
        for (Node from : List.of(a, c, d)) {
            four.say(from, b);
        }
        assertThat(four.primaries()).isEmpty();
        four.see(List.of(List.of(b, c), List.of(a, d)));
        four.sayEverything();
        assertThat(four.primaries()).containsExactly("gw-b", "gw-c");
    }

    private static void membershipsEnd(Cluster cluster, Node... down) {
        for (Node ended : down) {
            for (Node node : cluster.nodes) {
                if (node != ended) {
                    cluster.membership(node).ended(ended.name);
                }
            }
        }
    }

    /// Splits, unions, crashes and starts, with any part of the words between them: those who go on
    /// are of one view, and once all see and hear each other all go on.
    @Test
    void atAnyInstantOneSideAtMostGoesOn() {
        for (int seed = 0; seed < RUNS; seed++) {
            Cluster cluster = new Cluster(2 + seed % 4, seed);
            for (int step = 0; step < 12; step++) {
                cluster.happen(seed);
            }
            cluster.see(List.of(cluster.nodes));
            cluster.sayEverything();
            assertThat(cluster.primaries()).as("seed %s", seed).isEqualTo(cluster.all);
        }
    }
}
