package dev.postern.crypto;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/// A `Prf` with its key, for more than one value: the two blocks that HMAC makes of the key are
/// hashed once, which saves two of four to five compressions a value. Single-threaded. Close it to
/// wipe the states.
public final class KeyedPrf implements AutoCloseable {
    private static final int MAX_ROUNDS = 255;

    private final Hash hash;
    private final MessageDigest inner;
    private final MessageDigest outer;
    private boolean closed;

    KeyedPrf(Hash hash, byte[] key) {
        this.hash = hash;
        this.inner = hash.start();
        this.outer = hash.start();
        byte[] block = Hmac.innerBlock(hash, key);
        inner.update(block);
        Hmac.xor(block, Hmac.INNER_TO_OUTER);
        outer.update(block);
        Arrays.fill(block, (byte) 0);
    }

    /// prf(key, data...): the data are concatenated.
    public byte[] compute(byte[]... data) {
        MessageDigest first = started(inner);
        for (byte[] part : data) {
            first.update(part);
        }
        byte[] middle = first.digest();
        first.reset();
        MessageDigest second = started(outer);
        byte[] value = second.digest(middle);
        second.reset();
        return value;
    }

    /// prf+(key, seed...) of RFC 7296 section 2.13: T1 = prf(K, S | 0x01), Tn = prf(K, Tn-1 | S |
    /// n). HKDF-Expand of RFC 5869 section 2.3 is the same chain.
    ///
    /// @throws IllegalArgumentException where more than 255 rounds would be needed
    public byte[] plus(int length, byte[]... seed) {
        int step = hash.length();
        if (length < 0 || length > MAX_ROUNDS * step) {
            throw new IllegalArgumentException(
                    length
                            + " octets were asked of an expansion that ends at "
                            + MAX_ROUNDS * step);
        }
        byte[] message = messageOf(step, seed);
        byte[] output = new byte[length];
        for (int round = 1, from = 0; from < length; round++, from += step) {
            message[message.length - 1] = (byte) round;
            int skipped = round == 1 ? step : 0;
            MessageDigest first = started(inner);
            first.update(message, skipped, message.length - skipped);
            digestInto(first, message, step);
            MessageDigest second = started(outer);
            second.update(message, 0, step);
            digestInto(second, message, step);
            System.arraycopy(message, 0, output, from, Math.min(step, length - from));
        }
        Arrays.fill(message, (byte) 0);
        return output;
    }

    /// Wipes what was derived from the key. Idempotent.
    @Override
    public void close() {
        closed = true;
        inner.reset();
        outer.reset();
    }

    private MessageDigest started(MessageDigest state) {
        if (closed) {
            throw new IllegalStateException("a keyed prf was used after it was wiped");
        }
        return Hash.clone(state);
    }

    /// A slot for the previous value, then the seeds, then the counter, so that one update feeds a
    /// round.
    private static byte[] messageOf(int slot, byte[][] seed) {
        int length = slot + 1;
        for (byte[] part : seed) {
            length += part.length;
        }
        byte[] message = new byte[length];
        int at = slot;
        for (byte[] part : seed) {
            System.arraycopy(part, 0, message, at, part.length);
            at += part.length;
        }
        return message;
    }

    private static void digestInto(MessageDigest digest, byte[] output, int length) {
        try {
            digest.digest(output, 0, length);
        } catch (DigestException tooShort) {
            throw new IllegalStateException("a digest is longer than its algorithm says", tooShort);
        }
        // Its buffer still holds the end of what was hashed.
        digest.reset();
    }
}
