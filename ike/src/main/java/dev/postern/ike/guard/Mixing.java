package dev.postern.ike.guard;

/// A fast mixer of 64 bits for tables that strangers fill, always under a secret.
public final class Mixing {
    private Mixing() {}

    /// The finalizer of MurmurHash3: each bit of the result depends on each of `value`.
    public static long mix(long value) {
        long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
