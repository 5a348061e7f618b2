package dev.postern.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Targets that share one process of the fuzzer; see [ManyTargets].
record FuzzGroup(List<FuzzTarget> targets) {
    private static final int INPUTS_BEYOND_SEEDS = 20;

    FuzzGroup {
        targets = List.copyOf(targets);
    }

    /// Lets the fuzzer work.
    ///
    /// @param seconds for each target
    /// @param resources where the seeds are, and where an input goes that breaks a target
    /// @return what it said where it broke a target or did not reach one, or an empty text
    String run(int seconds, Path resources) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("postern-fuzz");
        try {
            Path seeds = Files.createDirectory(work.resolve("seeds"));
            long copied = copySeeds(resources, seeds);
            Path found = Files.createDirectory(work.resolve("found"));
            Path corpus = Files.createDirectory(work.resolve("corpus"));
            FuzzerProcess.Said said =
                    new FuzzerProcess(
                                    ManyTargets.class.getName(),
                                    List.of(),
                                    List.of(
                                            "-D" + ManyTargets.TARGETS + "=" + names(),
                                            "-D" + ManyTargets.SECONDS + "=" + seconds,
                                            "-D" + ManyTargets.FILL + "=" + fill(resources)))
                            .run(seconds * targets.size(), found, List.of(corpus, seeds));
            String broken = keep(found, resources);
            if (!said.well()) {
                return broken + said.end();
            }
            targets.forEach(target -> FuzzTarget.tell(target, saw(said, target)));
            return broken + unreached(said) + (copied == 0 ? "no seeds\n" : "");
        } finally {
            delete(work);
        }
    }

    private String names() {
        return targets.stream().map(FuzzTarget::name).collect(Collectors.joining(","));
    }

    private long copySeeds(Path resources, Path to) throws IOException {
        long copied = 0;
        for (int i = 0; i < targets.size(); i++) {
            for (Path seed : files(targets.get(i).inputs(resources))) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                out.write(i);
                out.writeBytes(Files.readAllBytes(seed));
                Files.write(to.resolve(i + "-" + seed.getFileName()), out.toByteArray());
                copied++;
            }
        }
        return copied;
    }

    /// Puts what has broken a target beside its seeds, where an ordinary test runs it.
    private String keep(Path found, Path resources) throws IOException {
        StringBuilder broken = new StringBuilder();
        for (Path file : files(found)) {
            byte[] input = Files.readAllBytes(file);
            if (input.length > 0) {
                FuzzTarget target = targets.get(Byte.toUnsignedInt(input[0]) % targets.size());
                Path kept = target.inputs(resources).resolve(file.getFileName());
                Files.createDirectories(kept.getParent());
                Files.write(kept, Arrays.copyOfRange(input, 1, input.length));
                broken.append(target).append(" is broken by ").append(kept).append('\n');
            }
        }
        return broken.toString();
    }

    /// The seeds of whichever target has most, and some more.
    private int fill(Path resources) throws IOException {
        int most = 0;
        for (FuzzTarget target : targets) {
            most = Math.max(most, files(target.inputs(resources)).size());
        }
        return most + INPUTS_BEYOND_SEEDS;
    }

    /// Targets that saw nothing. Whether one got beyond its seeds is the machine's affair.
    private String unreached(FuzzerProcess.Said said) {
        StringBuilder unseen = new StringBuilder();
        for (FuzzTarget target : targets) {
            if (saw(said, target) == 0) {
                unseen.append(target).append(" saw no input\n");
            }
        }
        return unseen.toString();
    }

    private static long saw(FuzzerProcess.Said said, FuzzTarget target) {
        return said.number(ManyTargets.SAW + target.name() + ":");
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
