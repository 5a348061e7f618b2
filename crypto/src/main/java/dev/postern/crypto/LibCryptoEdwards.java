package dev.postern.crypto;

import static dev.postern.crypto.LibCrypto.INT;
import static dev.postern.crypto.LibCrypto.OBJECT;
import static dev.postern.crypto.LibCrypto.OCTETS;
import static dev.postern.crypto.LibCrypto.SIZE;
import static dev.postern.crypto.LibCrypto.failed;
import static dev.postern.crypto.LibCrypto.present;
import static dev.postern.crypto.LibCrypto.succeeded;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// EdDSA of libcrypto. Nothing native outlives a call.
final class LibCryptoEdwards implements Edwards {
    private static final MethodHandle NEW_PRIVATE =
            LibCrypto.critical(
                    "EVP_PKEY_new_raw_private_key",
                    FunctionDescriptor.of(OBJECT, INT, OBJECT, OCTETS, SIZE));
    private static final MethodHandle NEW_PUBLIC =
            LibCrypto.critical(
                    "EVP_PKEY_new_raw_public_key",
                    FunctionDescriptor.of(OBJECT, INT, OBJECT, OCTETS, SIZE));
    private static final MethodHandle KEY_FREE =
            LibCrypto.critical("EVP_PKEY_free", FunctionDescriptor.ofVoid(OBJECT));
    private static final MethodHandle CONTEXT_NEW =
            LibCrypto.critical("EVP_MD_CTX_new", FunctionDescriptor.of(OBJECT));
    private static final MethodHandle CONTEXT_FREE =
            LibCrypto.critical("EVP_MD_CTX_free", FunctionDescriptor.ofVoid(OBJECT));
    private static final MethodHandle SIGN_INIT =
            LibCrypto.ordinary(
                    "EVP_DigestSignInit",
                    FunctionDescriptor.of(INT, OBJECT, OBJECT, OBJECT, OBJECT, OBJECT));
    private static final MethodHandle SIGN =
            LibCrypto.critical(
                    "EVP_DigestSign",
                    FunctionDescriptor.of(INT, OBJECT, OCTETS, OCTETS, OCTETS, SIZE));
    private static final MethodHandle VERIFY_INIT =
            LibCrypto.ordinary(
                    "EVP_DigestVerifyInit",
                    FunctionDescriptor.of(INT, OBJECT, OBJECT, OBJECT, OBJECT, OBJECT));
    private static final MethodHandle VERIFY =
            LibCrypto.critical(
                    "EVP_DigestVerify",
                    FunctionDescriptor.of(INT, OBJECT, OCTETS, SIZE, OCTETS, SIZE));

    @Override
    public byte[] sign(Curve curve, byte[] privateKey, byte[] message) {
        try {
            long key = privateKey(curve, privateKey);
            long context = present((long) CONTEXT_NEW.invokeExact());
            try {
                byte[] signature = new byte[curve.signatureLength()];
                succeeded((int) SIGN_INIT.invokeExact(context, 0L, 0L, 0L, key));
                succeeded(
                        (int)
                                SIGN.invokeExact(
                                        context,
                                        MemorySegment.ofArray(signature),
                                        MemorySegment.ofArray(new long[] {signature.length}),
                                        MemorySegment.ofArray(message),
                                        (long) message.length));
                return signature;
            } finally {
                CONTEXT_FREE.invokeExact(context);
                KEY_FREE.invokeExact(key);
            }
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    @Override
    public boolean verify(Curve curve, byte[] publicKey, byte[] signature, byte[] message) {
        try {
            long key =
                    (long)
                            NEW_PUBLIC.invokeExact(
                                    curve.nid(),
                                    0L,
                                    MemorySegment.ofArray(publicKey),
                                    (long) publicKey.length);
            if (key == 0) {
                return false;
            }
            long context = present((long) CONTEXT_NEW.invokeExact());
            try {
                succeeded((int) VERIFY_INIT.invokeExact(context, 0L, 0L, 0L, key));
                int verified =
                        (int)
                                VERIFY.invokeExact(
                                        context,
                                        MemorySegment.ofArray(signature),
                                        (long) signature.length,
                                        MemorySegment.ofArray(message),
                                        (long) message.length);
                return verified == 1;
            } finally {
                CONTEXT_FREE.invokeExact(context);
                KEY_FREE.invokeExact(key);
            }
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    private static long privateKey(Curve curve, byte[] privateKey) throws Throwable {
        return present(
                (long)
                        NEW_PRIVATE.invokeExact(
                                curve.nid(),
                                0L,
                                MemorySegment.ofArray(privateKey),
                                (long) privateKey.length));
    }
}
