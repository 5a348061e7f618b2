package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Set;

/// When a site counts as lost.
class SiteSightingsTest {
    private static final Set<String> SITES = Set.of("north", "west");

    @Test
    void aSiteIsLostWhenItHasBeenOutOfSightForTheAgreedTime() {
        SiteSightings sightings = new SiteSightings(SITES, 100, 0);
        sightings.look(SITES, SITES, 10);
        sightings.look(SITES, Set.of("north"), 50);
        sightings.look(SITES, Set.of("north"), 149);
        assertThat(sightings.lost(149)).isEmpty();
        assertThat(sightings.lost(150)).containsExactly("west");
    }

    @Test
    void aGlanceBeginsTheTimeAnew() {
        SiteSightings sightings = new SiteSightings(SITES, 100, 0);
        sightings.look(SITES, SITES, 90);
        sightings.look(SITES, Set.of(), 95);
        assertThat(sightings.lost(194)).isEmpty();
        assertThat(sightings.lost(195)).containsExactly("north", "west");
    }

    @Test
    void aSiteThatWasNeverSeenIsLostAfterTheSameTime() {
        assertThat(new SiteSightings(SITES, 100, 5).lost(104)).isEmpty();
        assertThat(new SiteSightings(SITES, 100, 5).lost(105)).hasSize(2);
    }

    @Test
    void withoutAnAgreedTimeNoSiteEverIs() {
        assertThat(new SiteSightings(SITES, 0, 0).lost(Long.MAX_VALUE)).isEmpty();
    }
}
