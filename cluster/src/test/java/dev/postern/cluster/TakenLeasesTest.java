package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

final class TakenLeasesTest {
    private static final InetAddress ONE = InetAddress.ofLiteral("10.9.0.1");
    private static final InetAddress OTHER = InetAddress.ofLiteral("10.9.0.2");

    private final Cluster cluster = new Cluster();
    private final List<InetAddress> unnoted = new ArrayList<>();
    private final TakenLeases leases = new TakenLeases(cluster, Runnable::run, unnoted::addAll);

    /// Notes what it is asked for, once it can.
    private static final class Cluster implements LeasePermits {
        final Set<InetAddress> noted = new HashSet<>();
        final List<List<InetAddress>> asked = new ArrayList<>();
        boolean split;

        @Override
        public boolean prepare(
                Collection<InetAddress> wanted, Collection<InetAddress> rested, Runnable then) {
            asked.add(List.copyOf(wanted));
            if (!split) {
                noted.addAll(wanted);
            }
            then.run();
            return false;
        }

        @Override
        public boolean keep(InetAddress address) {
            return noted.contains(address);
        }

        @Override
        public boolean reuse(InetAddress address) {
            return keep(address);
        }

        @Override
        public boolean fresh(InetAddress address) {
            return keep(address);
        }

        @Override
        public void released(Collection<InetAddress> addresses) {}
    }

    @Test
    void theClusterNotesWhatCameWithATakeover() {
        leases.add(List.of(ONE, OTHER));
        leases.ask();
        assertThat(cluster.noted).containsExactlyInAnyOrder(ONE, OTHER);
        leases.askAgain();
        assertThat(cluster.asked).containsExactly(List.of(ONE, OTHER));
    }

    /// The cluster answers later, and is asked for what has come in the meantime then.
    @Test
    void theClusterIsAskedOnceAtATime() {
        List<Runnable> answers = new ArrayList<>();
        TakenLeases slow = new TakenLeases(cluster, answers::add, unnoted::addAll);
        slow.add(List.of(ONE));
        slow.ask();
        slow.add(List.of(OTHER));
        slow.ask();
        assertThat(cluster.asked).containsExactly(List.of(ONE));
        answers.removeFirst().run();
        assertThat(cluster.asked).containsExactly(List.of(ONE), List.of(OTHER));
    }

    @Test
    void whatItCouldNotNoteIsAskedForAgain() {
        cluster.split = true;
        leases.add(List.of(ONE));
        leases.ask();
        assertThat(cluster.asked).hasSize(1);
        cluster.split = false;
        leases.askAgain();
        assertThat(cluster.noted).containsExactly(ONE);
    }

    @Test
    void whatItNeverNotesIsGivenUp() {
        cluster.split = true;
        leases.add(List.of(ONE));
        leases.ask();
        for (int i = 0; i < 100; i++) {
            leases.askAgain();
        }
        assertThat(cluster.asked).hasSize(30);
        assertThat(unnoted).containsExactly(ONE);
    }
}
