package dev.postern.crypto;

import java.math.BigInteger;

/// The 2048-bit MODP group of RFC 3526 section 3. Its modulus is a safe prime, so a public value in
/// 2 .. p-2 has a large order (RFC 6989 section 2.1). Numbers are padded to the length of the
/// modulus (RFC 7296 sections 2.14 and 3.4).
final class ModpKeyAgreement implements KeyAgreement {
    /// 2^2048 - 2^1984 - 1 + 2^64 * ([2^1918 pi] + 124476).
    static final BigInteger MODULUS =
            new BigInteger(
                    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
                            + "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
                            + "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
                            + "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
                            + "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
                            + "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
                            + "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
                            + "3995497CEA956AE515D2261898FA051015728E5A8AACAA68FFFFFFFFFFFFFFFF",
                    16);

    /// 256 bits, more than twice the group's strength of 110 (RFC 3526 section 8).
    static final int EXPONENT_LENGTH = 32;

    private static final byte[] GENERATOR = {2};
    private static final BigInteger TWO = BigInteger.TWO;

    private final ModularPower power;
    private final SecretBytes exponent;
    private final byte[] publicData;

    private ModpKeyAgreement(ModularPower power, SecretBytes exponent) {
        this.power = power;
        this.exponent = exponent;
        this.publicData = power.power(GENERATOR, exponent.expose());
    }

    static ModpKeyAgreement generate(Entropy entropy) {
        return generate(entropy, Primitives.preferred());
    }

    static ModpKeyAgreement generate(Entropy entropy, Primitives primitives) {
        byte[] exponent = entropy.octets(EXPONENT_LENGTH);
        // The top bit is set, so that every exponent has the same length and none is trivial.
        exponent[0] |= (byte) 0x80;
        return new ModpKeyAgreement(primitives.modularPower(), SecretBytes.owning(exponent));
    }

    @Override
    public KeyExchangeMethod method() {
        return KeyExchangeMethod.MODP_2048;
    }

    @Override
    public byte[] publicData() {
        return publicData.clone();
    }

    @Override
    public SecretBytes agree(byte[] peerPublicData) throws InvalidKeyExchangeException {
        if (peerPublicData.length != method().publicLength()) {
            throw new InvalidKeyExchangeException("a MODP-2048 public value has 256 octets");
        }
        BigInteger peer = new BigInteger(1, peerPublicData);
        if (peer.compareTo(TWO) < 0 || peer.compareTo(MODULUS.subtract(TWO)) > 0) {
            throw new InvalidKeyExchangeException("the MODP-2048 public value is not in 2 .. p-2");
        }
        return SecretBytes.owning(power.power(peerPublicData, exponent.expose()));
    }

    @Override
    public void close() {
        exponent.close();
    }
}
