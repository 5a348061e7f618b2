package dev.postern.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event.Origin;
import dev.postern.sim.Fault;
import dev.postern.sim.Scenario;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

/// The failover matrix, row by row: what fails, where the session is kept, and what it costs the
/// clients.
class FailoverMatrixRowsTest {
    private static final int CLIENTS = 4;

    /// What happens to gw-a, or to more of the three gateways.
    enum Failure {
        CRASH,
        REBOOT,
        PARTITION,
        DRAIN,
        SITE_LOSS,
        MASSIVE_OUTAGE
    }

    /// Where the sessions are.
    enum Kept {
        BY_VALUE,
        BY_REFERENCE,
        COLD
    }

    private static Scenario given(Kept kept) {
        Scenario story =
                kept == Kept.BY_REFERENCE
                        ? Scenario.givenStore(3, CLIENTS)
                        : Scenario.given(3, CLIENTS);
        if (kept == Kept.COLD) {
            for (int gateway = 0; gateway < 3; gateway++) {
                story.fault(new Fault.OlderVersion(0, 120_000, gateway));
            }
        }
        return story.connected().after(Duration.ofSeconds(1));
    }

    private static Scenario happen(Scenario story, Failure failure) {
        return switch (failure) {
            case CRASH -> story.crash("gw-a");
            case REBOOT -> story.crash("gw-a").after(Duration.ofMillis(300)).revive("gw-a");
            case PARTITION -> story.fault(new Fault.Partition(0, 60_000, 0, -1));
            case DRAIN -> story.fault(new Fault.Drain(0, 60_000, 0));
            case SITE_LOSS -> story.crash("gw-a").crash("gw-b");
            case MASSIVE_OUTAGE -> story.fault(new Fault.SiteCrash(0, 1_500));
        };
    }

    @ParameterizedTest
    @CsvSource({
        "CRASH, BY_VALUE", "CRASH, BY_REFERENCE", "CRASH, COLD",
        "REBOOT, BY_VALUE", "REBOOT, BY_REFERENCE", "REBOOT, COLD",
        "PARTITION, BY_VALUE", "PARTITION, BY_REFERENCE", "PARTITION, COLD",
        "DRAIN, BY_VALUE", "DRAIN, BY_REFERENCE", "DRAIN, COLD",
        "SITE_LOSS, BY_VALUE", "SITE_LOSS, BY_REFERENCE", "SITE_LOSS, COLD",
        "MASSIVE_OUTAGE, BY_VALUE", "MASSIVE_OUTAGE, BY_REFERENCE", "MASSIVE_OUTAGE, COLD"
    })
    void everybodyCarriesOn(Failure failure, Kept kept) {
        try (Scenario story = given(kept)) {
            story.when(failure.toString(), s -> happen(s, failure))
                    .after(Duration.ofSeconds(20))
                    .connected();
            // Of four clients gw-a has two, and gw-b and gw-c one each.
            int least =
                    switch (failure) {
                        case CRASH, REBOOT, PARTITION, DRAIN -> 2;
                        case SITE_LOSS -> 3;
                        case MASSIVE_OUTAGE -> CLIENTS;
                    };
            assertThat(story.arrivals()).hasSizeGreaterThanOrEqualTo(least);
            if (kept == Kept.COLD) {
                assertThat(story.arrivals()).containsOnly(Origin.FULL_EXCHANGE);
            } else {
                assertThat(story.arrivals()).doesNotContain(Origin.FULL_EXCHANGE);
            }
        }
    }

    /// Tight hot standby: another member, or the same one again, carries on with the very IKE SAs,
    /// and no client sets anything up.
    @ParameterizedTest
    @CsvSource({"CRASH", "REBOOT", "MASSIVE_OUTAGE"})
    void tightHotStandbyCostsNoSession(Failure failure) {
        try (Scenario story = Scenario.given(3, CLIENTS).connected().after(Duration.ofSeconds(2))) {
            story.when(
                    failure.toString(),
                    s -> {
                        int last = failure == Failure.MASSIVE_OUTAGE ? 2 : 0;
                        for (int gateway = 0; gateway <= last; gateway++) {
                            boolean same = failure == Failure.REBOOT;
                            s.fault(new Fault.HotTakeover(0, 200, gateway, same));
                        }
                        return s;
                    });
            story.after(Duration.ofSeconds(5)).connected();
            assertThat(story.lost()).isZero();
            assertThat(story.arrivals()).isEmpty();
        }
    }

    /// Loose hot standby: each gateway at its own address has the others' word and their records,
    /// and calls the clients of one that is lost, or believed to be, before they have noticed; one
    /// that was believed too early may be there after all. Where nobody is left to call, or nobody
    /// is lost, the ticket does it.
    @ParameterizedTest
    @CsvSource({"CRASH", "REBOOT", "PARTITION", "DRAIN", "SITE_LOSS", "MASSIVE_OUTAGE"})
    void looseHotStandbyCallsTheClients(Failure failure) {
        try (Scenario story =
                Scenario.givenLoose(3, CLIENTS).connected().after(Duration.ofSeconds(2))) {
            int before = story.orders();
            story.when(failure.toString(), s -> happenLoosely(s, failure))
                    .after(Duration.ofSeconds(20))
                    .connected();
            assertThat(story.arrivals()).isNotEmpty().containsOnly(Origin.RESUMED_1RTT);
            switch (failure) {
                // Of four clients gw-a has two.
                case CRASH, REBOOT, PARTITION ->
                        assertThat(story.orders()).as("clients called").isEqualTo(before + 2);
                case SITE_LOSS -> assertThat(story.orders()).isGreaterThan(before);
                case DRAIN, MASSIVE_OUTAGE -> assertThat(story.lost()).isLessThanOrEqualTo(CLIENTS);
            }
        }
    }

    private static Scenario happenLoosely(Scenario story, Failure failure) {
        return switch (failure) {
            case CRASH -> story.fault(new Fault.LooseTakeover(0, 60_000, 0, false));
            case REBOOT -> story.fault(new Fault.LooseTakeover(0, 300, 0, false));
            case PARTITION ->
                    story.fault(new Fault.Partition(0, 60_000, 0, -1))
                            .fault(new Fault.LooseTakeover(0, 0, 0, true));
            case SITE_LOSS ->
                    story.crash("gw-a").fault(new Fault.LooseTakeover(0, 60_000, 1, false));
            case DRAIN, MASSIVE_OUTAGE -> happen(story, failure);
        };
    }

    /// Across sites a client keeps its session and gets another address; within its site it keeps
    /// both.
    @ParameterizedTest
    @CsvSource({"3, 1", "3, 4"})
    void aClusterOverTwoSitesCarriesOn(int gateways, int clients) {
        try (Scenario story =
                Scenario.givenCluster(gateways, clients).connected().after(Duration.ofSeconds(1))) {
            story.when("gw-a crashes", s -> s.crash("gw-a"))
                    .after(Duration.ofSeconds(10))
                    .connected();
            assertThat(story.arrivals()).isNotEmpty().doesNotContain(Origin.FULL_EXCHANGE);
        }
    }
}
