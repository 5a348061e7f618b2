package dev.postern.gateway.aaa;

import dev.postern.esp.SaTraffic;
import dev.postern.radius.Usage;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/// What the Child SAs of one session have carried, those that are gone included.
final class UsageMeter {
    private final IntFunction<Optional<SaTraffic>> traffic;
    private final Set<Integer> inboundSpis = new HashSet<>(2);
    private Usage ended = Usage.NONE;

    /// @param traffic of a Child SA that is installed, by its inbound SPI
    UsageMeter(IntFunction<Optional<SaTraffic>> traffic) {
        this.traffic = traffic;
    }

    void add(int inboundSpi) {
        inboundSpis.add(inboundSpi);
    }

    /// The Child SA is about to be removed.
    void remove(int inboundSpi) {
        if (inboundSpis.remove(inboundSpi)) {
            ended = ended.plus(usage(inboundSpi));
        }
    }

    Usage total() {
        Usage total = ended;
        for (int inboundSpi : inboundSpis) {
            total = total.plus(usage(inboundSpi));
        }
        return total;
    }

    private Usage usage(int inboundSpi) {
        return traffic.apply(inboundSpi)
                .map(seen ->
                        new Usage(
                                seen.inboundOctets(),
                                seen.outboundOctets(),
                                seen.inboundPackets(),
                                seen.outboundPackets()))
                .orElse(Usage.NONE);
    }
}
