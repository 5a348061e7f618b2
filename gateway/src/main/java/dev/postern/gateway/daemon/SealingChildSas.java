package dev.postern.gateway.daemon;

import dev.postern.esp.Dialogue;
import dev.postern.esp.SaTraffic;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;

/// The Child SAs that a client seals under, and what went through all of them: whichever is used
/// tells of the gateway. A sum that shrinks tells that one of them has ended. On one thread.
final class SealingChildSas {
    private final IntFunction<Optional<SaTraffic>> traffic;
    private final IntFunction<Optional<Dialogue>> dialogues;

    /// How many answers each has brought, as they were last reported.
    private final Map<Integer, Long> reported = new HashMap<>();

    SealingChildSas(
            IntFunction<Optional<SaTraffic>> traffic, IntFunction<Optional<Dialogue>> dialogues) {
        this.traffic = traffic;
        this.dialogues = dialogues;
    }

    void add(int inboundSpi) {
        reported.put(inboundSpi, 0L);
    }

    void remove(int inboundSpi) {
        reported.remove(inboundSpi);
    }

    boolean isEmpty() {
        return reported.isEmpty();
    }

    long outboundPackets() {
        return sum(traffic, SaTraffic::outboundPackets);
    }

    long inboundPackets() {
        return sum(traffic, SaTraffic::inboundPackets);
    }

    long questions() {
        return sum(dialogues, Dialogue::questions);
    }

    long answers() {
        return sum(dialogues, Dialogue::answers);
    }

    /// Names each that has brought answers since the last call.
    void reportAnswers(IntConsumer inboundSpi) {
        reported.replaceAll((spi, before) -> {
            long answers = dialogues.apply(spi).map(Dialogue::answers).orElse(before);
            if (answers > before) {
                inboundSpi.accept(spi);
            }
            return answers;
        });
    }

    private <T> long sum(IntFunction<Optional<T>> source, ToLongFunction<T> packets) {
        return reported.keySet().stream()
                .flatMap(spi -> source.apply(spi).stream())
                .mapToLong(packets)
                .sum();
    }
}
