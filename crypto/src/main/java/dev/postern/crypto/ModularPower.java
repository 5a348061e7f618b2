package dev.postern.crypto;

/// Exponentiation modulo the prime of one MODP group, big endian, padded to the modulus. Safe for
/// use from any thread.
sealed interface ModularPower permits JdkModularPower, LibCryptoModularPower {
    byte[] power(byte[] base, byte[] exponent);
}
