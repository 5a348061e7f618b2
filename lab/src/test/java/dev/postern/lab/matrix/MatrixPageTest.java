package dev.postern.lab.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

final class MatrixPageTest {
    private static final Cell CELL =
            new Cell(
                    Failure.CRASH,
                    Arrangement.BY_VALUE,
                    Encapsulation.TUNNEL,
                    Credential.CERTIFICATE);

    private static boolean isPlayed(String line) {
        return line.startsWith("| tunnel, ") || line.startsWith("| transport, ");
    }

    /// What the page says beside the outcomes, bounds among it, is what the suite says and demands.
    @Test
    void thePageInTheTreeIsThatOfTheSuite() throws IOException {
        assertThat(
                        Files.readAllLines(Path.of("../docs/failover-matrix.md")).stream()
                                .filter(line -> !isPlayed(line)))
                .containsExactlyElementsOf(
                        new MatrixPage().text().lines().filter(line -> !isPlayed(line)).toList());
    }

    @Test
    void whatIsPrintedIsTheTableOfTheFailuresThatWerePlayed() {
        MatrixPage page = new MatrixPage();
        page.note(
                CELL,
                new Outcome(
                        66,
                        1_640,
                        0,
                        new Conversation(0, 2_000, List.of()),
                        0,
                        Promise.RESUMED,
                        true));

        List<String> lines = page.played().lines().toList();

        assertThat(lines)
                .startsWith(
                        "",
                        "## Crash",
                        "",
                        "|  | by value | by reference | tight hot | loose hot | branch gateway |"
                                + " cold |")
                .contains(
                        "| tunnel, certificate | 66 lost, 1.6 s, 0 messages, 0 AAA | · | · | · | ·"
                                + " | · |",
                        "| transport, PSK | · | · | · | · | a subnet behind the client needs a"
                                + " tunnel | · |")
                .noneMatch(line -> line.contains("Reboot"));
        assertThat(new MatrixPage().played()).isEmpty();
    }
}
