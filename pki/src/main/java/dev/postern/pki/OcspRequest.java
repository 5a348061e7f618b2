package dev.postern.pki;

import dev.postern.crypto.Der;

import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;

/// What a responder is asked about one certificate (RFC 6960 section 4.1), unsigned.
///
/// @param encoded the request in DER
public record OcspRequest(byte[] encoded) {
    private static final byte[] NONCE = HexFormat.of().parseHex("2b0601050507300102");
    private static final int EXTENSIONS = 0xa2;

    /// @param nonce which the answer must repeat (RFC 9654); empty for none
    public static OcspRequest about(
            X509Certificate certificate, X509Certificate issuer, byte[] nonce) {
        byte[] question = Der.write(Der.SEQUENCE, CertificateId.of(certificate, issuer).encoded());
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

    @Override
    public boolean equals(Object other) {
        return other instanceof OcspRequest that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }
}
