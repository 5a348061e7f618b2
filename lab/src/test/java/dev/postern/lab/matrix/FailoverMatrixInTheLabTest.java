package dev.postern.lab.matrix;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Every pair of circumstances of the failover matrix on real processes; at the end it prints the
/// table of the cells that it played. With `-Dpostern.matrix=all` it plays every cell and writes
/// docs/failover-matrix.md; with parts of cells' names, as in `-Dpostern.matrix=crash, tight
/// hot;loose hot`, those cells.
@Tag("privileged")
final class FailoverMatrixInTheLabTest {
    private static final MatrixPage PAGE = new MatrixPage();

    @AfterAll
    static void printTheTableAndWriteThePage() {
        System.out.print(PAGE.played());
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

        Promise.of(cell).demand(cell, outcome);
    }
}
