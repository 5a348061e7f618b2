package dev.postern.gateway.configuration;

import java.io.IOException;
import java.nio.file.Path;

/// Where a client keeps its ticket over its own restart.
///
/// @param key the file of the key that seals it, made at the first start where there is none
public record KeptTicket(Path file, Path key) {
    /// Refuses a file that others than its owner may read or write.
    ///
    /// @throws IOException with the reason in words
    public static void requireClosed(Path file) throws IOException {
        String exposure = TextFile.exposure(file);
        if (exposure != null) {
            throw new IOException(file + " " + exposure);
        }
    }
}
