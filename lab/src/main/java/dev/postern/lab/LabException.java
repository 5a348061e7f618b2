package dev.postern.lab;

/// The lab could not do what a test asked: the message says what was tried, what was seen, and what
/// to install or read. Unchecked, since a test has nothing to do but to fail with it.
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LabException(String message) {
        super(message);
    }

    public LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
