package dev.postern.ike.guard;

import dev.postern.ike.Now;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/// Where many handshakes come from: how many of the last seconds came from one prefix (24 bits of
/// IPv4, 48 of IPv6). Only a hint that makes a puzzle harder, never a reason to refuse: thousands
/// of clients may stand behind one NAT.
public final class Crowds {
    private static final long WINDOW_NANOS = 10 * Now.NANOS_PER_SECOND;
    private static final int MAXIMUM_PREFIXES = 4096;
    private static final int IPV4_OCTETS = 3;
    private static final int IPV6_OCTETS = 6;

    private final Map<Long, Integer> counts = new HashMap<>();
    private long windowSince;
    private int total;

    /// Notes one more handshake from here.
    public void note(InetAddress address, long nowNanos) {
        if (nowNanos - windowSince > WINDOW_NANOS || counts.size() >= MAXIMUM_PREFIXES) {
            counts.clear();
            total = 0;
            windowSince = nowNanos;
        }
        counts.merge(prefix(address), 1, Integer::sum);
        total++;
    }

    /// Whether this prefix has sent a good part of what came lately.
    public boolean isCrowd(InetAddress address) {
        return total >= 100 && counts.getOrDefault(prefix(address), 0) > total / 8;
    }

    private static long prefix(InetAddress address) {
        byte[] octets = address.getAddress();
        int length = address instanceof Inet4Address ? IPV4_OCTETS : IPV6_OCTETS;
        long prefix = octets.length;
        for (int i = 0; i < length; i++) {
            prefix = prefix << Byte.SIZE | (octets[i] & 0xff);
        }
        return prefix;
    }
}
