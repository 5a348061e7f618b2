package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Shares.Keep;
import dev.postern.cluster.Shares.Range;
import dev.postern.cluster.Shares.Share;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// What becomes of an inner address when its client comes to another site.
class AddressesOfOtherSitesTest {
    private static final InetAddress EAST = InetAddress.ofLiteral("10.9.0.7");
    private static final InetAddress WEST = InetAddress.ofLiteral("10.9.0.207");

    private static final class Elsewhere implements Abroad {
        final Set<String> fenced = new HashSet<>();
        final Set<InetAddress> taken = new HashSet<>();
        boolean known = true;

        @Override
        public boolean isFenced(String site) {
            return fenced.contains(site);
        }

        @Override
        public boolean hasTaken(InetAddress address) {
            return taken.contains(address);
        }

        @Override
        public boolean isKnown() {
            return known;
        }
    }

    private static final class Alone implements Ownership {
        @Override
        public void acquire(String thing, long lifespanSeconds, Consumer<Outcome> then) {
            then.accept(new Outcome.Owned(1));
        }

        @Override
        public void release(String thing) {}

        @Override
        public @Nullable Held heldHere(String thing) {
            return null;
        }
    }

    private final Elsewhere elsewhere = new Elsewhere();
    private final LentAddresses lent = new LentAddresses("gw-e", "east", new Alone(), elsewhere);

    AddressesOfOtherSitesTest() {
        lent.learn(share("gw-e", "east", "10.9.0.1", "10.9.0.99"));
        lent.learn(share("gw-w", "west", "10.9.0.200", "10.9.0.250"));
    }

    private static Share share(String node, String site, String first, String last) {
        return new Share(
                node,
                site,
                List.of(new Range(InetAddress.ofLiteral(first), InetAddress.ofLiteral(last))));
    }

    @Test
    void anAddressOfASiteThatMayLiveIsNotKept() {
        assertThat(lent.toAsk(List.of(WEST), List.of())).isEmpty();
        assertThat(lent.keep(WEST)).isFalse();
    }

    @Test
    void anAddressOfAFencedSiteIsKeptOnceItIsNotedAsOurs() {
        elsewhere.fenced.add("west");
        assertThat(lent.keep(WEST)).isFalse();
        assertThat(lent.toAsk(List.of(WEST), List.of())).containsExactly(WEST);
        lent.answered(WEST, true);
        assertThat(lent.keep(WEST)).isTrue();
        assertThat(lent.isForeign(WEST)).isTrue();
        // It is the client's that had it, and nobody else's.
        assertThat(lent.fresh(WEST)).isFalse();
        assertThat(lent.released(List.of(WEST))).containsExactly(WEST);
        assertThat(lent.toAsk(List.of(), List.of(WEST))).isEmpty();
    }

    @Test
    void whatAnotherSiteHasTakenOfOurShareIsNobodysHere() {
        lent.answered(EAST, true);
        elsewhere.taken.add(EAST);
        assertThat(lent.fresh(EAST)).isFalse();
        assertThat(lent.reuse(EAST)).isFalse();
        assertThat(lent.keep(EAST)).isFalse();
        assertThat(lent.toAsk(List.of(EAST), List.of(EAST))).isEmpty();
        elsewhere.taken.clear();
        assertThat(lent.fresh(EAST)).isTrue();
    }

    @Test
    void aSiteThatBeginsAnewReusesNothingBeforeTheOthersHaveSaidWhatTheyHave() {
        elsewhere.known = false;
        assertThat(lent.toAsk(List.of(), List.of(EAST))).isEmpty();
        elsewhere.known = true;
        assertThat(lent.toAsk(List.of(), List.of(EAST))).containsExactly(EAST);
    }

    @Test
    void anAddressOfTwoSitesIsOfNoneThatIsFencedAlone() {
        Shares shares = new Shares("gw-e", "east", elsewhere);
        shares.learn(share("gw-w", "west", "10.9.0.200", "10.9.0.250"));
        shares.learn(share("gw-n", "north", "10.9.0.200", "10.9.0.250"));
        elsewhere.fenced.add("west");
        assertThat(shares.judge(WEST)).isEqualTo(Keep.NO);
        elsewhere.fenced.add("north");
        assertThat(shares.judge(WEST)).isEqualTo(Keep.ONCE_OWNED);
    }
}
