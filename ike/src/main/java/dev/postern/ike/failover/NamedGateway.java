package dev.postern.ike.failover;

import dev.postern.ike.GatewayName;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/// A gateway, or several, that a client knows by a name in the DNS.
///
/// @param identity IDr that a gateway behind the name must show, unless it is one of `members`
/// @param members identities that a SRV target of the same name shows instead
public record NamedGateway(
        GatewayName name, @Nullable Identity identity, List<Identity> members, Rank rank) {
    public NamedGateway {
        members = List.copyOf(members);
    }

    /// What the gateway at this host must show: a host cannot name itself into the domain.
    @Nullable Identity expectedAt(String host) {
        if (name.kind() == GatewayName.Kind.SERVICE) {
            Identity own = Identity.fqdn(host.toLowerCase(Locale.ROOT));
            if (members.contains(own)) {
                return own;
            }
        }
        return identity;
    }

    GatewaySource source() {
        return switch (name.kind()) {
            case ADDRESSES -> GatewaySource.DNS_ADDRESS;
            case SERVICE -> GatewaySource.DNS_SERVICE;
        };
    }
}
