package dev.postern.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rules about text hold in every file of the tree; see [SourceRule].
class SourceRulesTest {
    @Test
    void noFileBreaksARule() throws IOException {
        List<String> violations = new ArrayList<>();
        Tree.here()
                .texts()
                .forEach((file, text) -> {
                    for (SourceRule rule : SourceRule.ALL) {
                        for (String offence : rule.offences().apply(file, text)) {
                            violations.add(file + ": " + rule.name() + ": " + offence);
                        }
                    }
                });
        assertThat(violations).isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() throws IOException {
        Map<Path, String> texts = Tree.here().texts();
        List<String> violations = new ArrayList<>();
        texts.keySet().stream()
                .filter(file -> file.toString().matches(".*src/main/java/.*\\.java"))
                .map(Path::getParent)
                .distinct()
                .forEach(directory ->
                        SourceRule.packageOffence(
                                        Optional.ofNullable(
                                                texts.get(directory.resolve("package-info.java"))))
                                .ifPresent(offence -> violations.add(directory + " " + offence)));
        assertThat(violations).isEmpty();
    }

    /// The plus signs keep this file from breaking the rules itself.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    unfinished work               | // TO+DO later
                    a test that may not run       | @Dis+abled
                    a test that may not run       | assume+True(found);
                    a path of one machine         | see /wo+rk/notes
                    a path of one machine         | cd /ho+me/alice
                    the host of a registry        | https://repo.+maven.apache.org/x
                    a name that says nothing      | final class TicketHel+per {
                    a name that says nothing      | record PeerIn+fo(int a) {}
                    """)
    void eachRuleFindsItsOffence(String rule, String text) {
        assertThat(broken("wire/src/main/java/dev/postern/wire/A.java", text.replace("+", "")))
                .containsExactly(rule);
    }

    @Test
    void aLongFileIsFoundWhereItShips() {
        String text = "// line\n".repeat(401);
        assertThat(broken("wire/src/main/java/dev/postern/wire/A.java", text))
                .containsExactly("a file of more than 400 lines");
        assertThat(broken("wire/src/main/java/dev/postern/wire/A.java", text.substring(8)))
                .isEmpty();
        assertThat(broken("docs/protocol.md", text)).isEmpty();
    }

    @Test
    void wordsThatOnlyResembleAnOffenceAreFree() {
        assertThat(broken("README.md", "base, network/work, workshop, INFORMATIONAL, /rooted"))
                .isEmpty();
    }

    @Test
    void aPackageWithoutItsMarkIsFound() {
        assertThat(SourceRule.packageOffence(Optional.empty())).isPresent();
        assertThat(SourceRule.packageOffence(Optional.of("package a;\n"))).isPresent();
        assertThat(SourceRule.packageOffence(Optional.of("@NullMarked\npackage a;\n"))).isEmpty();
    }

    private static List<String> broken(String file, String text) {
        return SourceRule.ALL.stream()
                .filter(rule -> !rule.offences().apply(Path.of(file), text).isEmpty())
                .map(SourceRule::name)
                .toList();
    }
}
