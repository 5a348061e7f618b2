package dev.postern.ike.failover;

import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Path;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

/// A gateway that the client may use.
///
/// @param name for people
/// @param identity IDr that it must show; null where only its address is known
/// @param path from where to where; the local address is the socket's
/// @param vouched whether its identity was named by the vouchers of a gateway that we know: it may
///   answer though the configuration does not name it
public record GatewayCandidate(
        String name, @Nullable Identity identity, Path path, boolean vouched) {
    public GatewayCandidate(String name, @Nullable Identity identity, Path path) {
        this(name, identity, path, false);
    }

    /// The client's profile with this gateway in mind.
    InitiatorProfile profile(InitiatorProfile profile) {
        InitiatorProfile meant = profile.towards(identity);
        return vouched && identity != null ? meant.accepting(identity) : meant;
    }
}
