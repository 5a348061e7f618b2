package dev.postern.gateway.configuration;

import dev.postern.crypto.SecretBytes;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Types of values that are secrets: no message repeats one.
final class SecretTypes {
    private SecretTypes() {}

    /// A pre-shared key as its characters in UTF-8.
    static KeyType<SecretBytes> text() {
        return BasicTypes.ofSecret(
                "secret text", "a string that is not empty", SecretTypes::ofText);
    }

    /// A pre-shared key as hexadecimal digits.
    static KeyType<SecretBytes> hex() {
        return BasicTypes.ofSecret(
                "secret, hexadecimal", "an even number of hexadecimal digits", SecretTypes::ofHex);
    }

    private static SecretBytes ofText(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("is empty");
        }
        return SecretBytes.owning(text.getBytes(StandardCharsets.UTF_8));
    }

    private static SecretBytes ofHex(String digits) {
        if (digits.isEmpty()) {
            throw new IllegalArgumentException("is empty");
        }
        if (digits.length() % 2 != 0) {
            throw new IllegalArgumentException(
                    "has " + digits.length() + " digits, which is not an even number");
        }
        for (int i = 0; i < digits.length(); i++) {
            if (!HexFormat.isHexDigit(digits.charAt(i))) {
                throw new IllegalArgumentException(
                        "has something else than a hexadecimal digit at its character " + (i + 1));
            }
        }
        return SecretBytes.owning(HexFormat.of().parseHex(digits));
    }
}
