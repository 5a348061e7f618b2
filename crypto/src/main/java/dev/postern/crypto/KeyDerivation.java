package dev.postern.crypto;

import java.nio.ByteBuffer;

/// SKEYSEED and key material of RFC 7296 sections 2.14, 2.17 and 2.18 and RFC 5723 section 5.1, as
/// pure functions.
public final class KeyDerivation {
    private KeyDerivation() {}

    /// SKEYSEED = prf(Ni | Nr, g^ir).
    public static byte[] skeyseed(Prf prf, byte[] ni, byte[] nr, byte[] sharedSecret) {
        return prf.compute(concatenate(ni, nr), sharedSecret);
    }

    /// SKEYSEED of a rekeyed IKE SA = prf(SK_d (old), g^ir (new) | Ni | Nr).
    public static byte[] rekeyedSkeyseed(
            Prf prf, byte[] oldSkD, byte[] sharedSecret, byte[] ni, byte[] nr) {
        return prf.compute(oldSkD, sharedSecret, ni, nr);
    }

    /// The same with additional key exchanges (RFC 9370 section 2.2.4): prf(SK_d (old), SK(0) | Ni
    /// | Nr | SK(1) | ... | SK(n)).
    ///
    /// @param additional SK(1) to SK(n), one after the other; empty for none
    public static byte[] rekeyedSkeyseed(
            Prf prf, byte[] oldSkD, byte[] sharedSecret, byte[] ni, byte[] nr, byte[] additional) {
        return prf.compute(oldSkD, sharedSecret, ni, nr, additional);
    }

    /// SKEYSEED of an RFC 5723 resumption = prf(SK_d (old), "Resumption" | Ni | Nr).
    public static byte[] resumedSkeyseed(Prf prf, byte[] oldSkD, byte[] ni, byte[] nr) {
        return prf.compute(oldSkD, RESUMPTION, ni, nr);
    }

    /// prf+(SKEYSEED, Ni | Nr | SPIi | SPIr), `length` octets: SK_d | SK_ai | SK_ar | SK_ei | SK_er
    /// | SK_pi | SK_pr.
    public static byte[] ikeKeyMaterial(
            Prf prf, byte[] skeyseed, byte[] ni, byte[] nr, long spiI, long spiR, int length) {
        return prf.plus(
                skeyseed,
                length,
                ni,
                nr,
                ByteBuffer.allocate(16).putLong(spiI).putLong(spiR).array());
    }

    /// KEYMAT = prf+(SK_d, [g^ir (new)] | Ni | Nr); an empty `sharedSecret` where there was no key
    /// exchange.
    public static byte[] childKeyMaterial(
            Prf prf, byte[] skD, byte[] sharedSecret, byte[] ni, byte[] nr, int length) {
        return prf.plus(skD, length, sharedSecret, ni, nr);
    }

    /// The same with additional key exchanges (RFC 9370 section 2.2.4): prf+(SK_d, SK(0) | Ni | Nr
    /// | SK(1) | ... | SK(n)).
    ///
    /// @param additional SK(1) to SK(n), one after the other; empty for none
    public static byte[] childKeyMaterial(
            Prf prf,
            byte[] skD,
            byte[] sharedSecret,
            byte[] ni,
            byte[] nr,
            byte[] additional,
            int length) {
        return prf.plus(skD, length, sharedSecret, ni, nr, additional);
    }

    private static final byte[] RESUMPTION = {'R', 'e', 's', 'u', 'm', 'p', 't', 'i', 'o', 'n'};

    private static byte[] concatenate(byte[] a, byte[] b) {
        byte[] both = new byte[a.length + b.length];
        System.arraycopy(a, 0, both, 0, a.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
