package dev.postern.gateway.configuration;

import dev.postern.gateway.eap.ChainJudge;
import dev.postern.gateway.eap.TlsEngines;
import dev.postern.gateway.eap.TlsIdentity;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/// Reads what one end of TLS shows and whom it trusts, from the three files that a table names.
final class TlsIdentityReader {
    private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);

    private TlsIdentityReader() {}

    /// Null where a key is missing, or after the faults of the files were told.
    static @Nullable TlsIdentity read(
            Section section,
            Key<Path> certificateKey,
            Key<Path> privateKeyKey,
            Key<Path> trustKey,
            List<String> serverNames,
            Instant now) {
        Path certificate = section.optional(certificateKey);
        Path key = section.optional(privateKeyKey);
        Path trust = section.optional(trustKey);
        if (certificate == null || key == null || trust == null) {
            return null;
        }
        List<X509Certificate> chain =
                PemReader.certificates(certificate, section.place(certificateKey));
        PrivateKey own = PemReader.privateKey(key, section.place(privateKeyKey));
        List<X509Certificate> trusted = PemReader.certificates(trust, section.place(trustKey));
        if (own == null || chain.isEmpty() || trusted.isEmpty()) {
            return null;
        }
        if (!own.getAlgorithm().equals(chain.getFirst().getPublicKey().getAlgorithm())) {
            section.place(privateKeyKey)
                    .contradicts("is no key of the certificate: the algorithms differ");
            return null;
        }
        if (!signsFor(own, chain.getFirst())) {
            section.place(privateKeyKey).contradicts("is no key of the certificate");
            return null;
        }
        Place place = section.place(certificateKey);
        chain.forEach(each -> CertificateTimes.warnOfOwn(each, place, now));
        TlsIdentity identity = new TlsIdentity(chain, own, trusted, serverNames);
        try {
            new TlsEngines(identity, ChainJudge.LENIENT).client().close();
            return identity;
        } catch (IllegalArgumentException e) {
            section.place(privateKeyKey).contradicts(String.valueOf(e.getMessage()));
            return null;
        }
    }

    /// Whether the certificate verifies what the key signs.
    private static boolean signsFor(PrivateKey key, X509Certificate certificate) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException ofAnotherKind) {
            return false;
        }
    }
}
