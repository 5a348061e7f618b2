package dev.postern.gateway.discovery;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/// How servers are reached that this process asks on its own account.
///
/// @param name in words, for people
/// @param hosts finds their addresses
/// @param wayOut of the connections to them
public record Reach(String name, Hosts hosts, WayOut wayOut) {
    /// As every program of this host reaches them, through a tunnel where one leads there.
    public static final Reach OF_THE_HOST =
            new Reach(
                    "as the host's programs do",
                    host -> List.of(InetAddress.getAllByName(host)),
                    WayOut.NONE_NEEDED);

    /// Addresses of hosts.
    @FunctionalInterface
    public interface Hosts {
        /// At least one, best first.
        ///
        /// @param host a name, or an address without brackets
        List<InetAddress> addressesOf(String host) throws IOException, InterruptedException;
    }

    /// As if there were no tunnel.
    public static Reach pastTheTunnel(HostNames names, WayOut wayOut) {
        return new Reach("past the tunnel", names::addressesOf, wayOut);
    }
}
