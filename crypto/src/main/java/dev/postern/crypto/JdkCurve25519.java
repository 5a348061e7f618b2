package dev.postern.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Optional;

import javax.crypto.KeyAgreement;

/// X25519 of the JDK, for machines without libcrypto.
final class JdkCurve25519 implements Curve25519 {
    private static final int LENGTH = 32;
    private static final BigInteger BASE_POINT = BigInteger.valueOf(9);

    @Override
    public byte[] publicKey(byte[] scalar) {
        return multiply(scalar, BASE_POINT)
                .orElseThrow(() -> new IllegalStateException("the base point has a large order"));
    }

    @Override
    public Optional<byte[]> agree(byte[] scalar, byte[] ownPublic, byte[] peer) {
        byte[] bigEndian = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            bigEndian[i] = peer[LENGTH - 1 - i];
        }
        bigEndian[0] &= 0x7f;
        return multiply(scalar, new BigInteger(1, bigEndian));
    }

    private static Optional<byte[]> multiply(byte[] scalar, BigInteger u) {
        try {
            KeyFactory keys = KeyFactory.getInstance("X25519");
            PrivateKey own =
                    keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar));
            PublicKey peer =
                    keys.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, u));
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(own);
            try {
                agreement.doPhase(peer, true);
            } catch (InvalidKeyException lowOrder) {
                return Optional.empty();
            }
            return Optional.of(agreement.generateSecret());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the JDK refused X25519", impossible);
        }
    }
}
