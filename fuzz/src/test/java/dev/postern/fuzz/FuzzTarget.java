package dev.postern.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// One target, and the fuzzer at work on it in a process of its own.
record FuzzTarget(String className, String method) {
    private static final String EXECUTED = "stat::number_of_executed_units:";

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

    /// As a word: `CLASS#METHOD`.
    String name() {
        return className + "#" + method;
    }

    /// Where the seeds are, and where an input goes that breaks this target.
    Path inputs(Path testResources) {
        return testResources.resolve(className.replace('.', '/') + "Inputs").resolve(method);
    }

    /// Lets the fuzzer work on this target alone.
    ///
    /// @param corpus kept from run to run by whoever wants to; not in the tree
    /// @return what it said where it broke the target or did not reach it, or an empty text
    String run(int seconds, Path seeds, Path corpus) throws IOException, InterruptedException {
        Files.createDirectories(corpus);
        FuzzerProcess fuzzer =
                new FuzzerProcess(className, List.of("--target_method=" + method), List.of());
        FuzzerProcess.Said said = fuzzer.run(seconds, seeds, List.of(corpus, seeds));
        if (!said.well()) {
            return said.end();
        }
        long executed = said.number(EXECUTED);
        tell(this, executed);
        return executed == 0 ? "executed nothing\n" + said.end() : "";
    }

    /// So that a log shows whether anything was fuzzed.
    static void tell(FuzzTarget target, long inputs) {
        System.out.printf(Locale.ROOT, "%s saw %,d inputs%n", target.name(), inputs);
    }
}
