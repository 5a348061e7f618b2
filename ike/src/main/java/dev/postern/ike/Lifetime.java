package dev.postern.ike;

/// How long an SA lives (RFC 7296 section 2.8): at the soft limits it is rekeyed, at the hard ones
/// it is deleted. 0 means that nothing is limited.
///
/// @param rekeyNanos age at which it is rekeyed at the latest
/// @param jitterNanos how much earlier the rekeying may begin, by chance, so that peers and
///   neighbours do not rekey at once
/// @param hardNanos age at which it ends, rekeyed or not
/// @param rekeyOctets inner octets, in one direction, after which a Child SA is rekeyed
/// @param rekeyPackets packets, in one direction, after which a Child SA is rekeyed
public record Lifetime(
        long rekeyNanos,
        long jitterNanos,
        long hardNanos,
        long rekeyOctets,
        long hardOctets,
        long rekeyPackets,
        long hardPackets) {
    public static final Lifetime UNLIMITED = new Lifetime(0, 0, 0, 0, 0, 0, 0);

    /// By time alone: rekeyed within the last tenth of `seconds`, over a tenth later.
    public static Lifetime ofSeconds(long seconds) {
        long nanos = seconds * Now.NANOS_PER_SECOND;
        return new Lifetime(nanos, nanos / 10, nanos + nanos / 10, 0, 0, 0, 0);
    }

    public Lifetime {
        if (jitterNanos < 0 || jitterNanos > rekeyNanos) {
            throw new IllegalArgumentException("the jitter lies between 0 and the rekey time");
        }
        requireOrder("time", rekeyNanos, hardNanos);
        requireOrder("octets", rekeyOctets, hardOctets);
        requireOrder("packets", rekeyPackets, hardPackets);
    }

    private static void requireOrder(String what, long soft, long hard) {
        if (soft < 0 || hard < 0 || (hard != 0 && hard < soft)) {
            throw new IllegalArgumentException(
                    "the hard limit by "
                            + what
                            + " is "
                            + hard
                            + ", below the soft one of "
                            + soft);
        }
    }
}
