package dev.postern.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

final class InteropPageTest {
    private static final Pattern MARK = Pattern.compile("\\bInterop: ");
    private static final String CLASS = "dev.postern.lab.SomeTest";

    @Test
    void aClaimBelongsToTheNextMethod() {
        List<InteropPage.Claim> claims =
                InteropPage.claims(
                        CLASS,
                        List.of(
                                "    /// Interop: EAP-TLS | strongSwan | peer initiates",
                                "    /// Interop: EAP identity | strongSwan | peer initiates",
                                "    @Test",
                                "    void itWorks() {"));

        assertThat(claims)
                .containsExactly(
                        new InteropPage.Claim(
                                "EAP-TLS", "strongSwan", "peer initiates", CLASS, "itWorks"),
                        new InteropPage.Claim(
                                "EAP identity", "strongSwan", "peer initiates", CLASS, "itWorks"));
    }

    @Test
    void claimsThatTheFormatterJoinedAreTwoAndWhatElseIsSaidIsNone() {
        List<InteropPage.Claim> claims =
                InteropPage.claims(
                        CLASS,
                        List.of(
                                "    /// What is shown. Interop: EAP-TLS | strongSwan | peer",
                                "    /// initiates Interop: EAP identity | strongSwan | Postern",
                                "    /// initiates And what else is to be said.",
                                "    ///",
                                "    /// Interop: PPK | Postern | neither",
                                "    @Test",
                                "    void itWorks() {"));

        assertThat(claims)
                .extracting(
                        InteropPage.Claim::feature,
                        InteropPage.Claim::peer,
                        InteropPage.Claim::direction)
                .containsExactly(
                        tuple("EAP-TLS", "strongSwan", "peer initiates"),
                        tuple("EAP identity", "strongSwan", "Postern initiates"),
                        tuple("PPK", "Postern", "neither"));
    }

    /// None is lost between the comment and the page.
    @Test
    void everyClaimInTheTreeIsRead() throws IOException {
        Path root = Tree.here().root();
        List<String> written = new ArrayList<>();
        for (String module : Tree.here().modules()) {
            Path tests = root.resolve(module).resolve("src/test/java");
            if (Files.isDirectory(tests)) {
                addMarks(tests, written);
            }
        }

        assertThat(written).hasSizeGreaterThan(60);
        assertThat(InteropPage.claims(root)).hasSameSizeAs(written);
    }

    private static void addMarks(Path tests, List<String> written) throws IOException {
        try (Stream<Path> files = Files.walk(tests)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    if (line.strip().startsWith("///")) {
                        MARK.matcher(line).results().forEach(_ -> written.add(file.toString()));
                    }
                }
            }
        }
    }

    @Test
    void aClaimThatTheFormatterBrokeIsOneClaim() {
        List<InteropPage.Claim> claims =
                InteropPage.claims(
                        CLASS,
                        List.of(
                                "    /// Interop: EAP-TLS after a very long",
                                "    /// story | strongSwan | peer initiates",
                                "    /// And what else is to be said.",
                                "    void itWorks() {"));

        assertThat(claims)
                .containsExactly(
                        new InteropPage.Claim(
                                "EAP-TLS after a very long story",
                                "strongSwan",
                                "peer initiates",
                                CLASS,
                                "itWorks"));
    }

    @Test
    void aClaimWithoutAKnownDirectionIsRefused() {
        assertThatThrownBy(() ->
                        InteropPage.claims(
                                CLASS,
                                List.of(
                                        "    /// Interop: EAP-TLS | strongSwan | somehow",
                                        "    void itWorks() {")))
                .hasMessageContaining("itWorks")
                .hasMessageContaining("peer initiates");
    }

    @Test
    void aClaimWithoutAMethodIsRefused() {
        assertThatThrownBy(() ->
                        InteropPage.claims(
                                CLASS, List.of("    /// Interop: EAP-TLS | strongSwan | neither")))
                .hasMessageContaining("EAP-TLS");
    }

    @Test
    void onlyAPassedTestProvesAClaim(@TempDir Path root) throws IOException {
        Path reports = Files.createDirectories(root.resolve("lab/target/surefire-reports"));
        Files.writeString(
                reports.resolve("TEST-" + CLASS + ".xml"),
                """
                <testsuite>
                  <testcase name="passes"/>
                  <testcase name="repeats(int)[1]"/>
                  <testcase name="repeats(int)[2]"><failure/></testcase>
                  <testcase name="rests"><skipped/></testcase>
                </testsuite>
                """);

        assertThat(InteropPage.hasPassed(root, claim("passes"))).isTrue();
        assertThat(InteropPage.hasPassed(root, claim("repeats"))).isFalse();
        assertThat(InteropPage.hasPassed(root, claim("rests"))).isFalse();
        assertThat(InteropPage.hasPassed(root, claim("pass"))).isFalse();
        assertThat(InteropPage.hasPassed(root, claim("isMissing"))).isFalse();
    }

    @Test
    void whatOnlyPosternShowedStandsInATableOfItsOwn() {
        String page =
                InteropPage.render(
                        List.of(
                                new InteropPage.Claim("a", "strongSwan", "neither", CLASS, "m"),
                                new InteropPage.Claim("b", "Postern", "neither", CLASS, "n")));

        assertThat(page.indexOf("| a | strongSwan"))
                .isLessThan(page.indexOf("## Where no stock peer"));
        assertThat(page.indexOf("| b | Postern"))
                .isGreaterThan(page.indexOf("## Where no stock peer"));
    }

    private static InteropPage.Claim claim(String method) {
        return new InteropPage.Claim("f", "strongSwan", "neither", CLASS, method);
    }
}
