package dev.postern.ike.exchange;

/// IKE_AUTH was answered with an error. Nothing is left but that answer, for the request's
/// retransmissions (RFC 7296 section 2.1), as long as the half-open IKE SA would have lasted.
///
/// @param expiresAt monotonic nanoseconds
record Refused(long expiresAt) implements IkeSaState {}
