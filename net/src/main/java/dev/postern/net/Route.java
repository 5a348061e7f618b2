package dev.postern.net;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/// A unicast route.
///
/// @param destination the subnet; bits behind the prefix must be zero, as the kernel wants it
/// @param device name of the interface
/// @param gateway next hop, null where the destination is on the link
/// @param source address to prefer for what this host sends, or null
/// @param metric 0 for the kernel's default
/// @param table 254 is the main table
/// @param protocol who installed it: [#PROTOCOL] marks the routes of this program
public record Route(
        Prefix destination,
        String device,
        @Nullable InetAddress gateway,
        @Nullable InetAddress source,
        int metric,
        int table,
        int protocol) {
    public static final int MAIN_TABLE = 254;

    /// The mark of this program on routes, addresses and neighbour entries (rt_protos has no entry
    /// of this number): what carries it after a crash may be removed.
    public static final int PROTOCOL = 80;

    /// A route to what is reached through a device, without a next hop.
    public static Route through(String device, Prefix destination) {
        return new Route(destination, device, null, null, 0, MAIN_TABLE, PROTOCOL);
    }

    public Route via(InetAddress nextHop) {
        return new Route(destination, device, nextHop, source, metric, table, protocol);
    }

    public Route from(InetAddress preferredSource) {
        return new Route(destination, device, gateway, preferredSource, metric, table, protocol);
    }

    public Route withMetric(int newMetric) {
        return new Route(destination, device, gateway, source, newMetric, table, protocol);
    }

    public Route inTable(int newTable) {
        return new Route(destination, device, gateway, source, metric, newTable, protocol);
    }

    /// As `ip route` writes it.
    @Override
    public String toString() {
        return destination
                + (gateway == null ? "" : " via " + gateway.getHostAddress())
                + " dev "
                + device
                + (source == null ? "" : " src " + source.getHostAddress())
                + (metric == 0 ? "" : " metric " + metric)
                + (table == MAIN_TABLE ? "" : " table " + table);
    }
}
