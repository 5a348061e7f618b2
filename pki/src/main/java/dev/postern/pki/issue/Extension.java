package dev.postern.pki.issue;

import dev.postern.crypto.Der;
import dev.postern.crypto.MalformedDerException;
import dev.postern.wire.Identity;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// An extension of a certificate or of a list (RFC 5280 sections 4.2 and 5.2).
///
/// @param identifier the contents of its object identifier in DER, in hexadecimal digits
/// @param value what the OCTET STRING holds
public record Extension(String identifier, boolean critical, byte[] value) {
    /// What a certificate is for (RFC 5280 section 4.2.1.12, RFC 4945 section 5.1.3.12).
    public enum Purpose {
        SERVER("2b06010505070301"),
        CLIENT("2b06010505070302"),
        OCSP_SIGNING("2b06010505070309"),
        IKE("2b06010505070311");

        private final String identifier;

        Purpose(String identifier) {
            this.identifier = identifier;
        }
    }

    private static final byte[] TRUE = {(byte) 0xff};
    private static final String OCSP = "2b06010505073001";
    private static final int CONTEXT = 0x80;
    private static final int CONSTRUCTED = 0xa0;
    private static final int BOOLEAN = 0x01;

    /// Basic constraints of an authority.
    ///
    /// @param pathLength how many authorities may stand below it; negative for any number
    public static Extension authority(int pathLength) {
        byte[] length = pathLength < 0 ? new byte[0] : Der.write(BigInteger.valueOf(pathLength));
        return critical("551d13", Der.write(Der.SEQUENCE, Der.write(BOOLEAN, TRUE), length));
    }

    /// Basic constraints of everybody else.
    public static Extension noAuthority() {
        return critical("551d13", Der.write(Der.SEQUENCE));
    }

    /// Key usage keyCertSign and cRLSign.
    public static Extension signsCertificates() {
        return critical("551d0f", Der.write(Der.BIT_STRING, new byte[] {1, 0x06}));
    }

    /// Key usage digitalSignature (RFC 4945 section 5.1.3.2).
    public static Extension signs() {
        return critical("551d0f", Der.write(Der.BIT_STRING, new byte[] {7, (byte) 0x80}));
    }

    public static Extension purposes(List<Purpose> purposes) {
        byte[][] identifiers =
                purposes.stream().map(each -> oid(each.identifier)).toArray(byte[][]::new);
        return of("551d25", Der.write(Der.SEQUENCE, identifiers));
    }

    /// @param subjectPublicKeyInfo of the subject
    public static Extension subjectKey(byte[] subjectPublicKeyInfo) {
        return of("551d0e", Der.write(Der.OCTET_STRING, keyIdentifier(subjectPublicKeyInfo)));
    }

    /// @param keyIdentifier of the issuer
    public static Extension issuerKey(byte[] keyIdentifier) {
        return of("551d23", Der.write(Der.SEQUENCE, Der.write(CONTEXT, keyIdentifier)));
    }

    /// @param critical where the subject is empty (RFC 5280 section 4.2.1.6)
    public static Extension names(List<Identity> names, boolean critical) {
        byte[][] general = names.stream().map(Extension::generalName).toArray(byte[][]::new);
        return new Extension("551d11", critical, Der.write(Der.SEQUENCE, general));
    }

    /// Where lists of revoked certificates are: one distribution point with these addresses.
    public static Extension listsAt(List<String> urls) {
        byte[][] names = urls.stream().map(Extension::uri).toArray(byte[][]::new);
        byte[] point =
                Der.write(Der.SEQUENCE, Der.write(CONSTRUCTED, Der.write(CONSTRUCTED, names)));
        return of("551d1f", Der.write(Der.SEQUENCE, point));
    }

    /// Where OCSP responders are (RFC 5280 section 4.2.2.1).
    public static Extension respondersAt(List<String> urls) {
        byte[][] descriptions =
                urls.stream()
                        .map(url -> Der.write(Der.SEQUENCE, oid(OCSP), uri(url)))
                        .toArray(byte[][]::new);
        return of("2b06010505070101", Der.write(Der.SEQUENCE, descriptions));
    }

    /// For whom alone an authority may vouch (RFC 5280 section 4.2.1.10).
    public static Extension nameConstraints(
            List<NameSubtree> permitted, List<NameSubtree> excluded) {
        return critical(
                "551d1e", Der.write(Der.SEQUENCE, subtrees(0, permitted), subtrees(1, excluded)));
    }

    /// The number of a list (RFC 5280 section 5.2.3).
    public static Extension listNumber(BigInteger number) {
        return of("551d14", Der.write(number));
    }

    /// The first of the methods of RFC 5280 section 4.2.1.2: SHA-1 of the key's bits.
    public static byte[] keyIdentifier(byte[] subjectPublicKeyInfo) {
        try {
            Der key = Der.only(subjectPublicKeyInfo, Der.SEQUENCE);
            key.skip();
            return MessageDigest.getInstance("SHA-1").digest(key.bits());
        } catch (NoSuchAlgorithmException | MalformedDerException e) {
            throw new IllegalArgumentException("no SubjectPublicKeyInfo", e);
        }
    }

    byte[] encoded() {
        return Der.write(
                Der.SEQUENCE,
                oid(identifier),
                critical ? Der.write(BOOLEAN, TRUE) : new byte[0],
                Der.write(Der.OCTET_STRING, value));
    }

    private static byte[] subtrees(int tag, List<NameSubtree> subtrees) {
        List<byte[]> encoded = new ArrayList<>();
        subtrees.forEach(each -> encoded.add(Der.write(Der.SEQUENCE, each.generalName())));
        return encoded.isEmpty()
                ? new byte[0]
                : Der.write(CONSTRUCTED | tag, encoded.toArray(byte[][]::new));
    }

    private static byte[] generalName(Identity identity) {
        byte[] data = identity.data().array();
        return switch (identity.type()) {
            case Identity.RFC822_ADDR -> Der.write(CONTEXT | 1, data);
            case Identity.FQDN -> Der.write(CONTEXT | 2, data);
            case Identity.IPV4_ADDR, Identity.IPV6_ADDR -> Der.write(CONTEXT | 7, data);
            default ->
                    throw new IllegalArgumentException(
                            identity + " is no host name, e-mail address or IP address");
        };
    }

    private static byte[] uri(String url) {
        return Der.write(CONTEXT | 6, url.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] oid(String contents) {
        return Der.write(Der.OBJECT_IDENTIFIER, HexFormat.of().parseHex(contents));
    }

    private static Extension of(String identifier, byte[] value) {
        return new Extension(identifier, false, value);
    }

    private static Extension critical(String identifier, byte[] value) {
        return new Extension(identifier, true, value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Extension that
                && identifier.equals(that.identifier)
                && critical == that.critical
                && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * identifier.hashCode() + Arrays.hashCode(value);
    }
}
