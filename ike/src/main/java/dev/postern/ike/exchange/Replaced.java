package dev.postern.ike.exchange;

/// Rekeyed: another IKE SA carries its Child SAs and its name. Waits for the Delete of whoever
/// rekeyed it, or for the answer to ours (RFC 7296 section 2.8).
///
/// @param expiresAt monotonic nanoseconds; a Delete that never comes is not waited for longer
record Replaced(long expiresAt) implements IkeSaState {}
