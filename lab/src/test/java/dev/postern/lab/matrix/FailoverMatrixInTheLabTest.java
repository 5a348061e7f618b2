package dev.postern.lab.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Every pair of circumstances of the failover matrix on real processes. With
/// `-Dpostern.matrix=all` it plays every cell and writes docs/failover-matrix.md; with parts of
/// cells' names, as in `-Dpostern.matrix=crash, tight hot;loose hot`, those cells.
@Tag("privileged")
final class FailoverMatrixInTheLabTest {
    private static final String FULL = "full-exchange";
    private static final MatrixPage PAGE = new MatrixPage();

    @AfterAll
    static void writeThePage() {
        if ("all".equals(System.getProperty("postern.matrix"))) {
            PAGE.write(Path.of("..").toAbsolutePath().normalize());
        }
    }

    private static List<Cell> cells() {
        String wanted = System.getProperty("postern.matrix");
        return wanted == null
                ? Cell.pairwise()
                : Cell.all().stream()
                        .filter(cell -> cell.senseless().isEmpty())
                        .filter(cell ->
                                wanted.equals("all")
                                        || Arrays.stream(wanted.split(";"))
                                                .anyMatch(cell.toString()::contains))
                        .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void theSessionSurvives(Cell cell) {
        Outcome outcome;
        try (Trial trial = new Trial(cell)) {
            outcome = trial.run();
        }
        System.out.printf("%s: %s%n", cell, outcome.text());
        PAGE.note(cell, outcome);

        assertThat(outcome.by()).isIn(promised(cell));
        if (!outcome.by().equals(FULL)) {
            if (!mayChangeTheAddress(cell)) {
                assertThat(outcome.addressKept()).isTrue();
            }
            assertThat(outcome.aaaRequests()).isZero();
        }
    }

    /// The member whose share the address is of lives, and has not given it up; or its site may
    /// live, for nobody has fenced it.
    private static boolean mayChangeTheAddress(Cell cell) {
        return (cell.failure() == Failure.PARTITION || cell.failure() == Failure.SITE_LOSS)
                && cell.arrangement() == Arrangement.BY_REFERENCE;
    }

    private static Set<String> promised(Cell cell) {
        if (cell.failure() == Failure.ACCESS_OUTAGE) {
            // The gateway lives: whether the client notices in time to give it up is all one.
            return cell.arrangement() == Arrangement.COLD
                    ? Set.of("kept", FULL)
                    : Set.of("kept", "resumed-1rtt");
        }
        if (cell.arrangement() == Arrangement.COLD) {
            return Set.of(FULL);
        }
        if (cell.arrangement() == Arrangement.TIGHT) {
            // Silence is what both the standby and the client wait for, about as long.
            return cell.failure() == Failure.PARTITION
                    ? Set.of("kept", "resumed-1rtt")
                    : Set.of("kept");
        }
        return Set.of("resumed-1rtt");
    }
}
