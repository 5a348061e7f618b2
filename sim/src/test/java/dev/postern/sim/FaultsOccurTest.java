package dev.postern.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Each kind of fault occurs in the plans of the thousand seeds, or in those of loose clusters and
/// of two sites, and is felt: the run of a plan is another one without it.
class FaultsOccurTest {
    private static final int SEEDS = 1000;
    private static final int LOOSE_SEEDS = 60;
    private static final int SITES_SEEDS = 30;
    private static final int LEAST = 25;
    private static final int TRIED = 60;

    /// That [#way] tells apart.
    private static final int WAYS = 17;

    private record Occurrence(Plan plan, Fault fault) {}

    @Test
    void eachKindOccursAndIsFelt() {
        Map<String, List<Occurrence>> kinds = new TreeMap<>();
        Stream.of(Fault.class.getPermittedSubclasses())
                .forEach(kind -> kinds.put(kind.getSimpleName(), new ArrayList<>()));
        LongStream ordinary = LongStream.rangeClosed(1, SEEDS);
        LongStream loose = LongStream.rangeClosed(1, LOOSE_SEEDS).map(Family.LOOSE::seed);
        LongStream sites = LongStream.rangeClosed(1, SITES_SEEDS).map(Family.SITES::seed);
        LongStream others = LongStream.concat(loose, sites);
        for (long seed : LongStream.concat(ordinary, others).toArray()) {
            Plan plan = PlanMaker.of(seed);
            for (Fault fault : plan.faults()) {
                Occurrence occurrence = new Occurrence(plan, fault);
                String kind = fault.getClass().getSimpleName();
                kinds.computeIfAbsent(kind, _ -> new ArrayList<>()).add(occurrence);
                String way = way(fault);
                if (!way.isEmpty()) {
                    kinds.computeIfAbsent(kind + way, _ -> new ArrayList<>()).add(occurrence);
                }
            }
        }
        assertThat(kinds).hasSize(Fault.class.getPermittedSubclasses().length + WAYS);
        kinds.forEach((kind, occurrences) -> {
            System.out.println(kind + ": " + occurrences.size() + " times in " + SEEDS + " seeds");
            assertThat(occurrences).as(kind).hasSizeGreaterThanOrEqualTo(LEAST);
            assertThat(occurrences.stream().limit(TRIED))
                    .as("%s is felt", kind)
                    .anyMatch(FaultsOccurTest::isFelt);
        });
    }

    /// docs/testing.md tells people to look at a seed for a kind of fault.
    @Test
    void theSeedThatTheGuideShowsHasItsFault() throws IOException {
        Matcher shown =
                Pattern.compile("replay (\\d+) --plan \\| grep (\\w+)")
                        .matcher(Files.readString(Path.of("..", "docs", "testing.md")));
        assertThat(shown.find()).isTrue();
        assertThat(PlanMaker.of(Long.parseLong(shown.group(1))).faults())
                .extracting(fault -> fault.getClass().getSimpleName())
                .contains(shown.group(2));
    }

    /// Kinds of two kinds.
    private static String way(Fault fault) {
        return switch (fault) {
            case Fault.GatewayCrash f ->
                    f.memory() == Fault.Memory.NOTHING ? " without state" : " with state";
            case Fault.ClientRestart f -> f.keepsTicket() ? " with ticket" : " without ticket";
            case Fault.OneWayLoss f -> f.towardsClient() ? " to the client" : " to the gateway";
            case Fault.HotTakeover f -> f.sameMember() ? " by itself" : " by another";
            case Fault.NewerVersion f -> f.handsOver() ? " by a standby" : " by a restart";
            case Fault.RollingUpgrade f -> f.handsOver() ? " by standbys" : " by restarts";
            case Fault.SlowAaa f ->
                    f.delayMillis() == Fault.NEVER
                            ? " without answers"
                            : f.twice() ? " with doubled answers" : " with late answers";
            case Fault.LooseTakeover f -> f.alive() ? " of one that lives" : " of a lost one";
            default -> "";
        };
    }

    private static boolean isFelt(Occurrence occurrence) {
        Plan plan = occurrence.plan();
        List<Fault> others = new ArrayList<>(plan.faults());
        others.remove(occurrence.fault());
        return Simulation.run(plan).fingerprint()
                != Simulation.run(plan.withFaults(others)).fingerprint();
    }
}
