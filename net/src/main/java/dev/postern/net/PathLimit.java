package dev.postern.net;

import java.net.InetSocketAddress;

/// What somebody says of the longest datagram that the path to a peer takes: "fragmentation needed"
/// of ICMP, "packet too big" of ICMPv6, or this host's own interface. An ICMP message is proven by
/// nobody; who sends it has seen the beginning of the datagram, or guesses it.
///
/// @param peer where the datagram was sent
/// @param mtu octets of an IP packet
/// @param quoted the beginning of the datagram's payload, at most [#QUOTED] octets
/// @param local whether this host says so itself; then nothing is quoted, and the port may be 0
public record PathLimit(InetSocketAddress peer, int mtu, byte[] quoted, boolean local) {
    public static final int QUOTED = 8;
}
