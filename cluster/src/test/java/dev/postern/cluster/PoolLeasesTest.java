package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Shares.Range;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;

/// Who gets which address of a pool, as far as one gateway decides it.
final class PoolLeasesTest {
    private static final InetAddress FIRST = address(1);
    private static final InetAddress LAST = address(4);
    private static final Identity ALICE = Identity.fqdn("alice.example");
    private static final Identity BOB = Identity.fqdn("bob.example");

    private final PoolLeases pool = new PoolLeases(new Range(FIRST, LAST), new Range(FIRST, LAST));

    private static InetAddress address(int host) {
        return InetAddress.ofLiteral("10.9.0." + host);
    }

    private @Nullable InetAddress lease(int session, Identity identity, InetAddress... wanted) {
        return pool.lease(
                Octets.ofInt(session),
                identity,
                List.of(wanted),
                Octets.EMPTY,
                0,
                LeasePermits.ALL);
    }

    /// A session of this identity had the address, and ended.
    private void rest(InetAddress address, Identity identity) {
        pool.hold(address, 7, Octets.ofInt(77), identity, 0);
        pool.release(address, 7);
    }

    @Test
    void whatRestsForAnotherIsNotGivenToWhoWantsIt() {
        rest(LAST, ALICE);
        assertThat(lease(1, BOB, LAST)).isEqualTo(FIRST);
        assertThat(lease(2, ALICE)).as("it is kept for her").isEqualTo(LAST);
    }

    @Test
    void whatRestsForOneselfIsGivenAgain() {
        rest(LAST, ALICE);
        assertThat(lease(1, ALICE, LAST)).isEqualTo(LAST);
    }

    @Test
    void whatAnotherSessionHasIsNotGivenToWhoWantsIt() {
        assertThat(lease(1, ALICE, LAST)).isEqualTo(LAST);
        assertThat(lease(2, ALICE, LAST)).isEqualTo(FIRST);
        assertThat(lease(1, ALICE)).as("the same session").isEqualTo(LAST);
    }

    @Test
    void aFullPoolGivesWhatHasRestedLongestAndNothingThatIsInUse() {
        rest(FIRST, ALICE);
        for (int host = 2; host <= 4; host++) {
            assertThat(lease(host, BOB, address(host))).isEqualTo(address(host));
        }
        assertThat(lease(9, BOB)).as("it has rested longest").isEqualTo(FIRST);
        assertThat(lease(10, ALICE)).isNull();
    }

    /// Another gateway may have an address for as long as a note lasts.
    @Test
    void whatIsElsewhereDoesNotStandInTheWayOfWhatHasRestedForLess() {
        for (int host = 1; host <= 4; host++) {
            rest(address(host), Identity.fqdn("client-" + host + ".example"));
        }
        LeasePermits permits =
                new LeasePermits() {
                    @Override
                    public boolean prepare(
                            Collection<InetAddress> wanted,
                            Collection<InetAddress> rested,
                            Runnable then) {
                        return true;
                    }

                    @Override
                    public boolean keep(InetAddress address) {
                        return true;
                    }

                    @Override
                    public boolean reuse(InetAddress address) {
                        return isAtHome(address);
                    }

                    @Override
                    public boolean isAtHome(InetAddress address) {
                        return !address.equals(FIRST);
                    }

                    @Override
                    public boolean fresh(InetAddress address) {
                        return true;
                    }

                    @Override
                    public void released(Collection<InetAddress> addresses) {}
                };
        assertThat(pool.rested(Octets.ofInt(1), BOB, 0, permits)).isEqualTo(address(2));
        assertThat(pool.lease(Octets.ofInt(1), BOB, List.of(), Octets.EMPTY, 0, permits))
                .isEqualTo(address(2));
        Identity first = Identity.fqdn("client-1.example");
        assertThat(pool.rested(Octets.ofInt(2), first, 0, permits))
                .as("its own is elsewhere")
                .isEqualTo(address(3));
    }
}
