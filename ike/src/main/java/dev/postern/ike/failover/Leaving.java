package dev.postern.ike.failover;

import dev.postern.ike.Input;
import dev.postern.ike.Now;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// The IKE SA that another one replaces, at the same gateway or at another one, stays a moment
/// longer where its gateway lives, for packets that are on their way under it.
final class Leaving {
    private static final long LINGER_NANOS = Now.NANOS_PER_SECOND;

    private long handle;
    private long leavesAt = Long.MAX_VALUE;

    /// Another IKE SA serves us, in place of this one.
    ///
    /// @param use shows the gateway the new keys: it seals under them once it has seen them in use
    void follow(Now now, Course course, @Nullable Primary old, Input.Probe use) {
        take().ifPresent(left -> course.pass(now, left));
        if (old != null && old.silent()) {
            course.pass(now, new Input.Close(old.handle(), false));
        } else if (old != null) {
            course.pass(now, use);
            handle = old.handle();
            leavesAt = now.nanos() + LINGER_NANOS;
        }
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
