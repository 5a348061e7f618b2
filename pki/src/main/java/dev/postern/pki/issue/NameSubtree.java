package dev.postern.pki.issue;

import dev.postern.crypto.Der;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Names that an authority may or may not vouch for (RFC 5280 section 4.2.1.10): a domain with
/// everything under it, the mailboxes of a host, or the addresses of a prefix.
public sealed interface NameSubtree {
    /// Host names: `example.net` and what ends with `.example.net`.
    record Domain(String name) implements NameSubtree {}

    /// Mailboxes at exactly this host, or, where it begins with a dot, at hosts below it.
    record Mailboxes(String host) implements NameSubtree {}

    record Addresses(InetAddress address, int prefixLength) implements NameSubtree {}

    /// From the words of an operator: `example.net`, `@example.net`, `192.0.2.0/24`.
    ///
    /// @throws IllegalArgumentException where the text is none of them; the message says why
    static NameSubtree parse(String text) {
        int slash = text.indexOf('/');
        if (slash >= 0) {
            return addresses(text.substring(0, slash), text.substring(slash + 1));
        }
        String name = text.startsWith("@") ? text.substring(1) : text;
        if (!name.matches("\\.?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*") || name.length() > 253) {
            throw new IllegalArgumentException(
                    "is no domain such as example.net, no mail host such as @example.net and no"
                            + " prefix such as 192.0.2.0/24");
        }
        return text.startsWith("@") ? new Mailboxes(name) : new Domain(name);
    }

    private static NameSubtree addresses(String address, String length) {
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            int bits = Integer.parseInt(length);
            if (bits >= 0 && bits <= 8 * parsed.getAddress().length) {
                return new Addresses(parsed, bits);
            }
        } catch (IllegalArgumentException e) {
            // told below, with what is legal
        }
        throw new IllegalArgumentException("is no prefix such as 192.0.2.0/24 or 2001:db8::/32");
    }

    default byte[] generalName() {
        return switch (this) {
            case Domain(String name) -> Der.write(0x82, name.getBytes(StandardCharsets.US_ASCII));
            case Mailboxes(String host) ->
                    Der.write(0x81, host.getBytes(StandardCharsets.US_ASCII));
            case Addresses(InetAddress address, int prefixLength) -> {
                byte[] octets = address.getAddress();
                byte[] mask = new byte[octets.length];
                for (int i = 0; i < prefixLength; i++) {
                    mask[i / 8] |= (byte) (0x80 >> i % 8);
                }
                for (int i = 0; i < octets.length; i++) {
                    octets[i] &= mask[i];
                }
                byte[] both = Arrays.copyOf(octets, 2 * octets.length);
                System.arraycopy(mask, 0, both, octets.length, mask.length);
                yield Der.write(0x87, both);
            }
        };
    }
}
