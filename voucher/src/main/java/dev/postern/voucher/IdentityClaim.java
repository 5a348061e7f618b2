package dev.postern.voucher;

import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// An identity (RFC 7296 section 3.5) as the value of a claim: its kind, a colon, and what it is:
/// characters for names, hexadecimal digits for the rest.
final class IdentityClaim {
    private static final Map<String, Integer> KINDS =
            Map.of(
                    "ipv4", Identity.IPV4_ADDR,
                    "fqdn", Identity.FQDN,
                    "email", Identity.RFC822_ADDR,
                    "ipv6", Identity.IPV6_ADDR,
                    "dn", Identity.DER_ASN1_DN,
                    "gn", Identity.DER_ASN1_GN,
                    "keyid", Identity.KEY_ID);

    private IdentityClaim() {}

    private static boolean isText(int kind) {
        return kind == Identity.FQDN || kind == Identity.RFC822_ADDR;
    }

    /// @throws IllegalArgumentException for an identity that is no gateway's
    static String encode(Identity identity) {
        for (Map.Entry<String, Integer> kind : KINDS.entrySet()) {
            if (kind.getValue() == identity.type()) {
                String value =
                        isText(identity.type())
                                ? new String(identity.data().array(), StandardCharsets.UTF_8)
                                : identity.data().hex();
                return kind.getKey() + ":" + value;
            }
        }
        throw new IllegalArgumentException("no voucher names an identity of type " + identity);
    }

    /// Null where it is none.
    static @Nullable Identity decode(@Nullable String claim) {
        int colon = claim == null ? -1 : claim.indexOf(':');
        Integer kind = claim == null || colon < 0 ? null : KINDS.get(claim.substring(0, colon));
        if (claim == null || kind == null) {
            return null;
        }
        String value = claim.substring(colon + 1);
        try {
            return new Identity(
                    kind,
                    isText(kind)
                            ? Octets.of(value.getBytes(StandardCharsets.UTF_8))
                            : Octets.ofHex(value));
        } catch (IllegalArgumentException noDigits) {
            return null;
        }
    }
}
