package dev.postern.wire;

/// Octets that do not decode. Without a stack trace: whoever sends garbage shall not make us walk
/// the stack.
public final class MalformedException extends Exception {
    private final Malformation malformation;

    public MalformedException(Malformation malformation, String where) {
        super(malformation + ": " + where, null, false, false);
        this.malformation = malformation;
    }

    public Malformation malformation() {
        return malformation;
    }
}
