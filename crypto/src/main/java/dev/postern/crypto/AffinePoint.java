package dev.postern.crypto;

import java.math.BigInteger;

/// A point of a curve y^2 = x^3 - 3x + b, or infinity, with arithmetic that takes time by its
/// operands: for public values only.
final class AffinePoint {
    private static final BigInteger THREE = BigInteger.valueOf(3);

    private final BigInteger p;
    private final BigInteger x;
    private final BigInteger y;
    private final boolean infinite;

    AffinePoint(BigInteger p, BigInteger x, BigInteger y) {
        this(p, x, y, false);
    }

    private AffinePoint(BigInteger p, BigInteger x, BigInteger y, boolean infinite) {
        this.p = p;
        this.x = x;
        this.y = y;
        this.infinite = infinite;
    }

    BigInteger x() {
        return x;
    }

    boolean isInfinite() {
        return infinite;
    }

    AffinePoint plus(AffinePoint other) {
        if (infinite) {
            return other;
        }
        if (other.infinite) {
            return this;
        }
        BigInteger slope;
        if (!x.equals(other.x)) {
            slope = other.y.subtract(y).multiply(other.x.subtract(x).mod(p).modInverse(p));
        } else if (y.equals(other.y) && y.signum() != 0) {
            slope =
                    x.multiply(x)
                            .subtract(BigInteger.ONE)
                            .multiply(THREE)
                            .multiply(y.shiftLeft(1).modInverse(p));
        } else {
            return infinity();
        }
        BigInteger sumX = slope.multiply(slope).subtract(x).subtract(other.x).mod(p);
        return new AffinePoint(p, sumX, slope.multiply(x.subtract(sumX)).subtract(y).mod(p));
    }

    AffinePoint times(BigInteger factor) {
        AffinePoint product = infinity();
        for (int bit = factor.bitLength() - 1; bit >= 0; bit--) {
            product = product.plus(product);
            if (factor.testBit(bit)) {
                product = product.plus(this);
            }
        }
        return product;
    }

    private AffinePoint infinity() {
        return new AffinePoint(p, BigInteger.ZERO, BigInteger.ZERO, true);
    }
}
