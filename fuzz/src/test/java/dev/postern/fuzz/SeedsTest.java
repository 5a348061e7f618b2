package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The seeds in the tree are those of today's exchanges, files and examples. Beside them lie inputs
/// that once broke a target, which nobody records.
///
/// With the system property `postern.seeds.write` it writes them instead.
final class SeedsTest {
    private static final Path TREE = Path.of("src/test/resources");

    @Test
    void theSeedsAreWhatTheRecorderWrites(@TempDir Path recorded) throws IOException {
        if (Boolean.getBoolean("postern.seeds.write")) {
            SeedRecorder.record(TREE);
        }
        SeedRecorder.record(recorded);
        List<Path> seeds = seeds(recorded);
        assertThat(seeds).hasSizeGreaterThan(100);
        for (Path seed : seeds) {
            Path kept = TREE.resolve(recorded.relativize(seed));
            assertThat(kept).as("./postern seeds writes it").exists();
            if (!seed.endsWith(Path.of("VoucherFuzzInputs", "aToken", "signed"))) {
                assertThat(kept).as("./postern seeds writes it anew").hasSameBinaryContentAs(seed);
            }
        }
    }

    private static List<Path> seeds(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
