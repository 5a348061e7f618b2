package dev.postern.ike;

/// When a request is sent again and when its sender gives up (RFC 7296 section 2.4: exponentially
/// growing waits).
///
/// @param firstWaitNanos wait after the first transmission
/// @param factor how much longer each further wait is, at least 1
/// @param transmissions how often the request is sent in all, at least 1
public record RetransmissionSchedule(long firstWaitNanos, double factor, int transmissions) {
    /// For exchanges with a gateway that may be slow: 0, 0.5, 1.4, 3.0 s, given up after 5.9 s.
    public static final RetransmissionSchedule STANDARD =
            new RetransmissionSchedule(500 * Now.NANOS_PER_MILLI, 1.8, 4);

    /// For the check of a silent gateway and for a resume: 0, 180, 450, 855 ms, given up after 1.46
    /// s.
    public static final RetransmissionSchedule QUICK =
            new RetransmissionSchedule(180 * Now.NANOS_PER_MILLI, 1.5, 4);

    public RetransmissionSchedule {
        if (firstWaitNanos <= 0 || factor < 1 || transmissions < 1) {
            throw new IllegalArgumentException(
                    "a schedule needs a positive wait, a factor of at least 1 and one"
                            + " transmission");
        }
    }

    /// How long to wait after transmission number `sent` (1 is the first).
    public long waitAfter(int sent) {
        return (long) (firstWaitNanos * Math.pow(factor, sent - 1));
    }
}
