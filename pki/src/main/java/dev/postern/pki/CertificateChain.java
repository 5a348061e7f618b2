package dev.postern.pki;

import dev.postern.crypto.InvalidKeyException;
import dev.postern.crypto.VerificationKey;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// The certificates that one party sent: its own first (RFC 7296 section 3.6), then others in any
/// order. Decoded, and not trusted.
public record CertificateChain(List<X509Certificate> certificates) {
    /// More than this is no chain that anybody operates.
    public static final int MOST_CERTIFICATES = 10;

    /// The longest certificate that is looked at.
    public static final int LONGEST_CERTIFICATE = 16_384;

    public CertificateChain {
        certificates = List.copyOf(certificates);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("a chain without a certificate");
        }
    }

    /// Decodes certificates in DER.
    public static CertificateChain decode(List<byte[]> certificates) throws UnreadableException {
        if (certificates.isEmpty() || certificates.size() > MOST_CERTIFICATES) {
            throw new UnreadableException(
                    certificates.size() + " certificates; wanted are 1 to " + MOST_CERTIFICATES);
        }
        List<X509Certificate> decoded = new ArrayList<>();
        for (byte[] each : certificates) {
            decoded.add(decode(each));
        }
        return new CertificateChain(decoded);
    }

    static X509Certificate decode(byte[] der) throws UnreadableException {
        if (der.length > LONGEST_CERTIFICATE) {
            throw new UnreadableException(
                    "a certificate of "
                            + der.length
                            + " octets; wanted are at most "
                            + LONGEST_CERTIFICATE);
        }
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            ByteArrayInputStream in = new ByteArrayInputStream(der);
            X509Certificate certificate = (X509Certificate) factory.generateCertificate(in);
            if (in.available() > 0) {
                throw new UnreadableException("octets follow the certificate");
            }
            return certificate;
        } catch (CertificateException | RuntimeException e) {
            throw new UnreadableException("not a certificate in DER");
        }
    }

    /// The party's own.
    public X509Certificate leaf() {
        return certificates.getFirst();
    }

    /// The leaf's public key.
    ///
    /// @throws UnreadableException where it is of a kind that is not used, or weak
    public VerificationKey key() throws UnreadableException {
        try {
            return VerificationKey.of(leaf().getPublicKey().getEncoded());
        } catch (InvalidKeyException e) {
            throw new UnreadableException("the certificate holds " + e.getMessage());
        }
    }

    /// The leaf's fingerprint, SHA-256 of its DER.
    public byte[] fingerprint() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(leaf().getEncoded());
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException("a decoded certificate does not encode", e);
        }
    }
}
