package dev.postern.ike.world;

import java.util.List;

/// What the wire does with a datagram: the delays, in nanoseconds, after which a copy of it
/// arrives.
@FunctionalInterface
public interface Fate {
    long LATENCY_NANOS = 5_000_000;

    Fate DELIVER = _ -> List.of(LATENCY_NANOS);

    List<Long> of(Datagram datagram);

    static List<Long> lost() {
        return List.of();
    }

    static List<Long> delivered() {
        return List.of(LATENCY_NANOS);
    }

    static List<Long> twice() {
        return List.of(LATENCY_NANOS, LATENCY_NANOS + 1);
    }
}
