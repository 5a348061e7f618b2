package dev.postern.grid;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/// Whether a private key is a certificate's: what one signs the other verifies.
final class Proof {
    private static final byte[] WORDS = {'p', 'r', 'o', 'o', 'f'};

    private Proof() {}

    static boolean isOf(PrivateKey key, X509Certificate certificate) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(WORDS);
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(WORDS);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException differ) {
            return false;
        }
    }
}
