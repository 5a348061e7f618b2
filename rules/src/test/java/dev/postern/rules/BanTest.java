package dev.postern.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The core is free of clocks, threads, I/O and randomness; see [Ban].
class BanTest {
    /// Modules that ship no product code and may do what their work needs.
    private static final List<String> OUTSIDE = List.of("bench", "lab", "rules");

    @Test
    void noModuleMentionsWhatItMustNot() throws IOException {
        assertThat(violations(Exemption.ALL)).isEmpty();
    }

    @Test
    void everyExemptionIsStillNeeded() throws IOException {
        for (Exemption exemption : Exemption.ALL) {
            List<Exemption> others = new ArrayList<>(Exemption.ALL);
            others.remove(exemption);
            assertThat(violations(others)).as(exemption.toString()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a clock                     | long f() { return System.nanoTime(); }
                    a clock                     | Object f() { return java.time.Instant.now(); }
                    a clock                     | java.time.Clock clock;
                    threads or locks            | void f(Runnable r) { new Thread(r).start(); }
                    threads or locks            | synchronized void f() {}
                    threads or locks            | void f() { synchronized (this) { hashCode(); } }
                    threads or locks            | java.util.concurrent.locks.ReentrantLock lock;
                    threads or locks            | Object f() { return new java.util.concurrent.Semaphore[1]; }
                    the network                 | java.net.DatagramSocket socket;
                    the network                 | Object f() { return new java.net.InetSocketAddress("a", 1); }
                    the network                 | Object f(java.net.InetAddress a) { return a.getHostName(); }
                    the network                 | java.nio.channels.DatagramChannel channel;
                    files                       | Object f() { return java.nio.file.Path.of("a"); }
                    files                       | Object f() { return new java.io.File("a"); }
                    files                       | Object f() { return Offender.class.getResourceAsStream("a"); }
                    randomness of its own       | Object f() { return new java.security.SecureRandom(); }
                    randomness of its own       | double f() { return Math.random(); }
                    randomness of its own       | Object f() { return java.util.UUID.randomUUID(); }
                    the process around it       | void f() { System.out.println(); }
                    the process around it       | Object f() { return System.getenv("a"); }
                    a log                       | java.util.logging.Logger logger;
                    a log                       | void f(Exception e) { e.printStackTrace(); }
                    reflection                  | Object f() throws Exception { return Class.forName("a"); }
                    a thread-local              | ThreadLocal<String> local;
                    foreign memory or functions | java.lang.foreign.MemorySegment segment;
                    """)
    void theCoreIsToldWhatItMentions(String what, String body, @TempDir Path scratch)
            throws IOException {
        assertThat(brokenBy(Snippet.compile(scratch, body), "ike")).contains(what);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.net.InetSocketAddress f(byte[] a) throws Exception { return new"
                        + " java.net.InetSocketAddress(java.net.InetAddress.getByAddress(a), 1); }",
                "Object f(java.time.Instant now) { return now.plusSeconds(1); }",
                "Object f() { java.util.function.Supplier<String> s = () -> \"a\" + this; return s;"
                        + " }",
                "record P(int a, String b) {}",
                "int f(Object o) { return switch (o) { case String s -> s.length(); default -> 0;"
                        + " }; }"
            })
    void valuesAreNoOffence(String body, @TempDir Path scratch) throws IOException {
        assertThat(brokenBy(Snippet.compile(scratch, body), "ike")).isEmpty();
    }

    @Test
    void theGatewayMayUseAClockAndForeignMemoryButNotReflection(@TempDir Path scratch)
            throws IOException {
        CompiledClass type =
                Snippet.compile(
                        scratch,
                        "long f() { return System.nanoTime(); } java.lang.foreign.Arena arena;"
                                + " Object g() { return"
                                + " java.lang.reflect.Array.newInstance(Offender.class, 1); }");
        assertThat(brokenBy(type, "gateway")).containsExactly("reflection");
    }

    private static List<String> brokenBy(CompiledClass type, String module) {
        return Ban.of(module).stream()
                .filter(ban -> !ban.brokenBy(type).isEmpty())
                .map(Ban::what)
                .toList();
    }

    private static List<String> violations(List<Exemption> exemptions) throws IOException {
        List<String> violations = new ArrayList<>();
        for (String module : Tree.here().modules()) {
            if (OUTSIDE.contains(module)) {
                continue;
            }
            for (CompiledClass type : Tree.here().classes(module)) {
                for (Ban ban : Ban.of(module)) {
                    ban.brokenBy(type).stream()
                            .filter(mentioned ->
                                    exemptions.stream()
                                            .noneMatch(e -> e.covers(type.name(), mentioned)))
                            .forEach(mentioned ->
                                    violations.add(
                                            type.name()
                                                    + " mentions "
                                                    + mentioned
                                                    + ": no "
                                                    + ban.what()
                                                    + " in "
                                                    + module));
                }
            }
        }
        return violations;
    }
}
