package dev.postern.crypto;

import static dev.postern.crypto.LibCrypto.INT;
import static dev.postern.crypto.LibCrypto.OBJECT;
import static dev.postern.crypto.LibCrypto.OCTETS;
import static dev.postern.crypto.LibCrypto.failed;
import static dev.postern.crypto.LibCrypto.present;
import static dev.postern.crypto.LibCrypto.succeeded;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The library's big numbers.
final class LibCryptoNumber {
    private static final MethodHandle READ =
            LibCrypto.critical("BN_bin2bn", FunctionDescriptor.of(OBJECT, OCTETS, INT, OBJECT));
    private static final MethodHandle WRITE =
            LibCrypto.critical("BN_bn2binpad", FunctionDescriptor.of(INT, OBJECT, OCTETS, INT));
    private static final MethodHandle SET_FLAGS =
            LibCrypto.critical("BN_set_flags", FunctionDescriptor.ofVoid(OBJECT, INT));
    private static final MethodHandle WIPE_AND_FREE =
            LibCrypto.critical("BN_clear_free", FunctionDescriptor.ofVoid(OBJECT));

    private static final int CONSTANT_TIME = 4;

    private LibCryptoNumber() {}

    static long of(byte[] bigEndian) {
        try {
            return present(
                    (long)
                            READ.invokeExact(
                                    MemorySegment.ofArray(bigEndian), bigEndian.length, 0L));
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    /// A number that the library treats in time that does not depend on its value.
    static long secret(byte[] bigEndian) {
        long number = of(bigEndian);
        try {
            SET_FLAGS.invokeExact(number, CONSTANT_TIME);
            return number;
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static byte[] octets(long number, int length) {
        byte[] octets = new byte[length];
        try {
            succeeded(
                    (int) WRITE.invokeExact(number, MemorySegment.ofArray(octets), octets.length));
            return octets;
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static void free(long number) {
        try {
            WIPE_AND_FREE.invokeExact(number);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }
}
