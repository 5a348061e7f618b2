package dev.postern.cli.pki;

import dev.postern.crypto.Der;
import dev.postern.pki.Pem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/// Private keys as PKCS#8 in PEM, encrypted where there is a passphrase (RFC 5958, RFC 8018 PBES2).
final class PrivateKeyText {
    private static final String ALGORITHM = "PBEWithHmacSHA256AndAES_256";
    private static final byte[] PBES2 = HexFormat.of().parseHex("2a864886f70d01050d");
    private static final int ROUNDS = 600_000;
    private static final int SALT_LENGTH = 16;

    private PrivateKeyText() {}

    /// The octets of the file, for the caller to wipe.
    static byte[] of(PrivateKey key, @Nullable Passphrase passphrase) throws IOException {
        byte[] encoded = key.getEncoded();
        try {
            String text =
                    passphrase == null
                            ? NewFiles.pem(Pem.PRIVATE_KEY, encoded)
                            : NewFiles.pem(
                                    Pem.ENCRYPTED_PRIVATE_KEY, encrypted(encoded, passphrase));
            return text.getBytes(StandardCharsets.US_ASCII);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    private static byte[] encrypted(byte[] key, Passphrase passphrase) throws IOException {
        PBEKeySpec password = new PBEKeySpec(passphrase.characters());
        try {
            byte[] salt = new byte[SALT_LENGTH];
            new SecureRandom().nextBytes(salt);
            Cipher cipher = Cipher.getInstance(ALGORITHM);
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    SecretKeyFactory.getInstance(ALGORITHM).generateSecret(password),
                    new PBEParameterSpec(salt, ROUNDS));
            return Der.write(
                    Der.SEQUENCE,
                    Der.write(
                            Der.SEQUENCE,
                            Der.write(Der.OBJECT_IDENTIFIER, PBES2),
                            cipher.getParameters().getEncoded()),
                    Der.write(Der.OCTET_STRING, cipher.doFinal(key)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a JDK without " + ALGORITHM, e);
        } finally {
            password.clearPassword();
        }
    }
}
