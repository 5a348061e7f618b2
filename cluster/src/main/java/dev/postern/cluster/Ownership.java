package dev.postern.cluster;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/// Who owns what one member at a time may act for: a shared address, a lost member's sessions. Each
/// change of hands raises an epoch, and only the primary side changes hands ([Membership]); so two
/// members never own one thing under one epoch, whatever each believes of the other.
public interface Ownership {
    /// Who owns it, since when.
    ///
    /// @param epoch 1 for the first owner
    record Held(String node, long epoch) {}

    /// What came of a wish to own.
    sealed interface Outcome {
        /// It is ours under this epoch, which is above all before it.
        record Owned(long epoch) implements Outcome {}

        /// Another member was first, or lives and has not given it up.
        record Refused(Held by) implements Outcome {}

        /// This side is not the primary one, or cannot say.
        record Unavailable() implements Outcome {}
    }

    /// Takes a thing that nobody owns, that is ours, or whose owner is not in the view.
    ///
    /// @param thing for example `address 192.0.2.1` or `member gw-a`
    /// @param then hears what came of it, on any thread
    void acquire(String thing, Consumer<Outcome> then);

    /// Gives it up, where it is ours.
    void release(String thing);

    /// Who owns a thing, as far as this process knows without asking; null for nobody, and where it
    /// cannot say.
    @Nullable Held heldHere(String thing);
}
