package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Lets the fuzzer work on every target for a few seconds, two targets at a time.
///
/// The system property `postern.fuzz.seconds` says for how many each; `./postern fuzz SECONDS` sets
/// it. The corpus that grows is kept under `target/` and taken up by the next run.
final class TimeBoxedRunTest {
    private static final int DEFAULT_SECONDS = 2;

    @Test
    void noTargetBreaks() throws IOException, InterruptedException, URISyntaxException {
        int seconds = Integer.getInteger("postern.fuzz.seconds", DEFAULT_SECONDS);
        Path module = Path.of("").toAbsolutePath();
        List<FuzzTarget> targets = FuzzTarget.all(FuzzTarget.testClasses());
        assertThat(targets).hasSizeGreaterThan(10);
        List<String> broken = new ArrayList<>();
        try (ExecutorService pair = Executors.newFixedThreadPool(2)) {
            List<Future<String>> runs = new ArrayList<>();
            for (FuzzTarget target : targets) {
                Path seeds = target.inputs(module.resolve("src/test/resources"));
                Path corpus =
                        module.resolve("target/corpus")
                                .resolve(target.className() + "." + target.method());
                runs.add(pair.submit(() -> target.run(seconds, seeds, corpus)));
            }
            for (int i = 0; i < runs.size(); i++) {
                String said = runs.get(i).get();
                if (!said.isEmpty()) {
                    broken.add(targets.get(i) + "\n" + said);
                }
            }
        } catch (ExecutionException e) {
            throw new AssertionError("the fuzzer could not be started", e);
        }
        assertThat(broken)
                .as("inputs that break a target are kept in fuzz/src/test/resources")
                .isEmpty();
    }
}
