package dev.postern.crypto;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The AEADs of libcrypto on heap arrays. Making and freeing a context costs less than a look-up of
/// a `Cipher` by name.
final class LibCryptoAead implements Aead {
    @Override
    public void seal(
            EncryptionAlgorithm algorithm,
            byte[] key,
            byte[] nonce,
            byte[] aad,
            int aadOffset,
            int aadLength,
            byte[] octets,
            int textOffset,
            int textLength) {
        MemorySegment text = slice(octets, textOffset, textLength);
        MemorySegment icv = slice(octets, textOffset + textLength, ICV_LENGTH);
        long context = LibCryptoCipher.newContext();
        try {
            begin(context, algorithm, key, nonce, LibCryptoCipher.SEAL);
            LibCryptoCipher.seal(context, slice(aad, aadOffset, aadLength), text, icv, scratch());
        } finally {
            LibCryptoCipher.free(context);
        }
    }

    @Override
    public boolean open(
            EncryptionAlgorithm algorithm,
            byte[] key,
            byte[] nonce,
            byte[] aad,
            int aadOffset,
            int aadLength,
            byte[] octets,
            int textOffset,
            int textLength) {
        MemorySegment text = slice(octets, textOffset, textLength);
        MemorySegment icv = slice(octets, textOffset + textLength, ICV_LENGTH);
        boolean authentic = false;
        long context = LibCryptoCipher.newContext();
        try {
            begin(context, algorithm, key, nonce, LibCryptoCipher.OPEN);
            authentic =
                    LibCryptoCipher.open(
                            context, slice(aad, aadOffset, aadLength), text, icv, scratch());
            return authentic;
        } finally {
            LibCryptoCipher.free(context);
            if (!authentic) {
                // What a forger wrote was decrypted and must not be read as a text.
                Arrays.fill(octets, textOffset, textOffset + textLength, (byte) 0);
            }
        }
    }

    private static void begin(
            long context, EncryptionAlgorithm algorithm, byte[] key, byte[] nonce, int direction) {
        if (key.length != algorithm.keyLength() || nonce.length != NONCE_LENGTH) {
            throw new IllegalArgumentException(
                    key.length + " octets of key, " + nonce.length + " octets of nonce");
        }
        LibCryptoCipher.begin(
                context,
                LibCryptoCipher.of(algorithm),
                MemorySegment.ofArray(key),
                MemorySegment.ofArray(nonce),
                direction);
    }

    private static MemorySegment scratch() {
        return MemorySegment.ofArray(new int[1]);
    }

    private static MemorySegment slice(byte[] octets, int offset, int length) {
        return MemorySegment.ofArray(octets).asSlice(offset, length);
    }
}
