package dev.postern.sim.scale;

import java.util.Locale;

/// What exchanges cost a gateway, and how much of it may wait.
///
/// @param resumeMicros CPU time for a resume with its confirmation, in microseconds
/// @param fullMicros for a full exchange
/// @param repeatMicros for any other message: the answer to a retransmission is kept
/// @param queueCapacity messages that wait for the endpoint; what is beyond them is dropped
public record Work(int resumeMicros, int fullMicros, int repeatMicros, int queueCapacity) {
    /// Messages that wait for a gateway's endpoint in production.
    static final int QUEUE_CAPACITY = 16_384;

    private static final int REPEAT_MICROS = 3;

    /// With the cost of a repeated message and the queue of production.
    public Work(int resumeMicros, int fullMicros) {
        this(resumeMicros, fullMicros, REPEAT_MICROS, QUEUE_CAPACITY);
    }

    /// The same work for fewer clients: each message takes as much longer as there are fewer, and
    /// as many fewer wait, so that a gateway is as busy and its queue as long, in time.
    ///
    /// @param factor at least 1
    Work slower(double factor) {
        return new Work(
                (int) Math.round(resumeMicros * factor),
                (int) Math.round(fullMicros * factor),
                (int) Math.round(repeatMicros * factor),
                (int) Math.max(1, Math.round(queueCapacity / factor)));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d us for a resume, %,d us for a full exchange, %,d messages wait",
                resumeMicros,
                fullMicros,
                queueCapacity);
    }
}
