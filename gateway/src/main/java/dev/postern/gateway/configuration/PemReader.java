package dev.postern.gateway.configuration;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Reads certificates and private keys in PEM (RFC 7468).
final class PemReader {
    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

    private PemReader() {}

    /// The certificates of a file, or an empty list after the place was told why there are none.
    static List<X509Certificate> certificates(Path file, Place place) {
        String text = TextFile.read(file, reason -> place.contradictsFile(file, reason));
        if (text == null) {
            return List.of();
        }
        try {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(
                                    new ByteArrayInputStream(
                                            text.getBytes(StandardCharsets.US_ASCII)))
                            .stream()
                            .filter(X509Certificate.class::isInstance)
                            .map(X509Certificate.class::cast)
                            .toList();
            if (certificates.isEmpty()) {
                place.contradictsFile(file, "holds no certificate in PEM");
            }
            return certificates;
        } catch (CertificateException e) {
            place.contradictsFile(file, "holds something else than certificates in PEM");
            return List.of();
        }
    }

    /// The private key of a file, or null after the place was told why there is none.
    static @Nullable PrivateKey privateKey(Path file, Place place) {
        String text = SecretFile.read(file, place);
        if (text == null) {
            return null;
        }
        int begin = text.indexOf(KEY_BEGIN);
        int end = text.indexOf(KEY_END);
        if (begin < 0 || end < begin) {
            place.contradictsFile(
                    file,
                    "holds no \""
                            + KEY_BEGIN
                            + "\"; convert the key with: openssl pkcs8 -topk8 -nocrypt");
            return null;
        }
        byte[] encoded;
        try {
            encoded =
                    Base64.getMimeDecoder().decode(text.substring(begin + KEY_BEGIN.length(), end));
        } catch (IllegalArgumentException e) {
            place.contradictsFile(file, "is not Base64 between its two lines");
            return null;
        }
        PrivateKey key = decode(encoded);
        Arrays.fill(encoded, (byte) 0);
        if (key == null) {
            place.contradictsFile(file, "holds a key that is neither EC nor RSA nor EdDSA");
        }
        return key;
    }

    private static @Nullable PrivateKey decode(byte[] encoded) {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (GeneralSecurityException another) {
                // Not of this algorithm; the next one may know it.
            }
        }
        return null;
    }
}
