package dev.postern.crypto;

/// SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", INDOCRYPT 2012) of octets
/// as they come: a tag of 64 bits under a key of 128, some tens of nanoseconds for a hundred
/// octets. For what has to be cheap to refuse and is worth nothing in a few minutes, such as a
/// COOKIE; nothing that keeps a secret rests on it.
public final class SipHash {
    public static final int KEY_LENGTH = 16;

    /// A key, as two numbers.
    public record Key(long first, long second) {
        /// @param octets 16 of them
        public static Key of(byte[] octets) {
            return new Key(littleEndian(octets, 0), littleEndian(octets, Long.BYTES));
        }

        /// Says nothing of the key.
        @Override
        public String toString() {
            return "SipHash key";
        }

        private static long littleEndian(byte[] octets, int from) {
            long value = 0;
            for (int i = Long.BYTES - 1; i >= 0; i--) {
                value = (value << Byte.SIZE) | (octets[from + i] & 0xff);
            }
            return value;
        }
    }

    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long word;
    private int length;

    public SipHash(Key key) {
        v0 = key.first() ^ 0x736f6d6570736575L;
        v1 = key.second() ^ 0x646f72616e646f6dL;
        v2 = key.first() ^ 0x6c7967656e657261L;
        v3 = key.second() ^ 0x7465646279746573L;
    }

    public SipHash add(byte[] octets) {
        return add(octets, 0, octets.length);
    }

    public SipHash add(byte[] octets, int from, int to) {
        for (int i = from; i < to; i++) {
            octet(octets[i]);
        }
        return this;
    }

    public SipHash octet(int octet) {
        word |= (octet & 0xffL) << (Byte.SIZE * (length & 7));
        length++;
        if ((length & 7) == 0) {
            absorb(word);
            word = 0;
        }
        return this;
    }

    /// Eight octets, big endian.
    public SipHash i64(long value) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            octet((int) (value >>> shift));
        }
        return this;
    }

    /// The tag; nothing may be added afterwards.
    public long tag() {
        absorb(word | ((long) length << (Long.SIZE - Byte.SIZE)));
        v2 ^= 0xff;
        for (int i = 0; i < 4; i++) {
            round();
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void absorb(long block) {
        v3 ^= block;
        round();
        round();
        v0 ^= block;
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}
