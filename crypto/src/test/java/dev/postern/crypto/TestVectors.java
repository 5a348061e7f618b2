package dev.postern.crypto;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Published test vectors from the test resources, and what all tests here share.
final class TestVectors {
    private TestVectors() {}

    /// Both providers. A machine that runs these tests has libcrypto, or half of the module is
    /// untested.
    static List<Primitives> providers() {
        return List.of(Primitives.libCrypto().orElseThrow(), Primitives.jdk());
    }

    /// One case of a Wycheproof file: the fields of its group, overlaid by its own.
    record Case(Map<String, JsonElement> fields) {
        byte[] octets(String field) {
            return hex(text(field));
        }

        String text(String field) {
            return field(field).getAsString();
        }

        int number(String field) {
            return field(field).getAsInt();
        }

        private JsonElement field(String field) {
            return Objects.requireNonNull(fields.get(field), field);
        }

        /// Number and comment, for the message of a failed assertion.
        String name() {
            return text("tcId") + " " + text("comment");
        }
    }

    static List<Case> wycheproof(String file) {
        List<Case> cases = new ArrayList<>();
        JsonObject root = JsonParser.parseString(read("/wycheproof/" + file)).getAsJsonObject();
        for (JsonElement group : root.getAsJsonArray("testGroups")) {
            for (JsonElement test : group.getAsJsonObject().getAsJsonArray("tests")) {
                Map<String, JsonElement> fields =
                        new LinkedHashMap<>(group.getAsJsonObject().asMap());
                fields.putAll(test.getAsJsonObject().asMap());
                cases.add(new Case(fields));
            }
        }
        return cases;
    }

    /// The lines of a NIST response file.
    static List<String> nist(String file) {
        return read("/nist/" + file).lines().toList();
    }

    static byte[] hex(String octets) {
        return HexFormat.of().parseHex(octets.replaceAll("\\s", ""));
    }

    /// `octets` right-aligned in `length` octets, as a number is.
    static byte[] padded(byte[] octets, int length) {
        int skipped = Math.max(0, octets.length - length);
        for (int i = 0; i < skipped; i++) {
            if (octets[i] != 0) {
                throw new IllegalArgumentException("longer than " + length + " octets");
            }
        }
        byte[] padded = new byte[length];
        byte[] digits = Arrays.copyOfRange(octets, skipped, octets.length);
        System.arraycopy(digits, 0, padded, length - digits.length, digits.length);
        return padded;
    }

    private static String read(String resource) {
        try (InputStream stream = TestVectors.class.getResourceAsStream(resource);
                InputStreamReader reader =
                        new InputStreamReader(
                                Objects.requireNonNull(stream, resource), StandardCharsets.UTF_8)) {
            return reader.readAllAsString();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
