package dev.postern.crypto;

import java.security.MessageDigest;
import java.util.Arrays;

/// Octets that must not be seen: keys, shared secrets, resumption secrets. Owns its array, is wiped
/// by `close`, compares in constant time, and prints only its length. Whoever creates one closes it
/// or hands it on.
public final class SecretBytes implements AutoCloseable {
    private final byte[] octets;
    private boolean closed;

    private SecretBytes(byte[] octets) {
        this.octets = octets;
    }

    /// Takes ownership of `octets`: the caller must neither keep nor change them.
    public static SecretBytes owning(byte[] octets) {
        return new SecretBytes(octets);
    }

    /// A secret with a copy of `octets`.
    public static SecretBytes copyOf(byte[] octets) {
        return new SecretBytes(octets.clone());
    }

    public int length() {
        return octets.length;
    }

    /// The octets themselves, for the primitive that consumes them; never to be kept, changed or
    /// printed.
    ///
    /// @throws IllegalStateException after `close`
    public byte[] expose() {
        if (closed) {
            throw new IllegalStateException("a secret was used after it was wiped");
        }
        return octets;
    }

    /// A secret of its own with `length` octets from `offset` on.
    public SecretBytes slice(int offset, int length) {
        return new SecretBytes(Arrays.copyOfRange(expose(), offset, offset + length));
    }

    public SecretBytes copy() {
        return new SecretBytes(expose().clone());
    }

    /// Wipes the octets. Idempotent.
    @Override
    public void close() {
        closed = true;
        Arrays.fill(octets, (byte) 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecretBytes that && MessageDigest.isEqual(octets, that.octets);
    }

    /// Constant, so that a hash table gives nothing away; secrets are not meant to be keys of
    /// tables.
    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "SecretBytes[" + octets.length + " octets]";
    }
}
