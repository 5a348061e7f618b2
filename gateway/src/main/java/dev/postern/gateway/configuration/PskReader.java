package dev.postern.gateway.configuration;

import dev.postern.crypto.SecretBytes;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Reads a pre-shared key from the one of its three keys that is there.
final class PskReader {
    /// A key with fewer octets falls to whoever sees one exchange as an active attacker and then
    /// guesses offline.
    private static final int SHORTEST_GOOD = 16;

    private static final List<Key<?>> KEYS =
            List.of(SharedKeys.PSK, SharedKeys.PSK_HEX, SharedKeys.PSK_FILE);

    private PskReader() {}

    static SecretBytes read(Section section) {
        if (KEYS.stream().noneMatch(section::has)) {
            section.missing(SharedKeys.PSK, "missing, and so are psk-hex and psk-file");
        }
        SecretBytes key = optional(section);
        return key == null ? SharedKeys.PSK.standIn() : key;
    }

    /// Which of the three keys stands in the section; the first where none does.
    static Key<?> present(Section section) {
        return KEYS.stream().filter(section::has).findFirst().orElse(SharedKeys.PSK);
    }

    /// The key, or null where there is none, or it was refused.
    static @Nullable SecretBytes optional(Section section) {
        List<Key<?>> present = KEYS.stream().filter(section::has).toList();
        for (Key<?> another : present.stream().skip(1).toList()) {
            section.place(another)
                    .contradicts(
                            "stands beside "
                                    + present.getFirst().name()
                                    + "; legal is one of psk, psk-hex, psk-file");
        }
        Path file = section.optional(SharedKeys.PSK_FILE);
        @Nullable SecretBytes key =
                Stream.of(
                                section.optional(SharedKeys.PSK),
                                section.optional(SharedKeys.PSK_HEX),
                                file == null
                                        ? null
                                        : ofFile(file, section.place(SharedKeys.PSK_FILE)))
                        .filter(each -> each != null)
                        .findFirst()
                        .orElse(null);
        if (key != null && key.length() < SHORTEST_GOOD && !present.isEmpty()) {
            section.place(present.getFirst())
                    .warn(
                            "the key has fewer than "
                                    + SHORTEST_GOOD
                                    + " octets and can be guessed offline by an attacker who"
                                    + " answers in the gateway's place; make one with: openssl"
                                    + " rand -base64 32");
        }
        return key;
    }

    /// The one line of a file that is closed to others, or null after the place was told why there
    /// is none.
    static @Nullable SecretBytes ofFile(Path file, Place place) {
        String text = SecretFile.read(file, place);
        if (text == null) {
            return null;
        }
        String key = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        key = key.endsWith("\r") ? key.substring(0, key.length() - 1) : key;
        if (key.isEmpty() || key.indexOf('\n') >= 0) {
            place.wrong(key.isEmpty() ? "the file is empty" : "the file has several lines");
            return null;
        }
        return SecretBytes.owning(key.getBytes(StandardCharsets.UTF_8));
    }
}
