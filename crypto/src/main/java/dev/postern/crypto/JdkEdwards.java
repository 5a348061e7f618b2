package dev.postern.crypto;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/// EdDSA of the JDK, for machines without libcrypto.
final class JdkEdwards implements Edwards {
    @Override
    public byte[] sign(Curve curve, byte[] privateKey, byte[] message) {
        byte[] encoded =
                Der.write(
                        Der.SEQUENCE,
                        Der.write(Der.INTEGER, new byte[1]),
                        curve.identifier(),
                        Der.write(Der.OCTET_STRING, Der.write(Der.OCTET_STRING, privateKey)));
        try {
            PrivateKey key =
                    KeyFactory.getInstance(curve.name())
                            .generatePrivate(new PKCS8EncodedKeySpec(encoded));
            Signature signature = Signature.getInstance(curve.name());
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the JDK refused to sign with " + curve, impossible);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    @Override
    public boolean verify(Curve curve, byte[] publicKey, byte[] signature, byte[] message) {
        byte[] encoded =
                Der.write(
                        Der.SEQUENCE,
                        curve.identifier(),
                        Der.write(Der.BIT_STRING, new byte[1], publicKey));
        try {
            PublicKey key =
                    KeyFactory.getInstance(curve.name())
                            .generatePublic(new X509EncodedKeySpec(encoded));
            Signature verifier = Signature.getInstance(curve.name());
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (InvalidKeySpecException | InvalidKeyException | SignatureException e) {
            return false;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the JDK has no " + curve, impossible);
        }
    }
}
