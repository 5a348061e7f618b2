package dev.postern.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Addresses for people, IPv6 as RFC 5952 has it.
public final class AddressText {
    private static final int GROUPS = 8;

    private AddressText() {}

    /// `192.0.2.1`, `2001:db8::1`, `fe80::1%eth0`.
    public static String of(InetAddress address) {
        String java = address.getHostAddress();
        byte[] octets = address.getAddress();
        if (octets.length == 4) {
            return java;
        }
        int scope = java.indexOf('%');
        return compressed(ByteBuffer.wrap(octets)) + (scope < 0 ? "" : java.substring(scope));
    }

    /// `192.0.2.1:4500`, `[2001:db8::1]:4500`.
    public static String of(InetSocketAddress address) {
        String host = of(address.getAddress());
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /// The first one of the longest runs of two zeros or more becomes `::` (sections 4.2.2, 4.2.3).
    private static String compressed(ByteBuffer octets) {
        int begin = 0;
        int length = 0;
        for (int i = 0; i < GROUPS; i++) {
            int run = 0;
            while (i + run < GROUPS && octets.getShort(2 * (i + run)) == 0) {
                run++;
            }
            if (run > length) {
                begin = i;
                length = run;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (length > 1 && i == begin) {
                text.append("::");
                i += length - 1;
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(octets.getShort(2 * i) & 0xffff));
        }
        return text.toString();
    }
}
