package dev.postern.ike.failover;

import dev.postern.ike.Path;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

/// A gateway that the client may use.
///
/// @param name for people
/// @param identity IDr that it must show; null where only its address is known
/// @param path from where to where; the local address is the socket's
public record GatewayCandidate(String name, @Nullable Identity identity, Path path) {}
