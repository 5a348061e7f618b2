package dev.postern.wire;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import javax.security.auth.x500.X500Principal;

/// Who somebody claims to be: the body of an IDi or IDr payload, RFC 7296 section 3.5. A claim
/// until AUTH has verified. Distinguished names are equal where RFC 5280 section 7.1 says so,
/// however their text is encoded; all else is equal octet by octet.
public record Identity(int type, Octets data) {
    public static final int IPV4_ADDR = 1;
    public static final int FQDN = 2;
    public static final int RFC822_ADDR = 3;
    public static final int IPV6_ADDR = 5;
    public static final int DER_ASN1_DN = 9;
    public static final int DER_ASN1_GN = 10;
    public static final int KEY_ID = 11;

    private static final int MAXIMUM_PRINTED = 256;
    private static final int LONGEST_NAME = 4_096;
    private static final Map<String, String> KEYWORDS =
            Map.of("1.2.840.113549.1.9.1", "EMAIL", "2.5.4.5", "SERIALNUMBER");

    public static Identity fqdn(String name) {
        return new Identity(FQDN, Octets.of(name.getBytes(StandardCharsets.UTF_8)));
    }

    public static Identity email(String address) {
        return new Identity(RFC822_ADDR, Octets.of(address.getBytes(StandardCharsets.UTF_8)));
    }

    public static Identity address(InetAddress address) {
        byte[] octets = address.getAddress();
        return new Identity(octets.length == 4 ? IPV4_ADDR : IPV6_ADDR, Octets.of(octets));
    }

    public static Identity keyId(Octets octets) {
        return new Identity(KEY_ID, octets);
    }

    /// The octets that AUTH signs (ID Type | RESERVED | Identification Data), RFC 7296 section
    /// 2.15.
    public byte[] body() {
        return new WireWriter(4 + data.length()).u8(type).zeros(3).octets(data).finish();
    }

    /// The identity for people: a name, an address, or hexadecimal digits.
    @Override
    public String toString() {
        return switch (type) {
            case FQDN, RFC822_ADDR -> printable(new String(data.array(), StandardCharsets.UTF_8));
            case IPV4_ADDR, IPV6_ADDR -> addressText(data);
            case KEY_ID -> "keyid:" + data;
            case DER_ASN1_DN -> nameText(data);
            default -> "id" + type + ":" + data;
        };
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Identity that) || type != that.type) {
            return false;
        }
        if (data.equals(that.data)) {
            return true;
        }
        X500Principal name = type == DER_ASN1_DN ? name(data) : null;
        return name != null && name.equals(name(that.data));
    }

    @Override
    public int hashCode() {
        X500Principal name = type == DER_ASN1_DN ? name(data) : null;
        return 31 * type + (name == null ? data.hashCode() : name.hashCode());
    }

    /// Null for what is no name, or longer than anybody's.
    private static @Nullable X500Principal name(Octets data) {
        try {
            X500Principal name =
                    data.isEmpty() || data.length() > LONGEST_NAME
                            ? null
                            : new X500Principal(data.array());
            return name == null || name.getEncoded().length != data.length() ? null : name;
        } catch (RuntimeException malformed) {
            return null;
        }
    }

    private static String nameText(Octets data) {
        X500Principal name = name(data);
        String text = name == null ? "" : name.getName(X500Principal.RFC2253, KEYWORDS);
        return text.isEmpty() ? "id" + DER_ASN1_DN + ":" + data : printable(text);
    }

    private static String addressText(Octets data) {
        try {
            return InetAddress.getByAddress(data.array()).getHostAddress();
        } catch (UnknownHostException e) {
            return data.toString();
        }
    }

    /// A peer chooses these octets and people read them in logs: no more than a line of them.
    private static String printable(String text) {
        return PrintableText.of(text, MAXIMUM_PRINTED);
    }
}
