package dev.postern.ike.exchange;

/// Resumed and answered, while the peer has not shown yet that it holds the new keys: a replayed
/// request ends here. Displaces nothing, seals nothing, and expires (failover profile, "Keys").
///
/// @param request the octets that were answered; the same again get the same answer
/// @param response that answer
/// @param expiresAt monotonic nanoseconds
record Provisional(byte[] request, byte[] response, long expiresAt) implements IkeSaState {}
