package dev.postern.ike.guard;

import java.net.InetAddress;

/// A fast mixer of 64 bits for tables that strangers fill, always under a secret.
public final class Mixing {
    private Mixing() {}

    /// One of so many slots, a power of two, for the first octets of an address.
    static int slot(InetAddress address, int octets, long secret, int slots) {
        byte[] whole = address.getAddress();
        long hash = mix(secret);
        for (int i = 0; i < whole.length && i < octets; i++) {
            hash = mix(hash ^ whole[i]);
        }
        return (int) (hash >>> (Long.SIZE - Integer.numberOfTrailingZeros(slots)));
    }

    /// The finalizer of MurmurHash3: each bit of the result depends on each of `value`.
    public static long mix(long value) {
        long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
