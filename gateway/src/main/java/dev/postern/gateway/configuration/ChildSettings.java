package dev.postern.gateway.configuration;

import dev.postern.ike.FurtherChildSa;
import dev.postern.ike.Lifetime;
import dev.postern.net.Prefix;

import java.util.List;

/// A Child SA of a client beside its first one, `[child.NAME]`.
///
/// @param localSubnets empty where they are those of the first one, or the inner address
public record ChildSettings(
        String name, List<Prefix> localSubnets, List<Prefix> remoteSubnets, Lifetime lifetime) {
    public ChildSettings {
        localSubnets = List.copyOf(localSubnets);
        remoteSubnets = List.copyOf(remoteSubnets);
    }

    FurtherChildSa wanted() {
        return new FurtherChildSa(
                name, Profile.selectors(localSubnets), Profile.selectors(remoteSubnets), lifetime);
    }
}
