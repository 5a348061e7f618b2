package dev.postern.crypto;

/// Octets that are not the DER that is wanted. The message names the fault and never the octets.
public final class MalformedDerException extends Exception {
    public MalformedDerException(String message) {
        super(message);
    }
}
