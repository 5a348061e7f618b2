package dev.postern.ike;

/// How far a gateway is with emptying itself.
///
/// @param draining whether it is being emptied
/// @param left IKE SAs with authenticated clients that are still here
/// @param told of these, how many were told to go
/// @param unwilling of these, how many cannot be redirected
public record DrainProgress(boolean draining, int left, int told, int unwilling) {}
