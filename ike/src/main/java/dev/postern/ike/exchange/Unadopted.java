package dev.postern.ike.exchange;

/// A new IKE SA of a rekeying, before it has taken over from the old one: for an instant, or, where
/// both peers rekey at once, until it is known which of the two new ones survives (RFC 7296 section
/// 2.8.2).
///
/// @param expiresAt monotonic nanoseconds; a redundant one that its maker never deletes
record Unadopted(long expiresAt) implements IkeSaState {}
