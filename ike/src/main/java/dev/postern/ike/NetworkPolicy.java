package dev.postern.ike;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/// How an endpoint deals with the network under it.
///
/// @param fragmentSize octets of the largest IP packet that a protected message is sent in; a
///   larger one goes out in fragments where the peer understands them (RFC 7383); 0 for never
/// @param mobike whether addresses may change in the life of an IKE SA (RFC 4555)
/// @param advertised further addresses that a peer is told of; never those of a node behind a
///   shared address
public record NetworkPolicy(int fragmentSize, boolean mobike, List<InetAddress> advertised) {
    /// 1280, the least that every IPv6 link carries and in practice every IPv4 path too.
    public static final NetworkPolicy DEFAULT = new NetworkPolicy(1280, true, List.of());

    /// Below this a fragment would carry next to nothing.
    public static final int MINIMUM_FRAGMENT_SIZE = 296;

    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int UDP_HEADER = 8;
    private static final int NON_ESP_MARKER = 4;

    public NetworkPolicy {
        advertised = List.copyOf(advertised);
        if (fragmentSize != 0 && (fragmentSize < MINIMUM_FRAGMENT_SIZE || fragmentSize > 65_535)) {
            throw new IllegalArgumentException(
                    "a fragment size of "
                            + fragmentSize
                            + ", wanted is 0 or "
                            + MINIMUM_FRAGMENT_SIZE
                            + " to 65535");
        }
    }

    public boolean fragments() {
        return fragmentSize != 0;
    }

    /// Octets of the largest IKE message that fits one packet on this path.
    public int messageLimit(Path path) {
        boolean ipv6 = path.remote().getAddress() instanceof Inet6Address;
        return fragmentSize
                - (ipv6 ? IPV6_HEADER : IPV4_HEADER)
                - UDP_HEADER
                - (path.nonEspMarker() ? NON_ESP_MARKER : 0);
    }

    public NetworkPolicy withFragmentSize(int octets) {
        return new NetworkPolicy(octets, mobike, advertised);
    }

    public NetworkPolicy withMobike(boolean speaksMobike, List<InetAddress> told) {
        return new NetworkPolicy(fragmentSize, speaksMobike, told);
    }
}
