package dev.postern.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event.Origin;
import dev.postern.sim.Fault;
import dev.postern.sim.Scenario;
import dev.postern.sim.Setting;
import dev.postern.sim.Terms;
import dev.postern.sim.Terms.Extra;
import dev.postern.sim.Terms.Proof;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The failover matrix, cell by cell: what fails, where the session is kept, how clients prove who
/// they are, in a tunnel or in transport mode, and what it costs them. Each row once more over IPv6
/// with post-quantum pre-shared keys and childless.
class FailoverMatrixRowsTest {
    private static final int CLIENTS = 4;

    /// Longer than a client takes to give up a gateway that does not answer.
    private static final int OUTAGE_MILLIS = 8_000;

    private static final Duration UNTIL_ALL_IS_DONE = Duration.ofSeconds(12);

    /// What happens to gw-a, or to more of the three gateways.
    enum Failure {
        CRASH,
        REBOOT,
        PARTITION,
        DRAIN,
        SITE_LOSS,
        ACCESS_OUTAGE,
        MASSIVE_OUTAGE
    }

    /// Where the sessions are.
    enum Kept {
        BY_VALUE,
        BY_REFERENCE,
        /// By value; the clients are gateways of branch offices.
        BRANCH,
        COLD
    }

    /// @param terms which of them clients and gateways have agreed on
    record Cell(Failure failure, Kept kept, Terms terms) {
        @Override
        public String toString() {
            return failure + ", " + kept + ", " + row(terms);
        }
    }

    /// @param terms which of them clients and gateways have agreed on
    record HotCell(Failure failure, Terms terms) {
        @Override
        public String toString() {
            return failure + ", " + row(terms);
        }
    }

    private static String row(Terms terms) {
        return terms.proof()
                + (terms.extras().isEmpty() ? "" : " " + new TreeSet<>(terms.extras()));
    }

    /// Every way to prove oneself in both modes, and what the matrix has no row for.
    private static Stream<Terms> rows() {
        return Stream.concat(
                Arrays.stream(Proof.values())
                        .flatMap(proof ->
                                Stream.of(Terms.by(proof), Terms.by(proof, Extra.TRANSPORT))),
                Stream.of(Terms.by(Proof.PRE_SHARED_KEY, Extra.IPV6, Extra.PPK, Extra.CHILDLESS)));
    }

    static Stream<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (Failure failure : Failure.values()) {
            for (Kept kept : List.of(Kept.BY_VALUE, Kept.BY_REFERENCE, Kept.COLD)) {
                rows().forEach(terms -> cells.add(new Cell(failure, kept, terms)));
            }
            for (Proof proof : Proof.values()) {
                cells.add(new Cell(failure, Kept.BRANCH, Terms.by(proof, Extra.BRANCH)));
            }
            cells.add(
                    new Cell(
                            failure,
                            Kept.BRANCH,
                            Terms.by(Proof.CERTIFICATE, Extra.BRANCH, Extra.IPV6)));
        }
        return cells.stream();
    }

    private static Scenario given(Cell cell) {
        Setting setting = Setting.of(3, CLIENTS).under(cell.terms());
        Scenario story =
                Scenario.given(
                        cell.kept() == Kept.BY_REFERENCE
                                ? setting.kept(Setting.Kept.BY_REFERENCE)
                                : setting);
        if (cell.kept() == Kept.COLD) {
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
            case ACCESS_OUTAGE -> outage(story);
            case MASSIVE_OUTAGE -> story.fault(new Fault.SiteCrash(0, 1_500));
        };
    }

    private static Scenario outage(Scenario story) {
        return story.fault(new Fault.Partition(0, OUTAGE_MILLIS, -1, -1));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void everybodyCarriesOn(Cell cell) {
        try (Scenario story = given(cell)) {
            story.when(cell.toString(), s -> happen(s, cell.failure()))
                    .after(UNTIL_ALL_IS_DONE)
                    .connected();
            // Of four clients gw-a has two, and gw-b and gw-c one each; after an outage of their
            // own they may find that the gateway has kept what they had.
            int least =
                    switch (cell.failure()) {
                        case ACCESS_OUTAGE -> 0;
                        case CRASH, REBOOT, PARTITION, DRAIN -> 2;
                        case SITE_LOSS -> 3;
                        case MASSIVE_OUTAGE -> CLIENTS;
                    };
            assertThat(story.arrivals())
                    .hasSizeGreaterThanOrEqualTo(least)
                    .allMatch(
                            origin -> origin == Origin.FULL_EXCHANGE == (cell.kept() == Kept.COLD));
        }
    }

    static Stream<HotCell> tightCells() {
        return Stream.of(
                        Failure.CRASH,
                        Failure.REBOOT,
                        Failure.PARTITION,
                        Failure.DRAIN,
                        Failure.ACCESS_OUTAGE,
                        Failure.MASSIVE_OUTAGE)
                .flatMap(failure -> rows().map(terms -> new HotCell(failure, terms)));
    }

    /// Tight hot standby: another member, or the same one again, carries on with the very IKE SAs,
    /// and no client sets anything up. Its drain is that the member is stopped; of a site that is
    /// lost the standby is lost too.
    @ParameterizedTest
    @MethodSource("tightCells")
    void tightHotStandbyCostsNoSession(HotCell cell) {
        try (Scenario story =
                Scenario.given(Setting.of(3, CLIENTS).under(cell.terms()))
                        .connected()
                        .after(Duration.ofSeconds(2))) {
            story.when(cell.toString(), s -> happenTightly(s, cell.failure()))
                    .after(Duration.ofSeconds(5))
                    .connected();
            assertThat(story.lost()).isZero();
            assertThat(story.arrivals()).isEmpty();
        }
    }

    private static Scenario happenTightly(Scenario story, Failure failure) {
        return switch (failure) {
            case CRASH, DRAIN, SITE_LOSS -> takeOver(story, 0, false);
            case REBOOT -> takeOver(story, 0, true);
            case PARTITION -> takeOver(story.fault(new Fault.Partition(0, 500, 0, -1)), 0, false);
            case ACCESS_OUTAGE -> story.fault(new Fault.Partition(0, 1_000, -1, -1));
            case MASSIVE_OUTAGE ->
                    takeOver(takeOver(takeOver(story, 0, false), 1, false), 2, false);
        };
    }

    private static Scenario takeOver(Scenario story, int gateway, boolean same) {
        return story.fault(new Fault.HotTakeover(0, 200, gateway, same));
    }

    static Stream<HotCell> looseCells() {
        return Arrays.stream(Failure.values())
                .flatMap(failure -> rows().map(terms -> new HotCell(failure, terms)));
    }

    /// Loose hot standby: each gateway at its own address has the others' word and their records,
    /// and calls the clients of one that is lost, or believed to be, before they have noticed; one
    /// that was believed too early may be there after all. Where nobody is left to call, or nobody
    /// is lost, the ticket does it.
    @ParameterizedTest
    @MethodSource("looseCells")
    void looseHotStandbyCallsTheClients(HotCell cell) {
        try (Scenario story =
                Scenario.given(Setting.of(3, CLIENTS).kept(Setting.Kept.LOOSE).under(cell.terms()))
                        .connected()
                        .after(Duration.ofSeconds(2))) {
            int before = story.orders();
            Failure failure = cell.failure();
            story.when(cell.toString(), s -> happenLoosely(s, failure))
                    .after(UNTIL_ALL_IS_DONE)
                    .connected();
            assertThat(story.arrivals()).isNotEmpty().containsOnly(Origin.RESUMED_1RTT);
            switch (failure) {
                // Of four clients gw-a has two.
                case CRASH, REBOOT, PARTITION ->
                        assertThat(story.orders()).as("clients called").isEqualTo(before + 2);
                case SITE_LOSS -> assertThat(story.orders()).isGreaterThan(before);
                case DRAIN, MASSIVE_OUTAGE -> assertThat(story.lost()).isLessThanOrEqualTo(CLIENTS);
                case ACCESS_OUTAGE ->
                        assertThat(story.orders()).as("clients called").isEqualTo(before);
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
            case DRAIN, ACCESS_OUTAGE, MASSIVE_OUTAGE -> happen(story, failure);
        };
    }

    /// Across sites a client keeps its session and gets another address; within its site it keeps
    /// both.
    @ParameterizedTest
    @CsvSource({"3, 1", "3, 4"})
    void aClusterOverTwoSitesCarriesOn(int gateways, int clients) {
        try (Scenario story =
                Scenario.given(Setting.of(gateways, clients).clusteredOver(2))
                        .connected()
                        .after(Duration.ofSeconds(1))) {
            story.when("gw-a crashes", s -> s.crash("gw-a"))
                    .after(Duration.ofSeconds(10))
                    .connected();
            assertThat(story.arrivals()).isNotEmpty().doesNotContain(Origin.FULL_EXCHANGE);
        }
    }
}
