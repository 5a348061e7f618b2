package dev.postern.gateway.daemon;

import dev.postern.esp.SaTraffic;
import dev.postern.gateway.dataplane.DataPlane;

import java.util.HashSet;
import java.util.Set;
import java.util.function.ToLongFunction;

/// The Child SAs that a client seals under, and what went through all of them: whichever is used
/// tells of the gateway. A sum that shrinks tells that one of them has ended. On one thread.
final class SealingChildSas {
    private final DataPlane dataPlane;
    private final Set<Integer> inboundSpis = new HashSet<>();

    SealingChildSas(DataPlane dataPlane) {
        this.dataPlane = dataPlane;
    }

    void add(int inboundSpi) {
        inboundSpis.add(inboundSpi);
    }

    void remove(int inboundSpi) {
        inboundSpis.remove(inboundSpi);
    }

    boolean isEmpty() {
        return inboundSpis.isEmpty();
    }

    long outboundPackets() {
        return sum(SaTraffic::outboundPackets);
    }

    long inboundPackets() {
        return sum(SaTraffic::inboundPackets);
    }

    private long sum(ToLongFunction<SaTraffic> packets) {
        return inboundSpis.stream()
                .flatMap(spi -> dataPlane.traffic(spi).stream())
                .mapToLong(packets)
                .sum();
    }
}
