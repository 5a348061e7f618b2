package dev.postern.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Hash functions (FIPS 180-4) of the data given as one string of octets. SHA-1 serves NAT
/// detection (RFC 7296 section 2.23) and nothing else. Safe for use from any thread.
public enum Hash {
    SHA_1("SHA-1", 20, 64),
    SHA_224("SHA-224", 28, 64),
    SHA_256("SHA-256", 32, 64),
    SHA_384("SHA-384", 48, 128),
    SHA_512("SHA-512", 64, 128);

    private final int length;
    private final int blockLength;

    /// Never updated after its creation, only cloned.
    @SuppressWarnings("ImmutableEnumChecker")
    private final MessageDigest pristine;

    Hash(String jcaName, int length, int blockLength) {
        this.length = length;
        this.blockLength = blockLength;
        try {
            this.pristine = MessageDigest.getInstance(jcaName);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(
                    "this Java runtime has no " + jcaName + ", which Postern needs", missing);
        }
    }

    /// Octets of output.
    public int length() {
        return length;
    }

    /// Octets of one input block, which is also what HMAC pads its key to.
    int blockLength() {
        return blockLength;
    }

    /// The digest of the concatenated `data`.
    public byte[] digest(byte[]... data) {
        MessageDigest digest = start();
        for (byte[] part : data) {
            digest.update(part);
        }
        return digest.digest();
    }

    /// A computation of its own. A clone costs a twentieth of a look-up by name, and cloning only
    /// reads the prototype, which nobody ever updates, so all threads share it.
    MessageDigest start() {
        return clone(pristine);
    }

    static MessageDigest clone(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException foreign) {
            throw new IllegalStateException(
                    "the "
                            + digest.getAlgorithm()
                            + " of "
                            + digest.getProvider()
                            + " cannot be cloned",
                    foreign);
        }
    }
}
