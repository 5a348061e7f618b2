package dev.postern.sim;

/// A checker has seen what must not be: the run fails here.
public final class Violation extends RuntimeException {
    private final String checker;

    public Violation(String checker, String what) {
        super(what);
        this.checker = checker;
    }

    /// The claim that does not hold, by its checker's name.
    public String checker() {
        return checker;
    }

    /// For a test's message and the last line of a trace.
    public String describe() {
        return checker + ": " + getMessage();
    }
}
