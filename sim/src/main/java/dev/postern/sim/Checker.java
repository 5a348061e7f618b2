package dev.postern.sim;

/// One claim about every step of every run. A checker keeps what it needs to remember; one is made
/// per run.
public interface Checker {
    /// Names the claim, as `no (key, nonce) seals twice`.
    String claim();

    /// Looks at what has happened.
    ///
    /// @throws Violation where the claim does not hold
    void see(Happening happening, World world);

    /// Ends the run.
    default void require(boolean holds, String what) {
        if (!holds) {
            throw new Violation(claim(), what);
        }
    }
}
