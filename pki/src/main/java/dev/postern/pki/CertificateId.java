package dev.postern.pki;

import dev.postern.crypto.Der;
import dev.postern.crypto.MalformedDerException;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Map;

/// Which certificate OCSP speaks of: CertID (RFC 6960 section 4.1.1). A number alone names none,
/// since a responder may answer for several authorities, each of which numbers its own.
///
/// @param algorithm of both hashes: the content of its OBJECT IDENTIFIER
/// @param issuerNameHash of the issuer's name in DER, as it stands in the certificate
/// @param issuerKeyHash of the issuer's key: the content of its BIT STRING
/// @param serial the certificate's number
public record CertificateId(
        Octets algorithm, Octets issuerNameHash, Octets issuerKeyHash, BigInteger serial) {
    private static final Octets SHA_1 = Octets.ofHex("2b0e03021a");
    private static final Map<Octets, String> ALGORITHMS =
            Map.of(
                    SHA_1,
                    "SHA-1",
                    Octets.ofHex("608648016503040201"),
                    "SHA-256",
                    Octets.ofHex("608648016503040202"),
                    "SHA-384",
                    Octets.ofHex("608648016503040203"),
                    "SHA-512");

    /// With SHA-1, which every responder understands and which secures nothing here.
    static CertificateId of(X509Certificate certificate, X509Certificate issuer) {
        return new CertificateId(
                SHA_1,
                nameHash("SHA-1", certificate),
                keyHash("SHA-1", issuer),
                certificate.getSerialNumber());
    }

    /// Reads what [#encoded] has written, or others with other hashes.
    static CertificateId decode(Der id) throws MalformedDerException {
        Octets algorithm = Octets.of(id.enter(Der.SEQUENCE).content(Der.OBJECT_IDENTIFIER));
        Octets name = Octets.of(id.content(Der.OCTET_STRING));
        Octets key = Octets.of(id.content(Der.OCTET_STRING));
        return new CertificateId(algorithm, name, key, id.integer());
    }

    byte[] encoded() {
        return Der.write(
                Der.SEQUENCE,
                Der.write(
                        Der.SEQUENCE,
                        Der.write(Der.OBJECT_IDENTIFIER, algorithm.array()),
                        Der.write(Der.NULL)),
                Der.write(Der.OCTET_STRING, issuerNameHash.array()),
                Der.write(Der.OCTET_STRING, issuerKeyHash.array()),
                Der.write(serial));
    }

    /// Whether it is this certificate's. An algorithm that we do not know names nobody.
    ///
    /// @param issuer whose key is compared; null where it is not at hand: its name is all that is
    ///   compared then
    boolean isOf(X509Certificate certificate, @Nullable X509Certificate issuer) {
        String hash = ALGORITHMS.get(algorithm);
        return hash != null
                && serial.equals(certificate.getSerialNumber())
                && issuerNameHash.equals(nameHash(hash, certificate))
                && (issuer == null || issuerKeyHash.equals(keyHash(hash, issuer)));
    }

    private static Octets nameHash(String hash, X509Certificate certificate) {
        return digest(hash, certificate.getIssuerX500Principal().getEncoded());
    }

    private static Octets keyHash(String hash, X509Certificate issuer) {
        try {
            Der key = Der.only(issuer.getPublicKey().getEncoded(), Der.SEQUENCE);
            key.skip();
            return digest(hash, key.bits());
        } catch (MalformedDerException e) {
            throw new IllegalStateException("a decoded certificate has no key", e);
        }
    }

    private static Octets digest(String hash, byte[] octets) {
        try {
            return Octets.of(MessageDigest.getInstance(hash).digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a JDK without " + hash, e);
        }
    }
}
