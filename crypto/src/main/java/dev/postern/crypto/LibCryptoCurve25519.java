package dev.postern.crypto;

import static dev.postern.crypto.LibCrypto.INT;
import static dev.postern.crypto.LibCrypto.OBJECT;
import static dev.postern.crypto.LibCrypto.OCTETS;
import static dev.postern.crypto.LibCrypto.SIZE;
import static dev.postern.crypto.LibCrypto.failed;
import static dev.postern.crypto.LibCrypto.present;
import static dev.postern.crypto.LibCrypto.succeeded;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// X25519 of libcrypto. Nothing native outlives a call.
final class LibCryptoCurve25519 implements Curve25519 {
    private static final MethodHandle NEW_PRIVATE =
            LibCrypto.critical(
                    "EVP_PKEY_new_raw_private_key",
                    FunctionDescriptor.of(OBJECT, INT, OBJECT, OCTETS, SIZE));
    private static final MethodHandle NEW_PUBLIC =
            LibCrypto.critical(
                    "EVP_PKEY_new_raw_public_key",
                    FunctionDescriptor.of(OBJECT, INT, OBJECT, OCTETS, SIZE));
    private static final MethodHandle GET_PUBLIC =
            LibCrypto.critical(
                    "EVP_PKEY_get_raw_public_key",
                    FunctionDescriptor.of(INT, OBJECT, OCTETS, OCTETS));
    private static final MethodHandle KEY_FREE =
            LibCrypto.critical("EVP_PKEY_free", FunctionDescriptor.ofVoid(OBJECT));
    private static final MethodHandle CONTEXT_OF_NAME =
            LibCrypto.ordinary(
                    "EVP_PKEY_CTX_new_from_name",
                    FunctionDescriptor.of(OBJECT, OBJECT, OCTETS, OBJECT));
    private static final MethodHandle CONTEXT_OF_KEY =
            LibCrypto.ordinary(
                    "EVP_PKEY_CTX_new_from_pkey",
                    FunctionDescriptor.of(OBJECT, OBJECT, OBJECT, OBJECT));
    private static final MethodHandle CONTEXT_FREE =
            LibCrypto.critical("EVP_PKEY_CTX_free", FunctionDescriptor.ofVoid(OBJECT));
    private static final MethodHandle FROM_DATA_INIT =
            LibCrypto.ordinary("EVP_PKEY_fromdata_init", FunctionDescriptor.of(INT, OBJECT));
    private static final MethodHandle FROM_DATA =
            LibCrypto.ordinary(
                    "EVP_PKEY_fromdata", FunctionDescriptor.of(INT, OBJECT, OCTETS, INT, OCTETS));
    private static final MethodHandle DERIVE_INIT =
            LibCrypto.ordinary("EVP_PKEY_derive_init", FunctionDescriptor.of(INT, OBJECT));
    private static final MethodHandle SET_PEER =
            LibCrypto.ordinary(
                    "EVP_PKEY_derive_set_peer", FunctionDescriptor.of(INT, OBJECT, OBJECT));
    private static final MethodHandle DERIVE =
            LibCrypto.critical(
                    "EVP_PKEY_derive", FunctionDescriptor.of(INT, OBJECT, OCTETS, OCTETS));

    private static final int X25519 = 1034;
    private static final int KEY_PAIR = 0x87;
    private static final int OCTET_STRING = 5;
    private static final int LENGTH = 32;

    private static final MemorySegment NAME = Arena.global().allocateFrom("X25519");
    private static final MemorySegment PRIVATE = Arena.global().allocateFrom("priv");
    private static final MemorySegment PUBLIC = Arena.global().allocateFrom("pub");

    /// `OSSL_PARAM`: key, type, data, size, size returned; a list of them ends with a null key.
    private static final int PARAMETER_LENGTH = 40;

    @Override
    public byte[] publicKey(byte[] scalar) {
        byte[] point = new byte[LENGTH];
        try {
            long key =
                    present(
                            (long)
                                    NEW_PRIVATE.invokeExact(
                                            X25519,
                                            0L,
                                            MemorySegment.ofArray(scalar),
                                            (long) LENGTH));
            try {
                succeeded(
                        (int)
                                GET_PUBLIC.invokeExact(
                                        key,
                                        MemorySegment.ofArray(point),
                                        MemorySegment.ofArray(new long[] {LENGTH})));
            } finally {
                KEY_FREE.invokeExact(key);
            }
            return point;
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    @Override
    public Optional<byte[]> agree(byte[] scalar, byte[] ownPublic, byte[] peer) {
        try {
            long own = keyPair(scalar, ownPublic);
            try {
                long other =
                        present(
                                (long)
                                        NEW_PUBLIC.invokeExact(
                                                X25519,
                                                0L,
                                                MemorySegment.ofArray(peer),
                                                (long) LENGTH));
                try {
                    return derive(own, other);
                } finally {
                    KEY_FREE.invokeExact(other);
                }
            } finally {
                KEY_FREE.invokeExact(own);
            }
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    /// The library refuses an all-zero result itself.
    private static Optional<byte[]> derive(long own, long peer) throws Throwable {
        long context = present((long) CONTEXT_OF_KEY.invokeExact(0L, own, 0L));
        try {
            byte[] secret = new byte[LENGTH];
            succeeded((int) DERIVE_INIT.invokeExact(context));
            succeeded((int) SET_PEER.invokeExact(context, peer));
            int derived =
                    (int)
                            DERIVE.invokeExact(
                                    context,
                                    MemorySegment.ofArray(secret),
                                    MemorySegment.ofArray(new long[] {LENGTH}));
            return derived > 0 ? Optional.of(secret) : Optional.empty();
        } finally {
            CONTEXT_FREE.invokeExact(context);
        }
    }

    /// From both halves, because from the private half alone the library computes the other one
    /// again, which doubles the cost of an agreement.
    private static long keyPair(byte[] scalar, byte[] point) throws Throwable {
        long context = present((long) CONTEXT_OF_NAME.invokeExact(0L, NAME, 0L));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment secret = arena.allocateFrom(ValueLayout.JAVA_BYTE, scalar);
            MemorySegment parameters = arena.allocate(3L * PARAMETER_LENGTH, 8);
            put(parameters, 0, PRIVATE, secret);
            put(
                    parameters,
                    PARAMETER_LENGTH,
                    PUBLIC,
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, point));
            MemorySegment key = arena.allocate(ValueLayout.JAVA_LONG);
            try {
                succeeded((int) FROM_DATA_INIT.invokeExact(context));
                succeeded((int) FROM_DATA.invokeExact(context, key, KEY_PAIR, parameters));
            } finally {
                secret.fill((byte) 0);
            }
            return key.get(ValueLayout.JAVA_LONG, 0);
        } finally {
            CONTEXT_FREE.invokeExact(context);
        }
    }

    private static void put(
            MemorySegment parameters, int offset, MemorySegment name, MemorySegment data) {
        parameters.set(ValueLayout.ADDRESS, offset, name);
        parameters.set(ValueLayout.JAVA_INT, offset + 8L, OCTET_STRING);
        parameters.set(ValueLayout.ADDRESS, offset + 16L, data);
        parameters.set(ValueLayout.JAVA_LONG, offset + 24L, data.byteSize());
    }
}
