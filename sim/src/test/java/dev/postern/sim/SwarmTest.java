package dev.postern.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A thousand seeds under all checkers, or as many as `-Dpostern.seeds` says. Each run is one
/// thread; the seeds are shared out to two. A tenth more are of clients that wander ([PlanMaker]).
class SwarmTest {
    private static final int SEEDS = Integer.getInteger("postern.seeds", 1000);
    private static final int README_SEEDS = 1000;
    private static final Path README = Path.of("..", "README.md");
    private static final Pattern MARKED = Pattern.compile("<!-- simulator -->.*?<!-- end -->");
    private static final int THREADS = 2;
    private static final int SAME_SEEDS = 100;

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
            String row = "<!-- simulator -->" + tally.summary() + "<!-- end -->";
            if (Boolean.getBoolean("postern.sim.write-row")) {
                String readme = Files.readString(README);
                Files.writeString(
                        README, MARKED.matcher(readme).replaceFirst(Matcher.quoteReplacement(row)));
            }
            assertThat(Files.readString(README))
                    .as("README.md; ./postern simulate row writes what is between its marks")
                    .contains(row);
        }
        if (SEEDS >= ENOUGH) {
            assertThat(tally.resumed()).as("sessions resumed").isGreaterThan(tally.seeds());
            assertThat(tally.faults()).as("faults").isGreaterThan(4L * tally.seeds());
        }
    }

    /// In two processes, of which the other numbers its objects otherwise: what is sent and
    /// delivered, and the trace as `postern replay` prints it.
    @Test
    void aHundredSeedsRunTwiceGiveIdenticalTraces() throws IOException, InterruptedException {
        Process other =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC",
                                "-XX:+UnlockExperimentalVMOptions",
                                "-XX:hashCode=4",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Fingerprints.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String here;
        String there;
        try {
            here = Fingerprints.text();
            there = new String(other.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(other.waitFor()).isZero();
        } finally {
            other.destroyForcibly();
        }
        assertThat(there.lines()).containsExactlyElementsOf(here.lines().toList());
        assertThat(here.lines()).hasSizeGreaterThanOrEqualTo(SAME_SEEDS);
        assertThat(here.lines().map(line -> line.substring(line.indexOf(' '))))
                .doesNotHaveDuplicates();
    }

    /// Drawing a run changes nothing of it, whatever kind of run it is.
    @ParameterizedTest
    @EnumSource
    void aRunThatIsDrawnIsTheSame(Family family) {
        for (long n = 1; n <= 8; n++) {
            Plan plan = PlanMaker.of(family.seed(n));
            Trace.Drawn drawn = Trace.draw(plan);
            assertThat(drawn.outcome().violation()).as(drawn.text()).isNull();
            assertThat(drawn.outcome().fingerprint()).isEqualTo(Simulation.run(plan).fingerprint());
        }
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
