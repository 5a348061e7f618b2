package dev.postern.gateway.configuration;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// Files of octets that a key names: certificates and private keys.
final class OctetFile {
    private static final int LONGEST = 1 << 20;

    private OctetFile() {}

    /// The octets, or null after the place that names the file was told why there are none.
    static byte @Nullable [] read(Path file, Place place) {
        return read(file, LONGEST, place);
    }

    static byte @Nullable [] read(Path file, int longest, Place place) {
        return TextFile.octets(file, longest, reason -> place.contradictsFile(file, reason));
    }

    /// The same of a file that must be closed to others.
    static byte @Nullable [] readSecret(Path file, Place place) {
        String exposure = TextFile.exposure(file);
        if (exposure != null) {
            place.contradictsFile(file, exposure);
            return null;
        }
        return read(file, place);
    }
}
