package dev.postern.ike;

/// How an idle peer is checked (RFC 7296 section 2.4). Any authentic message or packet counts as
/// life.
///
/// @param idleNanos silence after which a check goes out; 0 for never
/// @param schedule how the check is repeated before the peer counts as unresponsive
/// @param keepsUnresponsive whether an unresponsive peer's IKE SA is kept, as a client does until
///   it has a replacement; else it is closed
public record LivenessPolicy(
        long idleNanos, RetransmissionSchedule schedule, boolean keepsUnresponsive) {
    public static final LivenessPolicy NEVER =
            new LivenessPolicy(0, RetransmissionSchedule.STANDARD, false);
}
