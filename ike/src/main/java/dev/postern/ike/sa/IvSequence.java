package dev.postern.ike.sa;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.PayloadCipher;

/// The IVs of one direction of one IKE SA: never the same twice for an AEAD, unpredictable for
/// AES-CBC.
public final class IvSequence {
    private final IvPrefix prefix;
    private long counter;

    public IvSequence(IvPrefix prefix) {
        this.prefix = prefix;
    }

    /// Writes the next IV of the length that the cipher needs.
    ///
    /// @throws IllegalStateException when the counter is used up; the IKE SA is rekeyed or closed
    ///   long before
    void writeNext(PayloadCipher cipher, Entropy entropy, byte[] octets, int offset) {
        if (cipher.ivLength() != Long.BYTES) {
            byte[] random = entropy.octets(cipher.ivLength());
            System.arraycopy(random, 0, octets, offset, random.length);
            return;
        }
        if (counter > IvPrefix.MAXIMUM_COUNTER) {
            throw new IllegalStateException("the IV counter of an IKE SA is used up");
        }
        long iv = prefix.iv(counter++);
        for (int i = 0; i < Long.BYTES; i++) {
            octets[offset + i] = (byte) (iv >>> (56 - 8 * i));
        }
    }
}
