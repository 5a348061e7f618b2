package dev.postern.gateway.configuration;

import java.nio.file.Path;
import java.util.Comparator;

/// One thing that is wrong, or deserves a warning.
///
/// @param file as it was named on the command line or in the file that names it
/// @param line from 1
/// @param message key, value, what is wrong, what is legal; never a secret
public record Problem(Path file, int line, String message) {
    static final Comparator<Problem> BY_PLACE =
            Comparator.comparing(Problem::file)
                    .thenComparingInt(Problem::line)
                    .thenComparing(Problem::message);

    @Override
    public String toString() {
        return file + ":" + line + ": " + message;
    }
}
