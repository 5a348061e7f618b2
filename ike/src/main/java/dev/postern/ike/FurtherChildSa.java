package dev.postern.ike;

import dev.postern.wire.TrafficSelector;

import java.util.List;

/// A Child SA that a client wants beside its first one: it is set up by CREATE_CHILD_SA as soon as
/// the IKE SA stands (RFC 7296 section 1.3.1), and again whenever it is missing.
///
/// @param local our side; empty for the inner addresses that the gateway has assigned, or the
///   profile's own where it assigns none
/// @param remote what is reached through it
public record FurtherChildSa(
        String name, List<TrafficSelector> local, List<TrafficSelector> remote, Lifetime lifetime) {
    public FurtherChildSa {
        local = List.copyOf(local);
        remote = List.copyOf(remote);
        if (remote.isEmpty()) {
            throw new IllegalArgumentException("Child SA " + name + " reaches nothing");
        }
    }
}
