package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Lets the fuzzer work on every target for a few seconds, in two processes.
///
/// The system property `postern.fuzz.seconds` says for how many each, `postern.fuzz.only` which;
/// `./postern fuzz SECONDS NAME` sets them. From ten on, each target has a process of its own, and
/// the corpus that grows is kept under `target/` and taken up by the next run.
final class TimeBoxedRunTest {
    private static final int DEFAULT_SECONDS = 2;
    private static final int WORTH_A_PROCESS_SECONDS = 10;
    private static final int PROCESSES = 2;

    @Test
    void noTargetBreaks() throws IOException, InterruptedException, URISyntaxException {
        int seconds = Integer.getInteger("postern.fuzz.seconds", DEFAULT_SECONDS);
        List<FuzzTarget> targets = FuzzTarget.all(FuzzTarget.testClasses());
        assertThat(targets).hasSizeGreaterThan(40);
        String only = System.getProperty("postern.fuzz.only", "");
        targets.removeIf(target -> !target.name().contains(only));
        assertThat(targets).as("targets whose name holds \"%s\"", only).isNotEmpty();
        List<Callable<String>> runs =
                seconds < WORTH_A_PROCESS_SECONDS
                        ? together(targets, seconds)
                        : alone(targets, seconds);
        List<String> broken = new ArrayList<>();
        try (ExecutorService pair = Executors.newFixedThreadPool(PROCESSES)) {
            for (Future<String> run : pair.invokeAll(runs)) {
                if (!run.get().isEmpty()) {
                    broken.add(run.get());
                }
            }
        } catch (ExecutionException e) {
            throw new AssertionError("the fuzzer could not be started", e);
        }
        assertThat(broken)
                .as("inputs that break a target are kept in fuzz/src/test/resources")
                .isEmpty();
    }

    private static Path resources() {
        return Path.of("src/test/resources").toAbsolutePath();
    }

    private static List<Callable<String>> together(List<FuzzTarget> targets, int seconds) {
        List<Callable<String>> runs = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            List<FuzzTarget> share = new ArrayList<>();
            for (int at = i; at < targets.size(); at += PROCESSES) {
                share.add(targets.get(at));
            }
            if (!share.isEmpty()) {
                FuzzGroup group = new FuzzGroup(share);
                runs.add(() -> group.run(seconds, resources()));
            }
        }
        return runs;
    }

    private static List<Callable<String>> alone(List<FuzzTarget> targets, int seconds) {
        List<Callable<String>> runs = new ArrayList<>();
        for (FuzzTarget target : targets) {
            Path corpus =
                    Path.of("target/corpus")
                            .toAbsolutePath()
                            .resolve(target.className() + "." + target.method());
            runs.add(() -> {
                String said = target.run(seconds, target.inputs(resources()), corpus);
                return said.isEmpty() ? "" : target + "\n" + said;
            });
        }
        return runs;
    }
}
