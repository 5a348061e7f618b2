package dev.postern.ike.failover;

import dev.postern.ike.Event.Suspicion;
import dev.postern.ike.Now;

/// How often what nobody has proven makes a client check its gateway: whoever can forge an ICMP
/// message gets one check out of it in a while, and no more.
final class Doubts {
    static final long INTERVAL_NANOS = 10 * Now.NANOS_PER_SECOND;

    private long again = Long.MIN_VALUE;

    boolean allow(Suspicion suspicion, Now now) {
        return switch (suspicion) {
            case TRAFFIC_SILENCE, APPLICATION, CARRIES_NOTHING -> true;
            case UNREACHABLE -> {
                if (now.nanos() < again) {
                    yield false;
                }
                again = now.nanos() + INTERVAL_NANOS;
                yield true;
            }
        };
    }
}
