package dev.postern.crypto;

import java.math.BigInteger;

/// The JDK's exponentiation, for machines without libcrypto. It is what the JDK's own
/// Diffie-Hellman uses; its running time is not independent of the exponent.
record JdkModularPower(BigInteger modulus) implements ModularPower {
    @Override
    public byte[] power(byte[] base, byte[] exponent) {
        BigInteger result = new BigInteger(1, base).modPow(new BigInteger(1, exponent), modulus);
        return Octets.of(result, (modulus.bitLength() + 7) / 8);
    }
}
