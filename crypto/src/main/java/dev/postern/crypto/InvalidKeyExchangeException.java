package dev.postern.crypto;

/// The peer's Key Exchange Data must not be used. The message names the check that failed, never
/// the value.
public final class InvalidKeyExchangeException extends Exception {
    public InvalidKeyExchangeException(String failedCheck) {
        super(failedCheck);
    }
}
