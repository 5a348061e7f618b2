package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// What a member does about the other sites of its domain.
class SiteConductTest {
    private static final long LOST_AFTER = 100;

    private static final class Said implements SiteConduct.Words {
        final Map<String, byte[]> words = new TreeMap<>();

        @Override
        public byte @Nullable [] get(String name) {
            return words.get(name);
        }

        @Override
        public void put(String name, byte[] value) {
            words.put(name, value);
        }

        @Override
        public void put(String name, byte[] value, long seconds) {
            words.put(name, value);
        }

        @Override
        public Map<String, byte[]> all(String prefix) {
            Map<String, byte[]> found = new TreeMap<>(words);
            found.keySet().removeIf(name -> !name.startsWith(prefix));
            return found;
        }
    }

    /// The way of one member; what is to be sent waits until the test says what came of it.
    private static final class Way implements SiteConduct.Bridge {
        final Set<String> inSight = new TreeSet<>();
        final List<String> told = new ArrayList<>();
        final List<Consumer<Boolean>> sending = new ArrayList<>();
        private final String own;
        private int births;

        Way(String own) {
            this.own = own;
        }

        @Override
        public Collection<String> inSight() {
            return inSight;
        }

        @Override
        public void sendEverything(String site, Consumer<Boolean> then) {
            told.add("everything to " + site);
            sending.add(then);
        }

        void sent(boolean all) {
            sending.removeFirst().accept(all);
        }

        @Override
        public String nameBirth() {
            return own + " life " + ++births;
        }

        @Override
        public void fenced(String site) {
            told.add(site + " is fenced");
        }

        @Override
        public void unfenced(String site) {
            told.add(site + " is not");
        }
    }

    private final Said domain = new Said();
    private final Said eastern = new Said();
    private final Way fromEast = new Way("east");
    private final Way fromWest = new Way("west");
    private final SiteConduct east = conduct("east", "west", eastern, fromEast);
    private final SiteConduct west = conduct("west", "east", new Said(), fromWest);

    private SiteConduct conduct(String own, String other, Said inside, Way way) {
        return new SiteConduct(own, Set.of(other), inside, domain, way, LOST_AFTER, 0);
    }

    @BeforeEach
    void theyAreInSight() {
        fromEast.inSight.add("west");
        fromWest.inSight.add("east");
    }

    @Test
    void aNewLifeIsSentEverythingAndSaysWhenItIsCaughtUp() {
        east.look(true, true, 1);
        west.look(true, true, 1);
        assertThat(fromWest.told).containsExactly("everything to east");
        assertThat(east.isCaughtUp()).isFalse();
        assertThat(east.isCatchingUp()).isTrue();
        fromWest.sent(true);
        assertThat(east.hasSent("west")).isTrue();
        assertThat(east.isCaughtUp()).as("before the next look").isFalse();
        east.look(true, true, 2);
        assertThat(east.isCaughtUp()).isTrue();
        assertThat(east.isCatchingUp()).isFalse();
        west.look(true, true, 3);
        assertThat(fromWest.told).as("once").containsExactly("everything to east");
    }

    @Test
    void whatCameToNothingIsSentAgainAndOneAtATime() {
        east.look(true, true, 1);
        west.look(true, true, 1);
        west.look(true, true, 2);
        assertThat(fromWest.told).containsExactly("everything to east");
        fromWest.sent(false);
        assertThat(east.hasSent("west")).isFalse();
        west.look(true, true, 3);
        assertThat(fromWest.told).containsExactly("everything to east", "everything to east");
    }

    @Test
    void anotherLifeOfASiteIsSentEverythingAgain() {
        east.look(true, true, 1);
        west.look(true, true, 1);
        fromWest.sent(true);
        eastern.words.clear();
        east.look(true, true, 2);
        assertThat(east.isCaughtUp()).as("what the life before was sent").isFalse();
        west.look(true, true, 3);
        fromWest.sent(true);
        east.look(true, true, 4);
        assertThat(east.isCaughtUp()).isTrue();
    }

    /// The first member says who is in sight; the others go by that, and none of them acts.
    @Test
    void oneMemberActsForAll() {
        SiteConduct second = conduct("east", "west", eastern, new Way("east"));
        second.look(false, true, 1);
        assertThat(second.seen()).isEmpty();
        assertThat(domain.words).isEmpty();
        east.look(true, true, 1);
        assertThat(second.seen()).containsExactly("west");
        assertThat(domain.words).hasSize(1);
    }

    @Test
    void aSideThatIsNotPrimarySaysWhomItSeesAndNothingElse() {
        east.look(true, false, 1);
        assertThat(east.seen()).containsExactly("west");
        assertThat(domain.words).isEmpty();
        fromEast.inSight.clear();
        east.look(true, false, 2);
        east.look(true, false, 2 + LOST_AFTER);
        assertThat(east.isFenced("west")).isFalse();
    }

    @Test
    void aSiteOutOfSightForSoLongIsFencedUntilItIsSeen() {
        fromEast.inSight.clear();
        east.look(true, true, LOST_AFTER - 1);
        assertThat(east.isFenced("west")).isFalse();
        east.look(true, true, LOST_AFTER);
        assertThat(east.isFenced("west")).isTrue();
        assertThat(east.isCaughtUp()).as("it has nothing to say").isTrue();
        fromEast.inSight.add("west");
        east.look(true, true, LOST_AFTER + 1);
        assertThat(east.isFenced("west")).isFalse();
        assertThat(east.isCaughtUp()).isFalse();
        assertThat(fromEast.told).containsExactly("west is fenced", "west is not");
    }

    @Test
    void anOperatorFencesOnlyAnotherSiteThatIsOutOfSight() {
        east.look(true, true, 1);
        assertThat(east.fence("west")).as("it is in sight").isFalse();
        assertThat(east.fence("east")).as("our own").isFalse();
        assertThat(east.fence("north")).as("nobody's").isFalse();
        fromEast.inSight.clear();
        east.look(true, true, 2);
        assertThat(east.fence("west")).isTrue();
        assertThat(east.fence("west")).as("again").isFalse();
    }

    @Test
    void theFirstOfTheSitesInSightMakesTheKeys() {
        east.look(true, true, 1);
        west.look(true, true, 1);
        assertThat(east.isFirst()).isTrue();
        assertThat(west.isFirst()).isFalse();
        fromWest.inSight.clear();
        west.look(true, true, 2);
        assertThat(west.isFirst()).as("it sees nobody").isTrue();
    }

    @Test
    void whoIsNoSiteOfTheDomainIsNotSeen() {
        fromEast.inSight.add("north");
        east.look(true, true, 1);
        assertThat(east.seen()).containsExactly("west");
    }
}
