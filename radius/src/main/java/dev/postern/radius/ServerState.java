package dev.postern.radius;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// One server as the client sees it: which identifiers are in use there, and whether it lives. A
/// server that left a request unanswered is dead for a while; then one request alone tries it.
final class ServerState {
    private static final int IDENTIFIERS = 256;

    private final Server server;
    private final RetryPolicy policy;
    private final @Nullable Flight[] outstanding;
    private int cursor;
    private int used;
    private boolean dead;
    private long deadUntil;
    private long deadTime;
    private long lastAnswer;
    private boolean answered;
    private @Nullable Flight probe;

    ServerState(Server server, RetryPolicy policy) {
        this.server = server;
        this.policy = policy;
        this.outstanding = new @Nullable Flight[policy.channels() * IDENTIFIERS];
        this.deadTime = policy.deadTimeNanos();
    }

    Server server() {
        return server;
    }

    boolean isDead() {
        return dead;
    }

    long deadUntil() {
        return deadUntil;
    }

    boolean isFull() {
        return used == outstanding.length;
    }

    /// Whether new requests may go here: it lives, or it is time that one tries it.
    boolean isWorthATry(long nanos) {
        return !dead || (probe == null && nanos - deadUntil >= 0);
    }

    /// Gives the flight an identifier that was free for the longest time.
    ///
    /// @return channel * 256 + identifier
    int occupy(Flight flight) {
        while (outstanding[cursor] != null) {
            cursor = (cursor + 1) % outstanding.length;
        }
        int slot = cursor;
        outstanding[slot] = flight;
        used++;
        // Neighbours in time go over different sockets.
        cursor = (cursor + IDENTIFIERS + 1) % outstanding.length;
        if (dead) {
            probe = flight;
        }
        return slot;
    }

    void free(Flight flight, int slot) {
        if (outstanding[slot] == flight) {
            outstanding[slot] = null;
            used--;
        }
        if (probe == flight) {
            probe = null;
        }
    }

    @Nullable Flight outstanding(int channel, int identifier) {
        int slot = channel * IDENTIFIERS + identifier;
        return channel < 0 || slot >= outstanding.length ? null : outstanding[slot];
    }

    List<Flight> allOutstanding() {
        List<Flight> all = new ArrayList<>();
        for (Flight flight : outstanding) {
            if (flight != null) {
                all.add(flight);
            }
        }
        return all;
    }

    /// @return whether it had been dead
    boolean sawAnswer(long nanos) {
        boolean revived = dead;
        dead = false;
        deadTime = policy.deadTimeNanos();
        lastAnswer = nanos;
        answered = true;
        return revived;
    }

    boolean hasAnsweredSince(long nanos) {
        return answered && lastAnswer - nanos >= 0;
    }

    /// @return for how many nanoseconds it is passed over now
    long die(long nanos) {
        long now = deadTime;
        dead = true;
        deadUntil = nanos + now;
        deadTime = Math.min(deadTime * 2, policy.longestDeadTimeNanos());
        return now;
    }
}
