package dev.postern.ike.sa;

import java.net.InetAddress;

/// The two addresses of a Child SA in transport mode as its peer has them, on the other side of
/// what NATs there are (RFC 7296 section 2.23.1). The checksums in its packets cover these ("real
/// source and destination address", RFC 3948 section 3.1.2).
///
/// @param own the peer's own
/// @param ours the address at which it reaches us
public record PeersAddresses(InetAddress own, InetAddress ours) {}
