package dev.postern.gateway.daemon;

/// An operator's command that was not carried out; the message says why and what is wanted.
public final class AdminException extends Exception {
    private static final long serialVersionUID = 1;

    public AdminException(String message) {
        super(message);
    }
}
