package dev.postern.sim;

import dev.postern.ike.IkeEndpoint;

import org.jspecify.annotations.Nullable;

/// Somebody in a simulated world, as checkers see them.
public interface Party {
    /// `c1`, `gw-a`, `attacker`.
    String name();

    Role role();

    /// Changes with each start: state of an earlier life is gone.
    int life();

    /// Null for who is down, and for an attacker.
    @Nullable IkeEndpoint endpoint();

    /// Who someone is to the others.
    enum Role {
        CLIENT,
        GATEWAY,
        /// Answers under a gateway's address without its keys.
        IMPOSTOR,
        ATTACKER
    }
}
