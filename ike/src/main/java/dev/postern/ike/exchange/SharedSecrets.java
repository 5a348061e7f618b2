package dev.postern.ike.exchange;

import dev.postern.crypto.SecretBytes;

import java.util.Arrays;

/// What the key exchanges of one CREATE_CHILD_SA have come to, RFC 9370 section 2.2.4: SK(0), and
/// SK(1) to SK(n) one after the other.
record SharedSecrets(SecretBytes first, SecretBytes additional) implements AutoCloseable {
    /// Takes SK(0) over.
    static SharedSecrets of(SecretBytes first) {
        return new SharedSecrets(first, SecretBytes.owning(new byte[0]));
    }

    /// With one more. Takes it and all of this over.
    SharedSecrets and(SecretBytes next) {
        byte[] all = Arrays.copyOf(additional.expose(), additional.length() + next.length());
        System.arraycopy(next.expose(), 0, all, additional.length(), next.length());
        additional.close();
        next.close();
        return new SharedSecrets(first, SecretBytes.owning(all));
    }

    @Override
    public void close() {
        first.close();
        additional.close();
    }
}
