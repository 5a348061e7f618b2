package dev.postern.pki;

import dev.postern.crypto.Der;
import dev.postern.crypto.MalformedDerException;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;

/// What a responder is asked about one certificate (RFC 6960 section 4.1), unsigned.
///
/// @param encoded the request in DER
public record OcspRequest(byte[] encoded) {
    private static final byte[] SHA_1 = HexFormat.of().parseHex("300906052b0e03021a0500");
    private static final byte[] NONCE = HexFormat.of().parseHex("2b0601050507300102");
    private static final int EXTENSIONS = 0xa2;

    /// @param nonce which the answer must repeat (RFC 9654); empty for none
    public static OcspRequest about(
            X509Certificate certificate, X509Certificate issuer, byte[] nonce) {
        byte[] question = Der.write(Der.SEQUENCE, certificateId(certificate, issuer));
        byte[] extensions =
                nonce.length == 0
                        ? new byte[0]
                        : Der.write(
                                EXTENSIONS,
                                Der.write(
                                        Der.SEQUENCE,
                                        Der.write(
                                                Der.SEQUENCE,
                                                Der.write(Der.OBJECT_IDENTIFIER, NONCE),
                                                Der.write(
                                                        Der.OCTET_STRING,
                                                        Der.write(Der.OCTET_STRING, nonce)))));
        return new OcspRequest(
                Der.write(
                        Der.SEQUENCE,
                        Der.write(Der.SEQUENCE, Der.write(Der.SEQUENCE, question), extensions)));
    }

    /// CertID with SHA-1, which every responder understands and which secures nothing here.
    static byte[] certificateId(X509Certificate certificate, X509Certificate issuer) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            Der key = Der.only(issuer.getPublicKey().getEncoded(), Der.SEQUENCE);
            key.skip();
            return Der.write(
                    Der.SEQUENCE,
                    SHA_1,
                    Der.write(
                            Der.OCTET_STRING,
                            sha1.digest(certificate.getIssuerX500Principal().getEncoded())),
                    Der.write(Der.OCTET_STRING, sha1.digest(key.bits())),
                    Der.write(certificate.getSerialNumber()));
        } catch (NoSuchAlgorithmException | MalformedDerException e) {
            throw new IllegalStateException("a decoded certificate has no key", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OcspRequest that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }
}
