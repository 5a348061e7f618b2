package dev.postern.ike;

/// How an idle peer is checked (RFC 7296 section 2.4). Any authentic message or packet counts as
/// life.
///
/// @param idleNanos silence after which a check goes out; 0 for never
/// @param schedule how the check is repeated before the peer counts as unresponsive
/// @param keepsUnresponsive whether an unresponsive peer's IKE SA is kept, as a client does until
///   it has a replacement; else it is closed
/// @param floorNanos at a gateway: its clients are asked to be silent for no less before they
///   check; 0 for whatever they like
public record LivenessPolicy(
        long idleNanos,
        RetransmissionSchedule schedule,
        boolean keepsUnresponsive,
        long floorNanos) {
    public static final LivenessPolicy NEVER =
            new LivenessPolicy(0, RetransmissionSchedule.STANDARD, false);

    /// Without a floor.
    public LivenessPolicy(
            long idleNanos, RetransmissionSchedule schedule, boolean keepsUnresponsive) {
        this(idleNanos, schedule, keepsUnresponsive, 0);
    }

    /// The same, with checks no closer together than the peer asks for. Who never checks does not
    /// begin to.
    public LivenessPolicy notBelow(long peersFloorNanos) {
        return idleNanos == 0 || idleNanos >= peersFloorNanos
                ? this
                : new LivenessPolicy(peersFloorNanos, schedule, keepsUnresponsive, floorNanos);
    }
}
