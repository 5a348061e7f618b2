package dev.postern.pki;

import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// Which identities are meant: one by its name, or many by the end of their names after a star:
/// `alice@example`, `*@example`, `*.staff.example`, `*`. Case does not matter.
///
/// A distinguished name is compared attribute by attribute (RFC 5280 section 7.1); in its pattern a
/// star stands for any text of a value, or in front for further names: `CN=*, O=Example`, `*,
/// OU=Staff, O=Example`.
///
/// A pattern speaks of one kind of name: with an `@` of e-mail addresses, with a type of attribute
/// and an `=` of distinguished names, else of host names, addresses and key identifiers. So a host
/// name that was made to look like somebody's address is not taken for it.
public final class IdentityPattern {
    private static final int LONGEST = 1_024;

    private final String text;
    private final @Nullable DistinguishedName name;
    private final @Nullable InetAddress address;

    /// @throws IllegalArgumentException where the text is none; the message says why
    public IdentityPattern(String text) {
        this.text = text;
        if (DistinguishedName.isMeant(text)) {
            name = DistinguishedName.pattern(text);
        } else if (text.isBlank() || text.lastIndexOf('*') > 0 || text.length() > LONGEST) {
            throw new IllegalArgumentException("is no identity and no * with the end of one");
        } else {
            name = null;
        }
        address = addressOf(text);
    }

    private static @Nullable InetAddress addressOf(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    public String text() {
        return text;
    }

    public boolean matches(Identity identity) {
        if (text.equals("*")) {
            return true;
        }
        byte[] octets = identity.data().array();
        return switch (identity.type()) {
            case Identity.DER_ASN1_DN -> name != null && matches(name, octets);
            case Identity.RFC822_ADDR -> speaksOfMail() && matches(text(octets));
            case Identity.IPV4_ADDR, Identity.IPV6_ADDR ->
                    address != null && Arrays.equals(address.getAddress(), octets);
            case Identity.FQDN -> name == null && !speaksOfMail() && matches(text(octets));
            default -> name == null && !speaksOfMail() && matches(identity.toString());
        };
    }

    private static boolean matches(DistinguishedName wanted, byte[] octets) {
        try {
            return wanted.describes(DistinguishedName.decode(octets));
        } catch (UnreadableException malformed) {
            return false;
        }
    }

    private boolean speaksOfMail() {
        return name == null && text.contains("@");
    }

    private boolean matches(String whole) {
        String seen = whole.toLowerCase(Locale.ROOT);
        String wanted = text.toLowerCase(Locale.ROOT);
        return wanted.startsWith("*") ? seen.endsWith(wanted.substring(1)) : seen.equals(wanted);
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdentityPattern that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
