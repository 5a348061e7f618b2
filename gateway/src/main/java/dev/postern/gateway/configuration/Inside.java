package dev.postern.gateway.configuration;

import dev.postern.net.Prefix;

import java.net.InetAddress;
import java.util.List;

/// Where a gateway's packets go once they have left the tunnel.
public sealed interface Inside {
    /// To the kernel, by a TUN device; needs CAP_NET_ADMIN.
    ///
    /// @param device name of the device, which is created
    /// @param mtu octets of an inner packet
    /// @param clampsTcp whether TCP connections are made to fit the MTU
    /// @param copiesDscp whether the network outside sees the DSCP of inner packets
    /// @param addresses what the device itself is given; may be empty
    record Tun(
            String device, int mtu, boolean clampsTcp, boolean copiesDscp, List<Prefix> addresses)
            implements Inside {
        public Tun {
            addresses = List.copyOf(addresses);
        }
    }

    /// To a host inside this process, which answers ICMP echo and UDP echo; needs no privilege.
    ///
    /// @param udpPort where UDP is echoed
    record Endpoint(List<InetAddress> addresses, int udpPort) implements Inside {
        public Endpoint {
            addresses = List.copyOf(addresses);
        }
    }
}
