package dev.postern.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One target, and the fuzzer at work on it in a process of its own.
record FuzzTarget(String className, String method) {
    /// What a run takes beyond its time: starting, reading the corpus, writing what it found.
    private static final int PATIENCE_SECONDS = 120;

    private static final String EXECUTED = "stat::number_of_executed_units:";

    private static final int LINES_TO_TELL = 40;

    /// Where the classes of this module's tests are.
    static Path testClasses() throws URISyntaxException {
        return Path.of(
                FuzzTarget.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /// Every target under a directory of test classes.
    static List<FuzzTarget> all(Path testClasses) throws IOException {
        List<FuzzTarget> targets = new ArrayList<>();
        try (Stream<Path> files = Files.walk(testClasses)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith("Fuzz.class")) {
                    String relative = testClasses.relativize(file).toString();
                    targets.addAll(of(relative.replace('/', '.').replaceFirst("\\.class$", "")));
                }
            }
        }
        return targets;
    }

    private static List<FuzzTarget> of(String className) {
        try {
            List<FuzzTarget> targets = new ArrayList<>();
            for (Method method : Class.forName(className).getDeclaredMethods()) {
                if (method.isAnnotationPresent(FuzzTest.class)) {
                    targets.add(new FuzzTarget(className, method.getName()));
                }
            }
            targets.sort((a, b) -> a.method().compareTo(b.method()));
            return targets;
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Where the seeds are, and where an input goes that breaks this target.
    Path inputs(Path testResources) {
        return testResources.resolve(className.replace('.', '/') + "Inputs").resolve(method);
    }

    /// Lets the fuzzer work.
    ///
    /// @param corpus kept from run to run by whoever wants to; not in the tree
    /// @return what it said where it broke the target or did not reach it, or an empty text
    String run(int seconds, Path seeds, Path corpus) throws IOException, InterruptedException {
        Files.createDirectories(corpus);
        Path output = Files.createTempFile("postern-fuzz", ".log");
        try {
            Process fuzzer =
                    new ProcessBuilder(command(seconds, seeds, corpus))
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            boolean ended;
            try {
                ended = fuzzer.waitFor(seconds + PATIENCE_SECONDS, TimeUnit.SECONDS);
            } finally {
                fuzzer.destroyForcibly();
            }
            List<String> lines = Files.readAllLines(output);
            boolean well = ended && fuzzer.exitValue() == 0;
            if (well && executed(lines) > 0) {
                return "";
            }
            int from = Math.max(0, lines.size() - LINES_TO_TELL);
            return (ended ? "" : "did not end in time\n")
                    + (well ? "executed nothing\n" : "")
                    + String.join("\n", lines.subList(from, lines.size()));
        } finally {
            Files.delete(output);
        }
    }

    /// How many inputs the fuzzer says that it ran.
    private static long executed(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(EXECUTED))
                .mapToLong(line -> Long.parseLong(line.substring(EXECUTED.length()).strip()))
                .sum();
    }

    private List<String> command(int seconds, Path seeds, Path corpus) {
        // Surefire hands the class path over in a property of its own.
        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                // Most of a short run is the start.
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + className,
                "--target_method=" + method,
                "--instrumentation_includes=dev.postern.**",
                "--reproducer_path=" + corpus,
                "-artifact_prefix=" + seeds + "/",
                "-max_total_time=" + seconds,
                "-rss_limit_mb=3000",
                "-print_final_stats=1",
                corpus.toString(),
                seeds.toString());
    }
}
