package dev.postern.crypto;

import static dev.postern.crypto.LibCrypto.INT;
import static dev.postern.crypto.LibCrypto.OBJECT;
import static dev.postern.crypto.LibCrypto.OCTETS;
import static dev.postern.crypto.LibCrypto.failed;
import static dev.postern.crypto.LibCrypto.present;
import static dev.postern.crypto.LibCrypto.succeeded;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// What one-shot and packet AEADs share: the ciphers, fetched once, the life of a context, and the
/// calls that seal and open with it.
final class LibCryptoCipher {
    static final int OPEN = 0;
    static final int SEAL = 1;
    private static final int GET_TAG = 0x10;
    private static final int SET_TAG = 0x11;

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
    private static final MethodHandle CONTEXT_NEW =
            LibCrypto.critical("EVP_CIPHER_CTX_new", FunctionDescriptor.of(OBJECT));
    private static final MethodHandle CONTEXT_FREE =
            LibCrypto.critical("EVP_CIPHER_CTX_free", FunctionDescriptor.ofVoid(OBJECT));

    private static final long AES_128_GCM = fetch("AES-128-GCM");
    private static final long AES_256_GCM = fetch("AES-256-GCM");
    private static final long CHACHA20_POLY1305 = fetch("ChaCha20-Poly1305");

    private LibCryptoCipher() {}

    static long of(EncryptionAlgorithm algorithm) {
        return switch (algorithm) {
            case AES_GCM_16_128 -> AES_128_GCM;
            case AES_GCM_16_256 -> AES_256_GCM;
            case CHACHA20_POLY1305 -> CHACHA20_POLY1305;
            case AES_CBC_128, AES_CBC_256 ->
                    throw new IllegalArgumentException(algorithm + " is not an AEAD");
        };
    }

    static long newContext() {
        try {
            return present((long) CONTEXT_NEW.invokeExact());
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    /// Frees a context; the library wipes the key schedule first.
    static void free(long context) {
        try {
            CONTEXT_FREE.invokeExact(context);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    /// Sets cipher, key and nonce; 0 and `NULL` leave what was set before.
    static void begin(
            long context, long cipher, MemorySegment key, MemorySegment nonce, int direction) {
        try {
            succeeded((int) INIT.invokeExact(context, cipher, key, nonce, direction, 0L));
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    /// Everything between nonce and verdict, and the ICV in its place behind the text.
    ///
    /// @param written scratch for a length that the library insists on reporting
    static void seal(
            long context,
            MemorySegment aad,
            MemorySegment text,
            MemorySegment icv,
            MemorySegment written) {
        try {
            feed(context, aad, text, written);
            succeeded((int) FINAL.invokeExact(context, icv, written));
            succeeded((int) CONTROL.invokeExact(context, GET_TAG, Aead.ICV_LENGTH, icv));
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    /// The text is decrypted before the verdict is known.
    static boolean open(
            long context,
            MemorySegment aad,
            MemorySegment text,
            MemorySegment icv,
            MemorySegment written) {
        try {
            succeeded((int) CONTROL.invokeExact(context, SET_TAG, Aead.ICV_LENGTH, icv));
            feed(context, aad, text, written);
            return (int) FINAL.invokeExact(context, icv, written) > 0;
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
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

    /// Never freed: there are three, and looking one up for every use would cost a lock.
    private static long fetch(String name) {
        MethodHandle fetch =
                LibCrypto.ordinary(
                        "EVP_CIPHER_fetch", FunctionDescriptor.of(OBJECT, OBJECT, OCTETS, OBJECT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment algorithm = arena.allocateFrom(name);
            return present((long) fetch.invokeExact(0L, algorithm, 0L));
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }
}
