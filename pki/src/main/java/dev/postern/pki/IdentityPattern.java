package dev.postern.pki;

import dev.postern.wire.Identity;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import javax.security.auth.x500.X500Principal;

/// Which identities are meant: one by its name, or many by the end of their names after a star:
/// `alice@example`, `*@example`, `*.staff.example`, `*`. Case does not matter; distinguished names
/// are compared as RFC 2253 writes them.
///
/// A pattern speaks of one kind of name: with an `@` of e-mail addresses, with an `=` of
/// distinguished names, else of host names, addresses and key identifiers. So a host name that was
/// made to look like somebody's address is not taken for it.
public record IdentityPattern(String text) {
    private static final int LONGEST = 256;

    public IdentityPattern {
        if (text.isBlank() || text.lastIndexOf('*') > 0 || text.length() > LONGEST) {
            throw new IllegalArgumentException("is no identity and no * with the end of one");
        }
    }

    public boolean matches(Identity identity) {
        if (text.equals("*")) {
            return true;
        }
        if (!speaksOf(identity.type())) {
            return false;
        }
        String name = name(identity).toLowerCase(Locale.ROOT);
        String wanted = text.toLowerCase(Locale.ROOT);
        return wanted.startsWith("*") ? name.endsWith(wanted.substring(1)) : name.equals(wanted);
    }

    private boolean speaksOf(int type) {
        return switch (type) {
            case Identity.RFC822_ADDR -> text.contains("@");
            case Identity.DER_ASN1_DN -> text.contains("=");
            default -> !text.contains("@") && !text.contains("=");
        };
    }

    /// The whole name; what [Identity#toString] shows to people is shortened and mended.
    private static String name(Identity identity) {
        byte[] octets = identity.data().array();
        return switch (identity.type()) {
            case Identity.FQDN, Identity.RFC822_ADDR -> new String(octets, StandardCharsets.UTF_8);
            case Identity.DER_ASN1_DN -> distinguishedName(identity, octets);
            default -> identity.toString();
        };
    }

    private static String distinguishedName(Identity identity, byte[] octets) {
        try {
            return new X500Principal(octets).getName();
        } catch (IllegalArgumentException malformed) {
            return identity.toString();
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
