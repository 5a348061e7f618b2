package dev.postern.crypto;

import static dev.postern.crypto.LibCrypto.INT;
import static dev.postern.crypto.LibCrypto.OBJECT;
import static dev.postern.crypto.LibCrypto.failed;
import static dev.postern.crypto.LibCrypto.present;
import static dev.postern.crypto.LibCrypto.succeeded;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.math.BigInteger;

/// Exponentiation of libcrypto, in time that does not depend on the exponent's bits.
final class LibCryptoModularPower implements ModularPower {
    private static final MethodHandle POWER =
            LibCrypto.ordinary(
                    "BN_mod_exp_mont_consttime",
                    FunctionDescriptor.of(INT, OBJECT, OBJECT, OBJECT, OBJECT, OBJECT, OBJECT));
    private static final MethodHandle CONTEXT_NEW =
            LibCrypto.critical("BN_CTX_secure_new", FunctionDescriptor.of(OBJECT));
    private static final MethodHandle CONTEXT_FREE =
            LibCrypto.critical("BN_CTX_free", FunctionDescriptor.ofVoid(OBJECT));

    private final int length;
    private final long modulus;

    LibCryptoModularPower(BigInteger modulus) {
        this.length = (modulus.bitLength() + 7) / 8;
        this.modulus = LibCryptoNumber.of(Octets.of(modulus, length));
    }

    @Override
    public byte[] power(byte[] base, byte[] exponent) {
        long result = LibCryptoNumber.of(new byte[0]);
        long number = LibCryptoNumber.of(base);
        long secret = LibCryptoNumber.secret(exponent);
        try {
            long context = present((long) CONTEXT_NEW.invokeExact());
            try {
                succeeded((int) POWER.invokeExact(result, number, secret, modulus, context, 0L));
                return LibCryptoNumber.octets(result, length);
            } finally {
                CONTEXT_FREE.invokeExact(context);
            }
        } catch (Throwable thrown) {
            throw failed(thrown);
        } finally {
            LibCryptoNumber.free(result);
            LibCryptoNumber.free(number);
            LibCryptoNumber.free(secret);
        }
    }
}
