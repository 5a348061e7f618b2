package dev.postern.ike.failover;

import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// How a person or an application names one of the gateways.
///
/// @param text as it was written; empty for the next one in the client's order
/// @param identity what the text is as an identity; null where it is none
/// @param address what the text is as an address; null where it is none
/// @param port with that address; 0 for any
public record GatewayReference(
        String text, @Nullable Identity identity, @Nullable InetAddress address, int port) {
    /// The next one in the client's order.
    public static final GatewayReference NEXT = of("");

    /// By the name that events have, and no other.
    public static GatewayReference of(String name) {
        return new GatewayReference(name, null, null, 0);
    }

    /// Whether it is named as events name it.
    boolean isNameOf(GatewayCandidate candidate) {
        return text.equals(candidate.name());
    }

    /// Whether it shows this identity or answers at this address. In a host name small letters and
    /// capitals are the same.
    boolean means(GatewayCandidate candidate) {
        InetSocketAddress remote = candidate.path().remote();
        return isIdentityOf(candidate)
                || (remote.getAddress().equals(address) && (port == 0 || port == remote.getPort()));
    }

    private boolean isIdentityOf(GatewayCandidate candidate) {
        Identity shown = candidate.identity();
        if (identity == null || shown == null) {
            return false;
        }
        boolean hostNames = identity.type() == Identity.FQDN && shown.type() == Identity.FQDN;
        return identity.equals(shown)
                || (hostNames && identity.toString().equalsIgnoreCase(shown.toString()));
    }
}
