package dev.postern.pki;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.InvalidKeyException;
import dev.postern.crypto.SecretBytes;
import dev.postern.crypto.SigningKey;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Our own chain and the key that signs for its first certificate.
public record Credentials(CertificateChain chain, SigningKey key) implements AutoCloseable {
    /// A chain in PEM or a single certificate in DER, and a private key in PEM or DER (PKCS#8).
    ///
    /// @param passphrase of an encrypted key
    /// @param entropy to try whether key and certificate belong together
    public static Credentials of(
            byte[] certificates, byte[] privateKey, char @Nullable [] passphrase, Entropy entropy)
            throws UnreadableException {
        CertificateChain chain = CertificateChain.decode(certificatesOf(certificates));
        return paired(chain, privateKeyInfo(privateKey, passphrase), entropy);
    }

    /// A PKCS#12 file (RFC 7292) with one private key and its chain.
    public static Credentials ofPkcs12(byte[] octets, char[] passphrase, Entropy entropy)
            throws UnreadableException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(octets), passphrase);
            List<String> keys = new ArrayList<>();
            store.aliases().asIterator().forEachRemaining(keys::add);
            keys.removeIf(alias -> !isKey(store, alias));
            if (keys.size() != 1) {
                throw new UnreadableException(
                        "a PKCS#12 file with " + keys.size() + " private keys; wanted is one");
            }
            Key key = store.getKey(keys.getFirst(), passphrase);
            List<byte[]> certificates = new ArrayList<>();
            for (Certificate each : store.getCertificateChain(keys.getFirst())) {
                if (certificates.isEmpty() || !isRoot(each)) {
                    certificates.add(each.getEncoded());
                }
            }
            return paired(
                    CertificateChain.decode(certificates),
                    SecretBytes.owning(key.getEncoded()),
                    entropy);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new UnreadableException(
                    "not a PKCS#12 file, or its passphrase is another than the one given");
        }
    }

    /// Whoever trusts a root has it; it is not sent (RFC 7296 section 3.6).
    private static boolean isRoot(Certificate certificate) {
        return certificate instanceof X509Certificate x509
                && x509.getSubjectX500Principal().equals(x509.getIssuerX500Principal());
    }

    private static boolean isKey(KeyStore store, String alias) {
        try {
            return store.isKeyEntry(alias);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// Certificates of a PEM file, or the one that a DER file is.
    public static List<byte[]> certificatesOf(byte[] octets) throws UnreadableException {
        if (!Pem.isPem(octets)) {
            return List.of(octets);
        }
        List<byte[]> certificates =
                Pem.parse(octets).stream()
                        .filter(block -> block.label().equals(Pem.CERTIFICATE))
                        .map(Pem::content)
                        .toList();
        if (certificates.isEmpty()) {
            throw new UnreadableException("a PEM file without a block " + Pem.CERTIFICATE);
        }
        return certificates;
    }

    /// Authorities to trust: every certificate of a PEM file, or the one of a DER file.
    public static List<X509Certificate> authoritiesOf(byte[] octets) throws UnreadableException {
        List<X509Certificate> authorities = new ArrayList<>();
        for (byte[] each : certificatesOf(octets)) {
            X509Certificate certificate = CertificateChain.decode(each);
            if (certificate.getBasicConstraints() < 0) {
                throw new UnreadableException(
                        certificate.getSubjectX500Principal()
                                + " is not an authority: its basic constraints do not say CA");
            }
            authorities.add(certificate);
        }
        return authorities;
    }

    private static SecretBytes privateKeyInfo(byte[] octets, char @Nullable [] passphrase)
            throws UnreadableException {
        if (!Pem.isPem(octets)) {
            return SecretBytes.owning(octets.clone());
        }
        for (Pem block : Pem.parse(octets)) {
            switch (block.label()) {
                case Pem.PRIVATE_KEY -> {
                    return SecretBytes.owning(block.content());
                }
                case Pem.ENCRYPTED_PRIVATE_KEY -> {
                    return decrypt(block.content(), passphrase);
                }
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
                        throw new UnreadableException(
                                "a key in the form "
                                        + block.label()
                                        + "; wanted is PKCS#8, which openssl pkcs8 -topk8 makes of"
                                        + " it");
                default -> {}
            }
        }
        throw new UnreadableException("a PEM file without a block " + Pem.PRIVATE_KEY);
    }

    private static SecretBytes decrypt(byte[] octets, char @Nullable [] passphrase)
            throws UnreadableException {
        if (passphrase == null) {
            throw new UnreadableException("an encrypted private key, and no passphrase is given");
        }
        PBEKeySpec password = new PBEKeySpec(passphrase);
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(octets);
            String algorithm = String.valueOf(info.getAlgParameters());
            Key key = SecretKeyFactory.getInstance(algorithm).generateSecret(password);
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, key, info.getAlgParameters());
            return SecretBytes.owning(info.getKeySpec(cipher).getEncoded());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new UnreadableException(
                    "the private key does not open with the passphrase that is given");
        } finally {
            password.clearPassword();
        }
    }

    private static Credentials paired(CertificateChain chain, SecretBytes key, Entropy entropy)
            throws UnreadableException {
        try (key) {
            SigningKey signing = SigningKey.of(key);
            if (!signing.matches(chain.key(), entropy)) {
                signing.close();
                throw new UnreadableException(
                        "the private key is not that of the certificate of "
                                + chain.leaf().getSubjectX500Principal()
                                + (chain.certificates().size() == 1
                                        ? ""
                                        : ", which stands first of %d; its own has to"
                                                .formatted(chain.certificates().size())));
            }
            return new Credentials(chain, signing);
        } catch (InvalidKeyException e) {
            throw new UnreadableException(String.valueOf(e.getMessage()));
        }
    }

    /// When our own certificate expires.
    public Instant expiresAt() {
        return KeptPaths.notAfter(chain.leaf());
    }

    @Override
    public void close() {
        key.close();
    }

    /// Without the key.
    @Override
    public String toString() {
        return "Credentials[" + chain.leaf().getSubjectX500Principal() + "]";
    }
}
