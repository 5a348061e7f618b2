package dev.postern.pki;

import dev.postern.crypto.InvalidKeyException;
import dev.postern.crypto.SecretBytes;
import dev.postern.crypto.SigningKey;
import dev.postern.pki.issue.Authority;
import dev.postern.pki.issue.Draft;
import dev.postern.pki.issue.Extension;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/// What certs/make.sh has made with OpenSSL.
final class Fixtures {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private Fixtures() {}

    static byte[] read(String name) {
        try (InputStream stream = Fixtures.class.getResourceAsStream("/certs/" + name)) {
            return Objects.requireNonNull(stream, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] der(String name) throws UnreadableException {
        return Credentials.certificatesOf(read(name + ".pem")).getFirst();
    }

    /// The certificates of these names, the peer's own first.
    static CertificateChain chain(String... names) throws UnreadableException {
        List<byte[]> certificates = new ArrayList<>();
        for (String name : names) {
            certificates.add(der(name));
        }
        return CertificateChain.decode(certificates);
    }

    static X509Certificate certificate(String name) throws UnreadableException {
        return chain(name).leaf();
    }

    static TrustAnchors anchors() throws UnreadableException {
        return new TrustAnchors(List.of(certificate("ca")));
    }

    /// Another certificate of the authority `ca`: its name and its key.
    static X509Certificate authority(Instant notAfter, Extension... extensions)
            throws UnreadableException {
        return authority(certificate("ca").getNotBefore().toInstant(), notAfter, extensions);
    }

    static X509Certificate authority(Instant notBefore, Instant notAfter, Extension... extensions)
            throws UnreadableException {
        X509Certificate ca = certificate("ca");
        byte[] secret = Pem.parse(read("ca.key.pem")).getFirst().content();
        try (SigningKey key = SigningKey.of(SecretBytes.owning(secret))) {
            return Authority.selfSigned(
                    new Draft(
                            ca.getSubjectX500Principal(),
                            ca.getPublicKey().getEncoded(),
                            notBefore,
                            notAfter,
                            List.of(extensions)),
                    key,
                    new Random(9)::nextBytes);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    static X509CRL list(String name) throws UnreadableException {
        return RevocationEvidence.decodeList(read(name + ".crl"));
    }

    static ChainVerdict.Reason reason(ChainVerdict verdict) {
        return switch (verdict) {
            case ChainVerdict.Refused refused -> refused.reason();
            case ChainVerdict.Trusted trusted -> throw new AssertionError("trusted: " + trusted);
        };
    }

    static ChainVerdict.Trusted trusted(ChainVerdict verdict) {
        return switch (verdict) {
            case ChainVerdict.Trusted trusted -> trusted;
            case ChainVerdict.Refused refused -> throw new AssertionError("refused: " + refused);
        };
    }
}
