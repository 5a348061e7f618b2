package dev.postern.crypto;

import static dev.postern.crypto.LibCrypto.INT;
import static dev.postern.crypto.LibCrypto.OBJECT;
import static dev.postern.crypto.LibCrypto.OCTETS;
import static dev.postern.crypto.LibCrypto.failed;
import static dev.postern.crypto.LibCrypto.succeeded;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/// The AEADs of libcrypto on heap arrays. Making and freeing a context costs less than a look-up of a `Cipher` by name.
final class LibCryptoAead implements Aead {
    private static final MethodHandle INIT =
            LibCrypto.critical(
                    "EVP_CipherInit_ex2",
                    FunctionDescriptor.of(INT, OBJECT, OBJECT, OCTETS, OCTETS, INT, OBJECT));
    private static final MethodHandle UPDATE =
            LibCrypto.critical(
                    "EVP_CipherUpdate",
                    FunctionDescriptor.of(INT, OBJECT, OCTETS, OCTETS, OCTETS, INT));
    private static final MethodHandle FINAL =
            LibCrypto.critical(
                    "EVP_CipherFinal_ex", FunctionDescriptor.of(INT, OBJECT, OCTETS, OCTETS));
    private static final MethodHandle CONTROL =
            LibCrypto.critical(
                    "EVP_CIPHER_CTX_ctrl", FunctionDescriptor.of(INT, OBJECT, INT, INT, OCTETS));

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
        MemorySegment written = MemorySegment.ofArray(new int[1]);
        long context = LibCryptoCipher.newContext();
        try {
            begin(context, algorithm, key, nonce, LibCryptoCipher.SEAL);
            feed(context, slice(aad, aadOffset, aadLength), text, written);
            succeeded((int) FINAL.invokeExact(context, icv, written));
            succeeded(
                    (int)
                            CONTROL.invokeExact(
                                    context, LibCryptoCipher.GET_TAG, ICV_LENGTH, icv));
        } catch (Throwable thrown) {
            throw failed(thrown);
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
        MemorySegment written = MemorySegment.ofArray(new int[1]);
        boolean authentic = false;
        long context = LibCryptoCipher.newContext();
        try {
            begin(context, algorithm, key, nonce, LibCryptoCipher.OPEN);
            succeeded(
                    (int)
                            CONTROL.invokeExact(
                                    context, LibCryptoCipher.SET_TAG, ICV_LENGTH, icv));
            feed(context, slice(aad, aadOffset, aadLength), text, written);
            authentic = (int) FINAL.invokeExact(context, icv, written) > 0;
            return authentic;
        } catch (Throwable thrown) {
            throw failed(thrown);
        } finally {
            LibCryptoCipher.free(context);
            if (!authentic) {
                // Decrypted before the comparison: what a forger wrote must not be read as a text.
                Arrays.fill(octets, textOffset, textOffset + textLength, (byte) 0);
            }
        }
    }

    private static void begin(
            long context, EncryptionAlgorithm algorithm, byte[] key, byte[] nonce, int direction)
            throws Throwable {
        if (key.length != algorithm.keyLength() || nonce.length != NONCE_LENGTH) {
            throw new IllegalArgumentException(
                    key.length + " octets of key, " + nonce.length + " octets of nonce");
        }
        succeeded(
                (int)
                        INIT.invokeExact(
                                context,
                                LibCryptoCipher.of(algorithm),
                                MemorySegment.ofArray(key),
                                MemorySegment.ofArray(nonce),
                                direction,
                                0L));
    }

    private static void feed(
            long context, MemorySegment aad, MemorySegment text, MemorySegment written)
            throws Throwable {
        if (aad.byteSize() > 0) {
            succeeded(
                    (int)
                            UPDATE.invokeExact(
                                    context,
                                    MemorySegment.NULL,
                                    written,
                                    aad,
                                    (int) aad.byteSize()));
        }
        if (text.byteSize() > 0) {
            succeeded(
                    (int) UPDATE.invokeExact(context, text, written, text, (int) text.byteSize()));
        }
    }

    private static MemorySegment slice(byte[] octets, int offset, int length) {
        return MemorySegment.ofArray(octets).asSlice(offset, length);
    }
}
