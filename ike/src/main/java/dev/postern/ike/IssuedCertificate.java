package dev.postern.ike;

import dev.postern.crypto.Hash;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// By what a revocation list names a certificate: its issuer and its serial number. A session keeps
/// it of each certificate by which its peer was proven, as one of its attributes, so that a list
/// that came later, at whichever gateway, ends its tickets.
///
/// @param issuer the first 16 octets of SHA-256 of the issuer's name in DER
public record IssuedCertificate(Octets issuer, BigInteger serial) {
    /// Vendor-Specific (RFC 2865 section 5.26) of no vendor, as in [PeerGroup].
    private static final byte[] OF_NO_VENDOR = {26, 0, 0, 0, 0, 0};

    private static final int ISSUED = 3;
    private static final int ISSUER_LENGTH = 16;
    private static final int HEAD = OF_NO_VENDOR.length + 2;

    /// RFC 5280 section 4.1.2.2.
    private static final int LONGEST_SERIAL = 20;

    /// Certificates of a path that are kept.
    private static final int MOST = 4;

    static IssuedCertificate of(X509Certificate certificate) {
        return new IssuedCertificate(
                issuerOf(certificate.getIssuerX500Principal().getEncoded()),
                certificate.getSerialNumber());
    }

    /// @param name an issuer's, in DER
    public static Octets issuerOf(byte[] name) {
        return Octets.of(Arrays.copyOf(Hash.SHA_256.digest(name), ISSUER_LENGTH));
    }

    /// What a session keeps of a path, from the leaf on.
    static List<Octets> marksOf(List<X509Certificate> path) {
        List<Octets> marks = new ArrayList<>();
        for (X509Certificate each : path) {
            byte[] serial = each.getSerialNumber().toByteArray();
            if (marks.size() < MOST && serial.length <= LONGEST_SERIAL + 1) {
                marks.add(of(each).mark(serial));
            }
        }
        return marks;
    }

    private Octets mark(byte[] number) {
        byte[] octets = Arrays.copyOf(OF_NO_VENDOR, HEAD + ISSUER_LENGTH + number.length);
        octets[1] = (byte) octets.length;
        octets[OF_NO_VENDOR.length] = ISSUED;
        octets[OF_NO_VENDOR.length + 1] = (byte) (octets.length - OF_NO_VENDOR.length);
        System.arraycopy(issuer.array(), 0, octets, HEAD, ISSUER_LENGTH);
        System.arraycopy(number, 0, octets, HEAD + ISSUER_LENGTH, number.length);
        return Octets.of(octets);
    }

    /// The one that an attribute of a session is about; null where it is about something else.
    public static @Nullable IssuedCertificate in(Octets attribute) {
        byte[] octets = attribute.array();
        if (octets.length <= HEAD + ISSUER_LENGTH
                || octets[0] != OF_NO_VENDOR[0]
                || !Arrays.equals(octets, 2, OF_NO_VENDOR.length, OF_NO_VENDOR, 2, 6)
                || octets[OF_NO_VENDOR.length] != ISSUED) {
            return null;
        }
        return new IssuedCertificate(
                attribute.slice(HEAD, HEAD + ISSUER_LENGTH),
                new BigInteger(Arrays.copyOfRange(octets, HEAD + ISSUER_LENGTH, octets.length)));
    }
}
