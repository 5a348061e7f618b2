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
import java.util.Arrays;
import java.util.Optional;

/// Scalar multiplication of libcrypto, which is independent of the scalar's value in time. The
/// group is shared between threads, which only read it.
final class LibCryptoNistCurve implements NistCurve {
    private static final MethodHandle GROUP_NEW =
            LibCrypto.ordinary("EC_GROUP_new_by_curve_name", FunctionDescriptor.of(OBJECT, INT));
    private static final MethodHandle POINT_NEW =
            LibCrypto.critical("EC_POINT_new", FunctionDescriptor.of(OBJECT, OBJECT));
    private static final MethodHandle POINT_FREE =
            LibCrypto.critical("EC_POINT_clear_free", FunctionDescriptor.ofVoid(OBJECT));
    private static final MethodHandle POINT_READ =
            LibCrypto.critical(
                    "EC_POINT_oct2point",
                    FunctionDescriptor.of(INT, OBJECT, OBJECT, OCTETS, SIZE, OBJECT));
    private static final MethodHandle POINT_WRITE =
            LibCrypto.critical(
                    "EC_POINT_point2oct",
                    FunctionDescriptor.of(SIZE, OBJECT, OBJECT, INT, OCTETS, SIZE, OBJECT));
    private static final MethodHandle MULTIPLY =
            LibCrypto.ordinary(
                    "EC_POINT_mul",
                    FunctionDescriptor.of(INT, OBJECT, OBJECT, OBJECT, OBJECT, OBJECT, OBJECT));

    private static final byte UNCOMPRESSED = 4;

    private final int length;
    private final long group;

    LibCryptoNistCurve(WeierstrassCurve curve) {
        this.length = curve.length();
        int nid =
                switch (curve) {
                    case P_256 -> 415;
                    case P_384 -> 715;
                    case P_521 -> 716;
                };
        try {
            this.group = present((long) GROUP_NEW.invokeExact(nid));
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    @Override
    public byte[] publicPoint(byte[] scalar) {
        try {
            long product = present((long) POINT_NEW.invokeExact(group));
            long factor = LibCryptoNumber.secret(scalar);
            try {
                succeeded((int) MULTIPLY.invokeExact(group, product, factor, 0L, 0L, 0L));
                byte[] point = write(product);
                return Arrays.copyOfRange(point, 1, point.length);
            } finally {
                LibCryptoNumber.free(factor);
                POINT_FREE.invokeExact(product);
            }
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    @Override
    public Optional<byte[]> agree(byte[] scalar, byte[] peer) {
        byte[] encoded = new byte[1 + peer.length];
        encoded[0] = UNCOMPRESSED;
        System.arraycopy(peer, 0, encoded, 1, peer.length);
        try {
            long point = present((long) POINT_NEW.invokeExact(group));
            try {
                // Reading checks that the coordinates are reduced and on the curve.
                int read =
                        (int)
                                POINT_READ.invokeExact(
                                        group,
                                        point,
                                        MemorySegment.ofArray(encoded),
                                        (long) encoded.length,
                                        0L);
                return read > 0 ? Optional.of(xOfProduct(scalar, point)) : Optional.empty();
            } finally {
                POINT_FREE.invokeExact(point);
            }
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    @Override
    public Optional<byte[]> combine(byte[] u1, byte[] u2, byte[] peer) {
        byte[] encoded = new byte[1 + peer.length];
        encoded[0] = UNCOMPRESSED;
        System.arraycopy(peer, 0, encoded, 1, peer.length);
        try {
            long point = present((long) POINT_NEW.invokeExact(group));
            long first = LibCryptoNumber.of(u1);
            long second = LibCryptoNumber.of(u2);
            try {
                int read =
                        (int)
                                POINT_READ.invokeExact(
                                        group,
                                        point,
                                        MemorySegment.ofArray(encoded),
                                        (long) encoded.length,
                                        0L);
                if (read <= 0) {
                    return Optional.empty();
                }
                succeeded((int) MULTIPLY.invokeExact(group, point, first, point, second, 0L));
                return xIfFinite(point);
            } finally {
                LibCryptoNumber.free(first);
                LibCryptoNumber.free(second);
                POINT_FREE.invokeExact(point);
            }
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    /// The point at infinity is written as one octet.
    private Optional<byte[]> xIfFinite(long point) throws Throwable {
        byte[] encoded = new byte[1 + 2 * length];
        long written =
                (long)
                        POINT_WRITE.invokeExact(
                                group,
                                point,
                                (int) UNCOMPRESSED,
                                MemorySegment.ofArray(encoded),
                                (long) encoded.length,
                                0L);
        return written == encoded.length
                ? Optional.of(Arrays.copyOfRange(encoded, 1, 1 + length))
                : Optional.empty();
    }

    private byte[] xOfProduct(byte[] scalar, long point) throws Throwable {
        long factor = LibCryptoNumber.secret(scalar);
        try {
            succeeded((int) MULTIPLY.invokeExact(group, point, 0L, point, factor, 0L));
            byte[] product = write(point);
            byte[] x = Arrays.copyOfRange(product, 1, 1 + length);
            Arrays.fill(product, (byte) 0);
            return x;
        } finally {
            LibCryptoNumber.free(factor);
        }
    }

    private byte[] write(long point) throws Throwable {
        byte[] encoded = new byte[1 + 2 * length];
        long written =
                (long)
                        POINT_WRITE.invokeExact(
                                group,
                                point,
                                (int) UNCOMPRESSED,
                                MemorySegment.ofArray(encoded),
                                (long) encoded.length,
                                0L);
        if (written != encoded.length) {
            throw new IllegalStateException("a multiple of a point of prime order is infinite");
        }
        return encoded;
    }
}
