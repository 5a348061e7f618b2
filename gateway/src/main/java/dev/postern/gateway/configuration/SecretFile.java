package dev.postern.gateway.configuration;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// Files that hold nothing but secrets.
final class SecretFile {
    private SecretFile() {}

    /// The text, or null after the place that names the file was told why there is none.
    static @Nullable String read(Path file, Place place) {
        String exposure = TextFile.exposure(file);
        if (exposure != null) {
            place.contradictsFile(file, exposure);
            return null;
        }
        return TextFile.read(file, reason -> place.contradictsFile(file, reason));
    }
}
