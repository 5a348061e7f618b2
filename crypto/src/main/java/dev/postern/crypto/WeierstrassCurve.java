package dev.postern.crypto;

import java.math.BigInteger;
import java.util.Arrays;

/// The numbers of a curve y^2 = x^3 - 3x + b over a prime p with a generator of prime order n,
/// cofactor 1 (RFC 5903 section 3), and the arithmetic on public values that needs no protection
/// against timing.
enum WeierstrassCurve {
    P_256(
            "secp256r1",
            32,
            "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF",
            "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B",
            "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
            "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296",
            "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"),
    P_384(
            "secp384r1",
            48,
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE"
                    + "FFFFFFFF0000000000000000FFFFFFFF",
            "B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875A"
                    + "C656398D8A2ED19D2A85C8EDD3EC2AEF",
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF"
                    + "581A0DB248B0A77AECEC196ACCC52973",
            "AA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A38"
                    + "5502F25DBF55296C3A545E3872760AB7",
            "3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C0"
                    + "0A60B1CE1D7E819D7A431D7C90EA0E5F"),
    P_521(
            "secp521r1",
            66,
            "01FF" + "FF".repeat(64),
            "0051953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E1"
                    + "56193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00",
            "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
                    + "FA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409",
            "00C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBA"
                    + "A14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD66",
            "011839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C"
                    + "97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650");

    private static final BigInteger THREE = BigInteger.valueOf(3);

    private final String jcaName;
    private final int length;
    private final BigInteger p;
    private final BigInteger b;
    private final BigInteger n;
    private final BigInteger generatorX;
    private final BigInteger generatorY;

    WeierstrassCurve(String jcaName, int length, String p, String b, String n, String x, String y) {
        this.jcaName = jcaName;
        this.length = length;
        this.p = new BigInteger(p, 16);
        this.b = new BigInteger(b, 16);
        this.n = new BigInteger(n, 16);
        this.generatorX = new BigInteger(x, 16);
        this.generatorY = new BigInteger(y, 16);
    }

    String jcaName() {
        return jcaName;
    }

    /// Octets of one coordinate, and of a scalar.
    int length() {
        return length;
    }

    BigInteger p() {
        return p;
    }

    BigInteger n() {
        return n;
    }

    BigInteger generatorX() {
        return generatorX;
    }

    BigInteger generatorY() {
        return generatorY;
    }

    /// Both coordinates are reduced and satisfy the equation. With cofactor 1 that is all that RFC
    /// 6989 section 2.3 asks.
    boolean contains(BigInteger x, BigInteger y) {
        return x.compareTo(p) < 0 && y.compareTo(p) < 0 && y.multiply(y).mod(p).equals(ySquared(x));
    }

    /// One of the two y that belong to `x`; both primes are 3 modulo 4.
    BigInteger yOf(BigInteger x) {
        return ySquared(x).modPow(p.add(BigInteger.ONE).shiftRight(2), p);
    }

    BigInteger negated(BigInteger y) {
        return p.subtract(y).mod(p);
    }

    /// The x coordinate of (x, y) + G, for a point that is neither G nor -G.
    BigInteger xOfSumWithGenerator(BigInteger x, BigInteger y) {
        BigInteger slope =
                y.subtract(generatorY).multiply(x.subtract(generatorX).modInverse(p)).mod(p);
        return slope.multiply(slope).subtract(x).subtract(generatorX).mod(p);
    }

    private BigInteger ySquared(BigInteger x) {
        return x.multiply(x).subtract(THREE).multiply(x).add(b).mod(p);
    }

    BigInteger x(byte[] point) {
        return new BigInteger(1, Arrays.copyOf(point, length));
    }

    BigInteger y(byte[] point) {
        return new BigInteger(1, Arrays.copyOfRange(point, length, point.length));
    }
}
