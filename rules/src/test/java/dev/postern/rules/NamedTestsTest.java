package dev.postern.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// docs/resumption.md names a test for each rule of the drafts: the test is there.
class NamedTestsTest {
    private static final Pattern NAMED = Pattern.compile("`(\\w+)\\.(\\w+)`");
    private static final int LEAST = 60;

    @Test
    void eachTestThatThePageNamesIsThere() throws IOException {
        String page = Files.readString(Tree.here().root().resolve("docs/resumption.md"));
        assertThat(missing(page, tests())).isEmpty();
        assertThat(NAMED.matcher(page).results().count()).isGreaterThan(LEAST);
    }

    @Test
    void aTestThatIsNotThereIsFound() {
        Map<String, String> tests = Map.of("ATest", "@Test\n    void itHolds() {");
        assertThat(missing("| x | `ATest.itHolds` |", tests)).isEmpty();
        assertThat(missing("| x | `ATest.itHeld`, `BTest.itHolds` |", tests))
                .containsExactly("ATest.itHeld", "BTest.itHolds");
    }

    private static List<String> missing(String page, Map<String, String> tests) {
        List<String> missing = new ArrayList<>();
        Matcher named = NAMED.matcher(page);
        while (named.find()) {
            String text = tests.getOrDefault(named.group(1), "");
            if (!text.contains(" void " + named.group(2) + "(")) {
                missing.add(named.group(1) + "." + named.group(2));
            }
        }
        return missing;
    }

    /// The text of each test class, by its simple name.
    private static Map<String, String> tests() throws IOException {
        Map<String, String> tests = new HashMap<>();
        Tree tree = Tree.here();
        for (String module : tree.modules()) {
            Path sources = tree.root().resolve(module).resolve("src/test/java");
            if (Files.exists(sources)) {
                try (Stream<Path> files = Files.walk(sources)) {
                    for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                        String name = file.getFileName().toString();
                        tests.put(
                                name.substring(0, name.length() - ".java".length()),
                                Files.readString(file));
                    }
                }
            }
        }
        return tests;
    }
}
