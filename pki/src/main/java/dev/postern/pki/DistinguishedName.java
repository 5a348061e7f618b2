package dev.postern.pki;

import dev.postern.crypto.Der;
import dev.postern.crypto.MalformedDerException;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// A distinguished name (RFC 5280 section 4.1.2.4), or a pattern of one: relative distinguished
/// names, the most specific first as in RFC 4514, each a set of attributes.
///
/// @param open whether any others may stand before these; in a pattern only
public record DistinguishedName(List<List<NameAttribute>> names, boolean open) {
    private static final int MOST_NAMES = 32;
    private static final int MOST_ATTRIBUTES = 8;

    public DistinguishedName {
        names = names.stream().map(List::copyOf).toList();
    }

    /// Decodes a name in DER.
    public static DistinguishedName decode(byte[] der) throws UnreadableException {
        try {
            Der name = Der.only(der, Der.SEQUENCE);
            List<List<NameAttribute>> names = new ArrayList<>();
            while (!name.isEmpty() && names.size() < MOST_NAMES) {
                Der set = name.enter(Der.SET);
                List<NameAttribute> attributes = new ArrayList<>();
                while (!set.isEmpty() && attributes.size() < MOST_ATTRIBUTES) {
                    attributes.add(NameAttribute.decode(set.enter(Der.SEQUENCE)));
                }
                set.finish();
                names.add(attributes);
            }
            name.finish();
            return new DistinguishedName(names.reversed(), false);
        } catch (MalformedDerException e) {
            throw new UnreadableException("not a distinguished name");
        }
    }

    /// Whether a text is meant as one: what stands before its first `=` is a type of attribute, or
    /// a `*` and one.
    public static boolean isMeant(String text) {
        String type = text.substring(0, Math.max(0, text.indexOf('='))).strip();
        return NameAttributeType.of(type.replaceFirst("^\\*\\s*,?\\s*", "")) != null;
    }

    /// Reads a name as RFC 4514 writes it.
    ///
    /// @throws IllegalArgumentException where the text is none; the message says why
    public static DistinguishedName of(String text) {
        DistinguishedName name = pattern(text);
        boolean stars =
                name.names.stream()
                        .flatMap(List::stream)
                        .anyMatch(each -> each.value().indexOf(NameAttribute.ANYTHING) >= 0);
        if (stars || name.open) {
            throw new IllegalArgumentException("has a * that is not written \\*");
        }
        return name;
    }

    /// Reads a pattern: a name in which one `*` of a value stands for any text, and `*` before the
    /// first comma for any further names.
    ///
    /// @throws IllegalArgumentException where the text is none; the message says why
    public static DistinguishedName pattern(String text) {
        return new DistinguishedNameText(text).read();
    }

    /// Whether this, a name or a pattern, describes a name: as many parts in the same order, the
    /// attributes of each in any order.
    public boolean describes(DistinguishedName other) {
        int before = other.names.size() - names.size();
        if (before < 0 || (before > 0 && !open)) {
            return false;
        }
        for (int i = 0; i < names.size(); i++) {
            if (!describes(names.get(i), other.names.get(before + i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean describes(List<NameAttribute> wanted, List<NameAttribute> seen) {
        return wanted.size() == seen.size()
                && wanted.stream().allMatch(each -> seen.stream().anyMatch(each::describes));
    }

    /// In DER.
    public byte[] encoded() {
        byte[][] sets = new byte[names.size()][];
        for (int i = 0; i < sets.length; i++) {
            List<NameAttribute> set = names.get(sets.length - 1 - i);
            if (set.size() != 1) {
                throw new IllegalStateException("a name with several attributes in one place");
            }
            sets[i] = set.getFirst().encoded();
        }
        return Der.write(Der.SEQUENCE, sets);
    }

    /// As IKE writes it.
    public Identity identity() {
        return new Identity(Identity.DER_ASN1_DN, Octets.of(encoded()));
    }

    /// The organizational units in the subject of a certificate, in lower case, the most specific
    /// first.
    public static List<String> unitsOf(X509Certificate certificate) {
        try {
            return decode(certificate.getSubjectX500Principal().getEncoded()).names.stream()
                    .flatMap(List::stream)
                    .filter(each -> each.type().equals(NameAttributeType.UNIT))
                    .map(each -> NameAttribute.prepared(each.value()))
                    .distinct()
                    .toList();
        } catch (UnreadableException e) {
            return List.of();
        }
    }

    /// An organizational unit as [#unitsOf] has it.
    public static String unit(String text) {
        return NameAttribute.prepared(text);
    }
}
