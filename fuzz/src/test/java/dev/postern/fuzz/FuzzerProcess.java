package dev.postern.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The fuzzer in a process of its own.
///
/// @param options what Jazzer is told beyond the class
/// @param properties what the virtual machine is told
record FuzzerProcess(String targetClass, List<String> options, List<String> properties) {
    /// What a run takes beyond its time: starting, reading the corpus, writing what it found.
    private static final int PATIENCE_SECONDS = 120;

    private static final int LINES_TO_TELL = 40;

    /// What it said.
    ///
    /// @param ended in time
    record Said(boolean ended, int exitValue, List<String> lines) {
        boolean well() {
            return ended && exitValue == 0;
        }

        /// The sum of the numbers behind a prefix.
        long number(String prefix) {
            return lines.stream()
                    .filter(line -> line.startsWith(prefix))
                    .mapToLong(line -> Long.parseLong(line.substring(prefix.length()).strip()))
                    .sum();
        }

        String end() {
            int from = Math.max(0, lines.size() - LINES_TO_TELL);
            return (ended ? "" : "did not end in time\n")
                    + String.join("\n", lines.subList(from, lines.size()));
        }
    }

    /// @param artifacts where an input goes that breaks a target
    /// @param corpora the first one grows
    Said run(int seconds, Path artifacts, List<Path> corpora)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("postern-fuzz", ".log");
        try {
            Process fuzzer =
                    new ProcessBuilder(command(seconds, artifacts, corpora))
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            boolean ended;
            try {
                ended = fuzzer.waitFor(seconds + PATIENCE_SECONDS, TimeUnit.SECONDS);
            } finally {
                fuzzer.destroyForcibly();
            }
            return new Said(ended, ended ? fuzzer.exitValue() : -1, Files.readAllLines(output));
        } finally {
            Files.delete(output);
        }
    }

    private List<String> command(int seconds, Path artifacts, List<Path> corpora) {
        // Surefire hands the class path over in a property of its own.
        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+EnableDynamicAgentLoading",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx512m",
                        // Most of a short run is the start.
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1"));
        command.addAll(properties);
        command.addAll(
                List.of(
                        "-cp",
                        classPath,
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + targetClass,
                        "--instrumentation_includes=dev.postern.**"));
        command.addAll(options);
        command.addAll(
                List.of(
                        "--reproducer_path=" + corpora.getFirst(),
                        "-artifact_prefix=" + artifacts + "/",
                        "-max_total_time=" + seconds,
                        "-rss_limit_mb=3000",
                        // What is slow on a machine with other work breaks nothing.
                        "-report_slow_units=3600",
                        "-print_final_stats=1"));
        corpora.forEach(corpus -> command.add(corpus.toString()));
        return command;
    }
}
