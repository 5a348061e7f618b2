package dev.postern.lab.matrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// The page that holds the outcomes, a table for each failure.
final class MatrixPage {
    private final Map<Cell, Outcome> outcomes = new LinkedHashMap<>();

    void note(Cell cell, Outcome outcome) {
        outcomes.put(cell, outcome);
    }

    /// Writes the page.
    ///
    /// @param root the directory of the project
    void write(Path root) {
        try {
            Files.writeString(root.resolve("docs/failover-matrix.md"), text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text() {
        StringBuilder page =
                new StringBuilder(
                        """
                        # The failover matrix

                        What a failure costs a client, on real processes in network namespaces: echo requests through the tunnel (in transport
                        mode: to the gateway), one every 20 ms, that nobody answered; the longest time without an answer; the IKE messages that
                        the client sent and got until it was answered again; the Access-Requests that FreeRADIUS saw. With the default settings, and
                        on a machine that has other work to do. A dot is a cell that was not played when the page was written: the test
                        command plays every pair of circumstances, and all cells are played by

                            ./postern matrix

                        """);
        for (Arrangement column : Arrangement.values()) {
            page.append("- **%s**: %s.\n".formatted(column.text(), column.meaning()));
        }
        page.append('\n').append(Promise.text());
        for (Failure failure : Failure.values()) {
            page.append(
                    "\n## %s\n\n%s.\n\n%s"
                            .formatted(
                                    capital(failure.text()),
                                    capital(failure.meaning()),
                                    table(failure)));
        }
        return page.toString();
    }

    /// The tables of the failures of which cells were played, and the dots of those that were not.
    String played() {
        StringBuilder tables = new StringBuilder();
        for (Failure failure : Failure.values()) {
            if (outcomes.keySet().stream().anyMatch(cell -> cell.failure() == failure)) {
                tables.append("\n## %s\n\n%s".formatted(capital(failure.text()), table(failure)));
            }
        }
        return tables.toString();
    }

    private String table(Failure failure) {
        StringBuilder table = new StringBuilder();
        table.append(row("", Arrays.stream(Arrangement.values()).map(Arrangement::text)));
        table.append(row("---", Arrays.stream(Arrangement.values()).map(_ -> "---")));
        for (Encapsulation encapsulation : Encapsulation.values()) {
            for (Credential credential : Credential.values()) {
                table.append(
                        row(
                                encapsulation.text() + ", " + credential.text(),
                                Arrays.stream(Arrangement.values())
                                        .map(column ->
                                                new Cell(
                                                        failure, column, encapsulation, credential))
                                        .map(this::text)));
            }
        }
        return table.toString();
    }

    private String text(Cell cell) {
        Outcome outcome = outcomes.get(cell);
        return outcome == null ? cell.senseless().orElse("·") : outcome.text();
    }

    private static String row(String head, java.util.stream.Stream<String> cells) {
        return "| %s | %s |\n".formatted(head, cells.collect(Collectors.joining(" | ")));
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
