package dev.postern.net;

import java.net.InetAddress;

/// An address that this host answers for on a link (proxy ARP, RFC 1027; proxy neighbour discovery,
/// RFC 4861 section 7.2.8).
///
/// @param isOurs whether it carries the mark of this program, [Route#PROTOCOL]
public record ProxyNeighbour(InetAddress address, String device, boolean isOurs) {
    @Override
    public String toString() {
        return address.getHostAddress() + " dev " + device;
    }
}
