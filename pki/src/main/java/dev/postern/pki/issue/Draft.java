package dev.postern.pki.issue;

import dev.postern.crypto.Der;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import javax.security.auth.x500.X500Principal;

/// What a certificate is to say, but for who signs it.
///
/// @param subjectPublicKeyInfo the subject's key in DER
/// @param notBefore in whole seconds, as is `notAfter`
/// @param extensions without those about keys, which the issuer adds
public record Draft(
        X500Principal subject,
        byte[] subjectPublicKeyInfo,
        Instant notBefore,
        Instant notAfter,
        List<Extension> extensions) {
    /// The most characters of a common name (RFC 5280 appendix A.1, ub-common-name).
    public static final int LONGEST_COMMON_NAME = 64;

    private static final byte[] COMMON_NAME = {0x55, 0x04, 0x03};
    private static final int UTF8_STRING = 0x0c;

    public Draft {
        extensions = List.copyOf(extensions);
    }

    /// A subject of a common name alone; without any name where that is too long for one.
    public static X500Principal commonName(String name) {
        if (name.isEmpty() || name.codePointCount(0, name.length()) > LONGEST_COMMON_NAME) {
            return new X500Principal(Der.write(Der.SEQUENCE));
        }
        byte[] attribute =
                Der.write(
                        Der.SEQUENCE,
                        Der.write(Der.OBJECT_IDENTIFIER, COMMON_NAME),
                        Der.write(UTF8_STRING, name.getBytes(StandardCharsets.UTF_8)));
        return new X500Principal(Der.write(Der.SEQUENCE, Der.write(Der.SET, attribute)));
    }
}
