package dev.postern.net;

/// A rule of the routing policy, as `ip rule` writes it: which packets look for their route in
/// which table.
///
/// @param ipv4 the family that it is about, else IPv6
/// @param priority lower ones are asked first
/// @param udpSourcePort only UDP datagrams from this port; 0 for every packet
/// @param table where the route is looked for
public record RoutingRule(boolean ipv4, int priority, int udpSourcePort, int table) {
    /// As `ip rule add` takes it.
    @Override
    public String toString() {
        return "priority "
                + priority
                + (udpSourcePort == 0 ? "" : " ipproto udp sport " + udpSourcePort)
                + " lookup "
                + table
                + (ipv4 ? "" : " (IPv6)");
    }
}
