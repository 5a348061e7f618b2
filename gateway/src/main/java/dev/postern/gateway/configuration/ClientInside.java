package dev.postern.gateway.configuration;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Where a client's packets come from.
public sealed interface ClientInside {
    /// From the kernel, by a TUN device that carries the inner address; needs CAP_NET_ADMIN.
    ///
    /// @param device name of the device, which is created
    /// @param mtu octets of an inner packet
    /// @param clampsTcp whether TCP connections are made to fit the MTU
    /// @param copiesDscp whether the network outside sees the DSCP of inner packets
    /// @param routes whether the remote subnets are routed into it
    /// @param hook told of the network behind the gateway; null for none
    /// @param dnssecDomains for which it is told trust anchors
    record Tun(
            String device,
            int mtu,
            boolean clampsTcp,
            boolean copiesDscp,
            boolean routes,
            @Nullable Path hook,
            List<String> dnssecDomains)
            implements ClientInside {}

    /// From a source inside this process, which sends echo requests at a steady rate and counts the
    /// answers; needs no privilege.
    ///
    /// @param port of UDP echo; not used with ICMP
    /// @param size octets of payload in each request
    record Probe(Protocol protocol, InetAddress target, int port, Duration interval, int size)
            implements ClientInside {}

    /// What a probe sends.
    enum Protocol {
        ICMP,
        UDP
    }
}
