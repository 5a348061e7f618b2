package dev.postern.ike.failover;

import dev.postern.ike.Input;
import dev.postern.ike.Now;

import java.util.Optional;

/// The IKE SA that another one replaces, at the same gateway or at another one, stays a moment
/// longer where its gateway lives, for packets that are on their way under it.
final class Leaving {
    private static final long LINGER_NANOS = Now.NANOS_PER_SECOND;

    private long handle;
    private long leavesAt = Long.MAX_VALUE;

    void begin(Now now, long left) {
        handle = left;
        leavesAt = now.nanos() + LINGER_NANOS;
    }

    long deadline() {
        return leavesAt;
    }

    /// The Delete of the old IKE SA, once it is due.
    Optional<Input.Close> take(Now now) {
        return leavesAt > now.nanos() ? Optional.empty() : take();
    }

    /// The same without waiting for it.
    Optional<Input.Close> take() {
        if (leavesAt == Long.MAX_VALUE) {
            return Optional.empty();
        }
        leavesAt = Long.MAX_VALUE;
        return Optional.of(new Input.Close(handle, false));
    }
}
