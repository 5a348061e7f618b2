package dev.postern.crypto;

import java.math.BigInteger;

/// base ^ exponent mod modulus, big endian, padded to the modulus. Safe for use from any thread.
sealed interface ModularPower permits JdkModularPower {
    byte[] power(byte[] base, byte[] exponent, BigInteger modulus);
}
