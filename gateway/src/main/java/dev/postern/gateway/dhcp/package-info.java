/// Inner addresses from a DHCP server behind the gateway (RFC 2131), one lease for each session.
///
/// The gateway speaks to one server by unicast and names its own inside address as that of a relay
/// (giaddr), so answers come back to it and the server picks the subnet that the clients appear in:
///
///     DHCPDISCOVER  -->  <--  DHCPOFFER  DHCPREQUEST  -->  <--  DHCPACK     a new session
///     DHCPREQUEST (ciaddr)    -->  <--  DHCPACK                             half way through the lease
///     DHCPRELEASE             -->                                           the session has ended
///
/// `DhcpMessage` and `DhcpLeases` are pure: octets and instants in, octets and answers out.
/// `DhcpSocket` has the thread and the socket.
@NullMarked
package dev.postern.gateway.dhcp;

import org.jspecify.annotations.NullMarked;
