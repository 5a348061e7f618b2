package dev.postern.voucher;

import dev.postern.crypto.Entropy;
import dev.postern.pki.Credentials;
import dev.postern.pki.UnreadableException;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.Random;

/// Gateways' keys with certificates.
final class Keys {
    static final long NOW = 1_767_225_600L;

    private Keys() {}

    /// From a seed; fit for tests alone.
    static Entropy entropy(long seed) {
        Random random = new Random(seed);
        return random::nextBytes;
    }

    /// @param kind RSA, P-256, P-384, P-521 or Ed25519
    static Credentials of(String kind, String name) {
        try {
            KeyPair pair = pair(kind);
            String algorithm =
                    switch (kind) {
                        case "RSA" -> "SHA256withRSA";
                        case "Ed25519" -> "Ed25519";
                        default -> "SHA256withECDSA";
                    };
            byte[] certificate =
                    new JcaX509v3CertificateBuilder(
                                    new X500Name("CN=" + name),
                                    BigInteger.ONE,
                                    Date.from(Instant.ofEpochSecond(NOW - 86_400)),
                                    Date.from(Instant.ofEpochSecond(NOW + 86_400)),
                                    new X500Name("CN=" + name),
                                    pair.getPublic())
                            .build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate()))
                            .getEncoded();
            return Credentials.of(certificate, pair.getPrivate().getEncoded(), null, entropy(1));
        } catch (GeneralSecurityException
                | OperatorCreationException
                | IOException
                | UnreadableException e) {
            throw new AssertionError("a key of the kind " + kind, e);
        }
    }

    private static KeyPair pair(String kind) throws GeneralSecurityException {
        KeyPairGenerator generator =
                KeyPairGenerator.getInstance(kind.startsWith("P-") ? "EC" : kind);
        if (kind.equals("RSA")) {
            generator.initialize(2048);
        } else if (kind.startsWith("P-")) {
            generator.initialize(new ECGenParameterSpec("secp" + kind.substring(2) + "r1"));
        }
        return generator.generateKeyPair();
    }
}
