package dev.postern.ike;

import java.net.InetSocketAddress;

/// Between which addresses a message travels.
///
/// @param nonEspMarker the local port is the NAT traversal port: IKE messages carry four zero
///   octets in front, and ESP shares the port (RFC 3948)
public record Path(InetSocketAddress local, InetSocketAddress remote, boolean nonEspMarker) {}
