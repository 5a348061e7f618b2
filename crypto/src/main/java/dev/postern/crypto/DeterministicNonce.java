package dev.postern.crypto;

import java.math.BigInteger;
import java.util.Arrays;

/// The secret number k of one ECDSA signature, RFC 6979 section 3.2, with fresh randomness as the
/// additional data of section 3.6: a poor random source cannot repeat k for two messages, and a
/// fault in one of two signatures of the same message does not give the key away.
final class DeterministicNonce implements AutoCloseable {
    private final Hash hash;
    private final BigInteger n;
    private final byte[] key;
    private final byte[] value;

    /// @param privateKey x as int2octets
    /// @param digest bits2octets of the message's hash
    /// @param additional empty for the plain form of RFC 6979
    DeterministicNonce(
            Hash hash, BigInteger n, byte[] privateKey, byte[] digest, byte[] additional) {
        this.hash = hash;
        this.n = n;
        this.key = new byte[hash.length()];
        this.value = new byte[hash.length()];
        Arrays.fill(value, (byte) 1);
        update((byte) 0, privateKey, digest, additional);
        update((byte) 1, privateKey, digest, additional);
    }

    private void update(byte separator, byte[]... seed) {
        byte[][] parts = new byte[2 + seed.length][];
        parts[0] = value;
        parts[1] = new byte[] {separator};
        System.arraycopy(seed, 0, parts, 2, seed.length);
        replace(key, Hmac.compute(hash, key, parts));
        replace(value, Hmac.compute(hash, key, value));
    }

    /// The next candidate within 1 .. n-1.
    BigInteger next() {
        while (true) {
            byte[] candidate = new byte[(n.bitLength() + 7) / 8];
            for (int filled = 0; filled < candidate.length; filled += value.length) {
                replace(value, Hmac.compute(hash, key, value));
                int count = Math.min(value.length, candidate.length - filled);
                System.arraycopy(value, 0, candidate, filled, count);
            }
            BigInteger k = leftmostBits(candidate, n);
            Arrays.fill(candidate, (byte) 0);
            update((byte) 0);
            if (k.signum() > 0 && k.compareTo(n) < 0) {
                return k;
            }
        }
    }

    /// bits2int: the leftmost bits of `octets`, as many as n has.
    static BigInteger leftmostBits(byte[] octets, BigInteger n) {
        BigInteger number = new BigInteger(1, octets);
        int excess = 8 * octets.length - n.bitLength();
        return excess > 0 ? number.shiftRight(excess) : number;
    }

    private static void replace(byte[] target, byte[] source) {
        System.arraycopy(source, 0, target, 0, target.length);
        Arrays.fill(source, (byte) 0);
    }

    @Override
    public void close() {
        Arrays.fill(key, (byte) 0);
        Arrays.fill(value, (byte) 0);
    }
}
