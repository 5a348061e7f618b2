package dev.postern.crypto;

import static dev.postern.crypto.LibCrypto.INT;
import static dev.postern.crypto.LibCrypto.OBJECT;
import static dev.postern.crypto.LibCrypto.OCTETS;
import static dev.postern.crypto.LibCrypto.failed;
import static dev.postern.crypto.LibCrypto.present;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// What one-shot and packet AEADs share: the ciphers, fetched once, and the life of a context.
final class LibCryptoCipher {
    static final int OPEN = 0;
    static final int SEAL = 1;
    static final int GET_TAG = 0x10;
    static final int SET_TAG = 0x11;

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
