package dev.postern.pki;

import dev.postern.crypto.Der;
import dev.postern.crypto.MalformedDerException;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// Which certificates of its issuer a list speaks of (RFC 5280 sections 5.2.4 and 5.2.5): all of
/// them, unless it is a part of a list that was divided. What a part does not hold may well be
/// revoked.
final class ListScope {
    private static final String DELTA = "2.5.29.27";
    private static final String ISSUING_POINT = "2.5.29.28";
    private static final String DISTRIBUTION_POINTS = "2.5.29.31";
    private static final int CONSTRUCTED = 0xa0;
    private static final int USERS_ONLY = 0x81;
    private static final int AUTHORITIES_ONLY = 0x82;

    private ListScope() {}

    /// Whether a certificate that is not on this list is not revoked, as far as its issuer knew.
    static boolean covers(X509CRL list, X509Certificate certificate) {
        if (list.getExtensionValue(DELTA) != null) {
            return false;
        }
        byte[] extension = list.getExtensionValue(ISSUING_POINT);
        if (extension == null) {
            return true;
        }
        try {
            Der point = Der.only(extension, Der.OCTET_STRING).enter(Der.SEQUENCE);
            Set<String> names = Set.of();
            boolean everywhere = true;
            if (point.isNext(CONSTRUCTED)) {
                everywhere = false;
                names = Set.copyOf(names(point.enter(CONSTRUCTED)));
            }
            boolean authority = certificate.getBasicConstraints() >= 0;
            while (!point.isEmpty()) {
                int tag = point.nextTag();
                boolean harmless =
                        switch (tag) {
                            case USERS_ONLY -> !authority;
                            case AUTHORITIES_ONLY -> authority;
                            // some reasons, an indirect list, attribute certificates
                            default -> false;
                        };
                // FALSE is the default and not written in DER; whoever writes it means nothing.
                byte[] value = point.content(tag);
                boolean set = value.length != 1 || value[0] != 0;
                if (set && !harmless) {
                    return false;
                }
            }
            return everywhere || pointsOf(certificate).stream().anyMatch(names::contains);
        } catch (MalformedDerException e) {
            return false;
        }
    }

    /// The full names of the distribution points that a certificate has.
    private static List<String> pointsOf(X509Certificate certificate) throws MalformedDerException {
        List<String> names = new ArrayList<>();
        byte[] extension = certificate.getExtensionValue(DISTRIBUTION_POINTS);
        if (extension != null) {
            Der points = Der.only(extension, Der.OCTET_STRING).enter(Der.SEQUENCE);
            while (!points.isEmpty()) {
                Der point = points.enter(Der.SEQUENCE);
                if (point.isNext(CONSTRUCTED)) {
                    names.addAll(names(point.enter(CONSTRUCTED)));
                }
            }
        }
        return names;
    }

    private static List<String> names(Der name) throws MalformedDerException {
        List<String> names = new ArrayList<>();
        if (name.isNext(CONSTRUCTED)) {
            Der full = name.enter(CONSTRUCTED);
            while (!full.isEmpty()) {
                names.add(HexFormat.of().formatHex(full.element()));
            }
        }
        return names;
    }
}
