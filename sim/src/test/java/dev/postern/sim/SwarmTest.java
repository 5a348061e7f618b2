package dev.postern.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/// A thousand seeds under all checkers, or as many as `-Dpostern.seeds` says. Each run is one
/// thread; the seeds are shared out to two. A tenth more are of clients that wander ([PlanMaker]).
class SwarmTest {
    private static final int SEEDS = Integer.getInteger("postern.seeds", 1000);
    private static final int README_SEEDS = 1000;
    private static final Path README = Path.of("..", "README.md");
    private static final int THREADS = 2;

    /// Fewer may see little by chance.
    static final int ENOUGH = 30;

    @Test
    void everyClaimHoldsForEverySeed()
            throws InterruptedException, ExecutionException, IOException {
        Tally tally = run(1 - SEEDS / 10, SEEDS + 1L);
        System.out.println(tally.describe());
        assertThat(tally.failures())
                .as(
                        tally.failures().stream()
                                .map(Outcome::describe)
                                .collect(Collectors.joining("\n")))
                .isEmpty();
        if (SEEDS == README_SEEDS) {
            assertThat(Files.readString(README))
                    .as("README.md, between its simulator marks: %s", tally.summary())
                    .contains("<!-- simulator -->" + tally.summary() + "<!-- end -->");
        }
        if (SEEDS >= ENOUGH) {
            assertThat(tally.resumed()).as("sessions resumed").isGreaterThan(tally.seeds());
            assertThat(tally.faults()).as("faults").isGreaterThan(4L * tally.seeds());
        }
    }

    @Test
    void aHundredSeedsRunTwiceAreTheSameOctetByOctet() {
        List<Long> seeds = new ArrayList<>();
        for (long seed = 1; seed <= 100; seed++) {
            seeds.add(seed);
        }
        assertThat(fingerprints(seeds)).isEqualTo(fingerprints(seeds)).doesNotHaveDuplicates();
    }

    @Test
    void theTraceOfASeedIsTheSameTwice() {
        assertThat(Trace.draw(PlanMaker.of(7)).text())
                .isEqualTo(Trace.draw(PlanMaker.of(7)).text());
    }

    /// Drawing a run changes nothing of it, whatever kind of run it is.
    @ParameterizedTest
    @ValueSource(
            longs = {1, -1, PlanMaker.FIRST_HOT, PlanMaker.FIRST_LOOSE, PlanMaker.FIRST_CLUSTERED})
    void aRunThatIsDrawnIsTheSame(long first) {
        for (long seed = first; Math.abs(seed - first) < 8; seed += first < 0 ? -1 : 1) {
            Plan plan = PlanMaker.of(seed);
            Trace.Drawn drawn = Trace.draw(plan);
            assertThat(drawn.outcome().violation()).as(drawn.text()).isNull();
            assertThat(drawn.outcome().fingerprint()).isEqualTo(Simulation.run(plan).fingerprint());
        }
    }

    private static List<Long> fingerprints(List<Long> seeds) {
        return seeds.stream().map(seed -> Simulation.run(seed).fingerprint()).toList();
    }

    private static Tally run(long first, long end) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Tally>> parts = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                long start = first + i;
                parts.add(threads.submit(() -> Tally.of(start, end, THREADS)));
            }
            Tally tally = Tally.NONE;
            for (Future<Tally> part : parts) {
                tally = tally.plus(part.get());
            }
            return tally;
        }
    }
}
