package dev.postern.pki;

/// Octets that are no certificate, key, list or response; the message says what was wanted, and
/// never holds a secret.
public final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    public UnreadableException(String message) {
        super(message);
    }
}
