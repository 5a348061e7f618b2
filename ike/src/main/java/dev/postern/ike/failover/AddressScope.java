package dev.postern.ike.failover;

import org.jspecify.annotations.Nullable;

import java.net.Inet4Address;
import java.net.InetAddress;

/// Which addresses a client takes from the DNS, whose answers nobody has signed, and from lists and
/// redirections of gateways. An address that is taken is only a place to ask: who answers there has
/// to prove an identity.
public enum AddressScope {
    /// Those that are reached from everywhere.
    GLOBAL,
    /// Also those of private networks (RFC 1918, RFC 4193, RFC 6598).
    PRIVATE,
    /// Also this host and its own links.
    ANY;

    /// Why an address is of no use; null where it may be tried.
    @Nullable String objection(InetAddress address) {
        if (isNobody(address)) {
            return "no host has that address";
        }
        if (isHere(address) && this != ANY) {
            return "it leads to this host or its own link";
        }
        return isPrivate(address) && this == GLOBAL ? "it is in a private network" : null;
    }

    /// Whether it leads to this host or its own link.
    static boolean isHere(InetAddress address) {
        return address.isLoopbackAddress() || address.isLinkLocalAddress();
    }

    /// Unspecified, multicast and broadcast addresses, and all of 0.0.0.0/8 and 240.0.0.0/4.
    private static boolean isNobody(InetAddress address) {
        byte[] octets = address.getAddress();
        boolean reserved =
                address instanceof Inet4Address && (octets[0] == 0 || (octets[0] & 0xf0) == 0xf0);
        return reserved || address.isAnyLocalAddress() || address.isMulticastAddress();
    }

    private static boolean isPrivate(InetAddress address) {
        byte[] octets = address.getAddress();
        if (address instanceof Inet4Address) {
            boolean shared = octets[0] == 100 && (octets[1] & 0xc0) == 64;
            return shared || address.isSiteLocalAddress();
        }
        return (octets[0] & 0xfe) == 0xfc || address.isSiteLocalAddress();
    }
}
