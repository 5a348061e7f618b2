package dev.postern.esp;

import java.util.ArrayList;
import java.util.List;

/// An address prefix. `length` counts the address's own bits: 0 to 32, or 0 to 128.
record Prefix(int version, long high, long low, int length) {
    /// The prefix of `length` bits that `address` lies in.
    static Prefix of(IpAddress address, int length) {
        int bits = mappedLength(address.version(), length);
        return new Prefix(
                address.version(),
                address.high() & highMask(bits),
                address.low() & lowMask(bits),
                length);
    }

    /// The fewest prefixes that together are the range: at most two for each bit of an address.
    static List<Prefix> covering(IpAddress start, IpAddress end) {
        List<Prefix> prefixes = new ArrayList<>();
        IpAddress next = start;
        while (true) {
            Prefix widest = widestFrom(next, end);
            prefixes.add(widest);
            IpAddress last = widest.last();
            if (last.compareTo(end) >= 0) {
                return prefixes;
            }
            long low = last.low() + 1;
            next = new IpAddress(start.version(), last.high() + (low == 0 ? 1 : 0), low);
        }
    }

    private static Prefix widestFrom(IpAddress start, IpAddress end) {
        if (start.equals(end)) {
            return of(start, start.bits());
        }
        int length = start.bits();
        while (length > 0) {
            Prefix wider = of(start, length - 1);
            if (!wider.first().equals(start) || wider.last().compareTo(end) > 0) {
                break;
            }
            length--;
        }
        return of(start, length);
    }

    IpAddress first() {
        return new IpAddress(version, high, low);
    }

    IpAddress last() {
        int bits = mappedLength(version, length);
        return new IpAddress(version, high | ~highMask(bits), low | ~lowMask(bits));
    }

    /// The length in the 128-bit form of the address, in which IPv4 addresses are mapped.
    static int mappedLength(int version, int length) {
        return version == 4 ? 96 + length : length;
    }

    static long highMask(int bits) {
        return bits >= 64 ? -1L : bits == 0 ? 0L : -1L << (64 - bits);
    }

    static long lowMask(int bits) {
        return bits <= 64 ? 0L : -1L << (128 - bits);
    }
}
