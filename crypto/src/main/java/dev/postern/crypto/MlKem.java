package dev.postern.crypto;

import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

import javax.crypto.DecapsulateException;
import javax.crypto.KEM;
import javax.crypto.SecretKey;
import javax.security.auth.DestroyFailedException;

/// ML-KEM (FIPS 203) as draft-ietf-ipsecme-ikev2-mlkem uses it, from the JDK: the initiator sends
/// an encapsulation key, the responder a ciphertext, and both hold 32 octets.
final class MlKem {
    static final int SECRET_LENGTH = 32;

    /// What stands before a raw key in SubjectPublicKeyInfo; the lengths and the last octet of the
    /// object identifier (2.16.840.1.101.3.4.4.n) are filled in.
    private static final byte[] SPKI_PREFIX =
            HexFormat.of().parseHex("30820000300b06096086480165030404000382000000");

    private MlKem() {}

    /// The initiator's side: a fresh decapsulation key.
    static KeyAgreement generate(KeyExchangeMethod method, Entropy entropy) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("ML-KEM");
            generator.initialize(parameters(method), new EntropyRandom(entropy));
            KeyPair pair = generator.generateKeyPair();
            byte[] encoded = pair.getPublic().getEncoded();
            byte[] raw =
                    Arrays.copyOfRange(
                            encoded, encoded.length - method.publicLength(), encoded.length);
            return new Decapsulation(method, pair.getPrivate(), raw);
        } catch (NoSuchAlgorithmException | java.security.InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("the JDK lacks ML-KEM", e);
        }
    }

    /// The responder's side: encapsulates to the initiator's key at once.
    ///
    /// @throws InvalidKeyExchangeException where the key has the wrong length or a coefficient that
    ///   is not below the modulus (FIPS 203 section 7.2)
    static KeyAgreement respond(KeyExchangeMethod method, byte[] encapsulationKey, Entropy entropy)
            throws InvalidKeyExchangeException {
        if (encapsulationKey.length != method.publicLength()) {
            throw new InvalidKeyExchangeException(
                    method
                            + " takes an encapsulation key of "
                            + method.publicLength()
                            + " octets, not "
                            + encapsulationKey.length);
        }
        try {
            PublicKey key =
                    KeyFactory.getInstance("ML-KEM").generatePublic(spki(method, encapsulationKey));
            KEM.Encapsulated encapsulated =
                    KEM.getInstance("ML-KEM")
                            .newEncapsulator(key, new EntropyRandom(entropy))
                            .encapsulate();
            return new Encapsulation(
                    method,
                    encapsulationKey.clone(),
                    encapsulated.encapsulation(),
                    secretOf(encapsulated.key()));
        } catch (InvalidKeySpecException | InvalidKeyException e) {
            throw new InvalidKeyExchangeException(
                    "the " + method + " encapsulation key is invalid");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK lacks ML-KEM", e);
        }
    }

    private static SecretBytes secretOf(SecretKey key) {
        return SecretBytes.owning(key.getEncoded());
    }

    private static NamedParameterSpec parameters(KeyExchangeMethod method) {
        return switch (method) {
            case ML_KEM_512 -> NamedParameterSpec.ML_KEM_512;
            case ML_KEM_768 -> NamedParameterSpec.ML_KEM_768;
            case ML_KEM_1024 -> NamedParameterSpec.ML_KEM_1024;
            case X25519, ECP_256, ECP_384, MODP_2048 ->
                    throw new IllegalArgumentException(method + " is no ML-KEM");
        };
    }

    private static X509EncodedKeySpec spki(KeyExchangeMethod method, byte[] raw) {
        byte[] encoded = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + raw.length);
        setLength(encoded, 2, encoded.length - 4);
        encoded[16] =
                (byte)
                        switch (method) {
                            case ML_KEM_512 -> 1;
                            case ML_KEM_768 -> 2;
                            default -> 3;
                        };
        setLength(encoded, 19, raw.length + 1);
        System.arraycopy(raw, 0, encoded, SPKI_PREFIX.length, raw.length);
        return new X509EncodedKeySpec(encoded);
    }

    private static void setLength(byte[] octets, int at, int length) {
        octets[at] = (byte) (length >>> 8);
        octets[at + 1] = (byte) length;
    }

    private static final class Decapsulation implements KeyAgreement {
        private final KeyExchangeMethod method;
        private final PrivateKey key;
        private final byte[] publicData;
        private boolean closed;

        private Decapsulation(KeyExchangeMethod method, PrivateKey key, byte[] publicData) {
            this.method = method;
            this.key = key;
            this.publicData = publicData;
        }

        @Override
        public KeyExchangeMethod method() {
            return method;
        }

        @Override
        public byte[] publicData() {
            return publicData.clone();
        }

        @Override
        public SecretBytes agree(byte[] ciphertext) throws InvalidKeyExchangeException {
            if (closed) {
                throw new IllegalStateException("a secret was used after it was wiped");
            }
            if (ciphertext.length != method.responseLength()) {
                throw new InvalidKeyExchangeException(
                        method
                                + " answers with "
                                + method.responseLength()
                                + " octets, not "
                                + ciphertext.length);
            }
            try {
                return secretOf(
                        KEM.getInstance("ML-KEM").newDecapsulator(key).decapsulate(ciphertext));
            } catch (DecapsulateException e) {
                throw new InvalidKeyExchangeException("the " + method + " ciphertext is invalid");
            } catch (NoSuchAlgorithmException | InvalidKeyException e) {
                throw new IllegalStateException("the JDK refuses a key that it made", e);
            }
        }

        @Override
        public void close() {
            closed = true;
            try {
                key.destroy();
            } catch (DestroyFailedException _) {
                // The JDK offers no other way; the key is garbage from here on.
            }
        }
    }

    private static final class Encapsulation implements KeyAgreement {
        private final KeyExchangeMethod method;
        private final byte[] encapsulationKey;
        private final byte[] ciphertext;
        private final SecretBytes secret;

        private Encapsulation(
                KeyExchangeMethod method,
                byte[] encapsulationKey,
                byte[] ciphertext,
                SecretBytes secret) {
            this.method = method;
            this.encapsulationKey = encapsulationKey;
            this.ciphertext = ciphertext;
            this.secret = secret;
        }

        @Override
        public KeyExchangeMethod method() {
            return method;
        }

        @Override
        public byte[] publicData() {
            return ciphertext.clone();
        }

        @Override
        public SecretBytes agree(byte[] peerPublicData) throws InvalidKeyExchangeException {
            if (!Arrays.equals(peerPublicData, encapsulationKey)) {
                throw new InvalidKeyExchangeException("the secret was encapsulated to another key");
            }
            return secret.copy();
        }

        @Override
        public void close() {
            secret.close();
        }
    }
}
