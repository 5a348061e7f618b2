package dev.postern.ike.exchange;

/// Resumed and answered, while the peer has not shown yet that it holds the new keys: a replayed
/// request ends here. Displaces nothing, seals nothing, and expires (failover profile, "Keys").
///
/// @param response the answer, sent again when the request comes again
/// @param expiresAt monotonic nanoseconds
record Provisional(byte[] response, long expiresAt) implements IkeSaState {}
