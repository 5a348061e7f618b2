package dev.postern.gateway.configuration;

import dev.postern.wire.Octets;

import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A DNSSEC trust anchor for an internal domain (RFC 8598 section 4.2): a DS record.
record TrustAnchor(String domain, int keyTag, int algorithm, int digestType, Octets digest) {
    private static final Pattern RECORD =
            Pattern.compile(
                    "(\\S+)\\s+(\\d{1,5})\\s+(\\d{1,3})\\s+(\\d{1,3})\\s+((?:[0-9a-fA-F]{2}){16,64})");

    /// @throws IllegalArgumentException with what is wrong
    static TrustAnchor of(String text) {
        Matcher parts = RECORD.matcher(text);
        if (!parts.matches()
                || Integer.parseInt(parts.group(2)) > 65_535
                || Integer.parseInt(parts.group(3)) > 255
                || Integer.parseInt(parts.group(4)) > 255) {
            throw new IllegalArgumentException(
                    "is not a domain with the four fields of its DS record");
        }
        return new TrustAnchor(
                NetworkTypes.domainOf(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)),
                Integer.parseInt(parts.group(4)),
                Octets.of(HexFormat.of().parseHex(parts.group(5).toLowerCase(Locale.ROOT))));
    }

    /// The data of INTERNAL_DNSSEC_TA.
    Octets data() {
        byte[] octets = new byte[4 + digest.length()];
        octets[0] = (byte) (keyTag >>> 8);
        octets[1] = (byte) keyTag;
        octets[2] = (byte) algorithm;
        octets[3] = (byte) digestType;
        System.arraycopy(digest.array(), 0, octets, 4, digest.length());
        return Octets.of(octets);
    }
}
