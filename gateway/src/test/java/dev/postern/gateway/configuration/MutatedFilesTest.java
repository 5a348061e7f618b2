package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Whatever stands in a file, it is read or refused with problems, and nothing else happens.
class MutatedFilesTest {
    private static final int RUNS = 400;
    private static final List<String> PIECES =
            List.of(
                    "[",
                    "]",
                    "\"",
                    "=",
                    "'",
                    "\n",
                    "\\",
                    "{",
                    "}",
                    ",",
                    ".",
                    "#",
                    "-",
                    ":",
                    "/",
                    "0",
                    "-1",
                    "1e400",
                    "nan",
                    "true",
                    "[[",
                    "\"\"\"",
                    "\u0000",
                    "\u202e",
                    "\ud800",
                    "1979-05-27",
                    "99999999999999999999",
                    "0.0.0.0/0",
                    "::/0",
                    "never",
                    "[[peer]]",
                    "[profile.x]",
                    "a.b.c = 1",
                    "\"\" = 1",
                    "[pool]",
                    "keyid:",
                    "255.255.255.255/1");

    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void writeTheFilesThatAreNamed() {
        workspace = Workspace.in(directory);
    }

    @Test
    void mutatedGatewayFilesAreReadOrRefused() throws Exception {
        String text = ExampleFilesTest.example("gateway.toml");
        int refused = 0;
        for (long seed = 0; seed < RUNS; seed++) {
            String mutated = mutated(text, new Random(seed));
            refused += judged(seed, () -> workspace.gateway(mutated)) ? 0 : 1;
        }
        assertThat(refused).isBetween(RUNS / 4, RUNS - 1);
    }

    @Test
    void mutatedClientFilesAreReadOrRefused() throws Exception {
        String text = ExampleFilesTest.example("client.toml");
        int refused = 0;
        for (long seed = 0; seed < RUNS; seed++) {
            String mutated = mutated(text, new Random(seed));
            refused += judged(seed, () -> workspace.client(mutated)) ? 0 : 1;
        }
        assertThat(refused).isBetween(RUNS / 4, RUNS - 1);
    }

    @Test
    void everyPrefixIsReadOrRefused() throws Exception {
        String text = withoutComments(ExampleFilesTest.example("gateway.toml"));
        for (int end = 0; end < text.length(); end++) {
            String prefix = text.substring(0, end);
            judged(end, () -> workspace.gateway(prefix));
        }
    }

    @Test
    void deepNestingIsRefused() {
        String deep = "identity = " + "[".repeat(100_000);
        assertThat(workspace.problemsOfGateway(deep)).isNotEmpty();
        String tables = "[" + "a.".repeat(50_000) + "a]\n";
        assertThat(workspace.problemsOfGateway(tables)).isNotEmpty();
    }

    /// Reads a configuration.
    private interface Reading {
        Object read() throws ConfigurationException;
    }

    /// Whether the file was good; every problem names a line and is one line of printable text.
    private static boolean judged(long seed, Reading reading) {
        try {
            return reading.read() != null;
        } catch (ConfigurationException e) {
            assertThat(e.problems())
                    .as("seed %d", seed)
                    .isNotEmpty()
                    .allMatch(problem -> problem.line() >= 1)
                    .allMatch(problem ->
                            problem.message().chars().noneMatch(Character::isISOControl));
            return false;
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static String mutated(String text, Random random) {
        List<String> lines = new ArrayList<>(withoutComments(text).lines().toList());
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(lines.size());
            String line = lines.get(at);
            int from = random.nextInt(line.length() + 1);
            int to = from + random.nextInt(line.length() - from + 1);
            switch (random.nextInt(6)) {
                case 0 -> lines.remove(at);
                case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
                case 2 -> lines.set(at, line.substring(0, from) + line.substring(to));
                case 3 ->
                        lines.set(at, line.substring(0, from) + piece(random) + line.substring(to));
                case 4 ->
                        lines.set(
                                at, line.substring(0, from) + piece(random) + line.substring(from));
                default -> lines.set(at, replacedValue(line, random));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static String replacedValue(String line, Random random) {
        int equals = line.indexOf('=');
        return equals < 0 ? line : line.substring(0, equals + 1) + " " + piece(random);
    }

    private static String piece(Random random) {
        return PIECES.get(random.nextInt(PIECES.size()));
    }

    private static String withoutComments(String text) {
        return String.join(
                "\n",
                text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList());
    }
}
