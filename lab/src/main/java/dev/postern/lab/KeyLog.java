package dev.postern.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Keys in the two formats of Wireshark, one line an SA.
///
/// @param ikev2Lines lines of `ikev2_decryption_table`
/// @param espLines lines of `esp_sa`
public record KeyLog(List<String> ikev2Lines, List<String> espLines) {
    public KeyLog {
        ikev2Lines = List.copyOf(ikev2Lines);
        espLines = List.copyOf(espLines);
    }

    /// No keys: what is encrypted stays so.
    public static KeyLog none() {
        return new KeyLog(List.of(), List.of());
    }

    /// The key log that a daemon wrote into a directory, in files that have the tables' names.
    ///
    /// @throws LabException when a file is missing
    public static KeyLog in(Path directory) {
        return of(directory.resolve("ikev2_decryption_table"), directory.resolve("esp_sa"));
    }

    /// The key log in two files.
    public static KeyLog of(Path ikev2DecryptionTable, Path espSa) {
        return new KeyLog(lines(ikev2DecryptionTable), lines(espSa));
    }

    private static List<String> lines(Path file) {
        if (!Files.exists(file)) {
            throw new LabException("there is no key log at " + file);
        }
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
