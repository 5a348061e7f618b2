package dev.postern.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/// Who somebody claims to be: the body of an IDi or IDr payload, RFC 7296 section 3.5. A claim
/// until AUTH has verified.
public record Identity(int type, Octets data) {
    public static final int IPV4_ADDR = 1;
    public static final int FQDN = 2;
    public static final int RFC822_ADDR = 3;
    public static final int IPV6_ADDR = 5;
    public static final int DER_ASN1_DN = 9;
    public static final int DER_ASN1_GN = 10;
    public static final int KEY_ID = 11;

    private static final int MAXIMUM_PRINTED = 256;

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
            case FQDN, RFC822_ADDR -> printable(data);
            case IPV4_ADDR, IPV6_ADDR -> addressText(data);
            case KEY_ID -> "keyid:" + data;
            default -> "id" + type + ":" + data;
        };
    }

    private static String addressText(Octets data) {
        try {
            return InetAddress.getByAddress(data.array()).getHostAddress();
        } catch (UnknownHostException e) {
            return data.toString();
        }
    }

    /// A peer chooses these octets and people read them in logs: no control character, line break
    /// or change of direction gets through, and no more than a line of them.
    private static String printable(Octets data) {
        StringBuilder safe = new StringBuilder();
        new String(data.array(), StandardCharsets.UTF_8)
                .codePoints()
                .limit(MAXIMUM_PRINTED)
                .forEach(c -> safe.appendCodePoint(isPrintable(c) ? c : '?'));
        return safe.toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    false;
            default -> true;
        };
    }
}
