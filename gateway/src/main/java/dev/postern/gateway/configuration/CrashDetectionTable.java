package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.optional;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.EndpointSecrets;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The table `crash-detection` of a gateway.
final class CrashDetectionTable {
    private static final int SHORTEST_DIGITS = 64;

    private static final Key<Path> SECRET_FILE =
            optional(
                    "secret-file",
                    BasicTypes.path(),
                    "\"crash.secret\"",
                    "A file that outlives restarts and is closed to others: 64 or more hexadecimal"
                            + " digits (openssl rand -hex 32), of this gateway alone, no other"
                            + " gateway's; up to three lines with former ones may follow. Missing:"
                            + " clients find out by themselves.");
    static final Shape SHAPE =
            Shape.single(
                    "crash-detection",
                    "Tells clients at once that this gateway has restarted (RFC 6290).",
                    List.of(SECRET_FILE));

    private CrashDetectionTable() {}

    /// The newest secret first; empty where there is none.
    static List<SecretBytes> read(Section top) {
        Section table = top.single(SHAPE);
        @Nullable Path file = table.optional(SECRET_FILE);
        String text = file == null ? null : SecretFile.read(file, table.place(SECRET_FILE));
        if (text == null) {
            return List.of();
        }
        Place place = table.place(SECRET_FILE);
        List<String> lines = text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
        if (lines.isEmpty() || lines.size() > EndpointSecrets.MAXIMUM_GENERATIONS) {
            place.wrong(
                    "the file has "
                            + lines.size()
                            + " secrets; legal are 1 to "
                            + EndpointSecrets.MAXIMUM_GENERATIONS);
            return List.of();
        }
        List<SecretBytes> secrets = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String digits = lines.get(i);
            boolean hex = digits.chars().allMatch(HexFormat::isHexDigit);
            if (!hex || digits.length() < SHORTEST_DIGITS || digits.length() % 2 != 0) {
                place.wrong(
                        "its secret number "
                                + (i + 1)
                                + " has "
                                + digits.length()
                                + " characters"
                                + (hex ? "" : ", not all of them hexadecimal digits")
                                + "; legal is an even number of "
                                + SHORTEST_DIGITS
                                + " or more hexadecimal digits");
            } else {
                secrets.add(SecretBytes.owning(HexFormat.of().parseHex(digits)));
            }
        }
        return secrets;
    }
}
