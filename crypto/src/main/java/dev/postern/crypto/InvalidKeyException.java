package dev.postern.crypto;

/// A public or private key for signatures that is malformed, unsafe or of an unknown kind. The
/// message is for people and holds no key.
public final class InvalidKeyException extends Exception {
    public InvalidKeyException(String message) {
        super(message);
    }
}
