package dev.postern.ike;

import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// How a gateway stands in for a lost one of its loose cluster: where it speaks from, where it
/// sends clients, and by whose word.
///
/// @param gateways where clients reach us: the addresses that the vouchers name
/// @param from our sockets on the NAT traversal port, from which clients are told
/// @param vouchers the lost gateway's word for us, a chain of tokens as N(GATEWAY_VOUCHER) carries
///   them
public record Succession(
        List<GatewayList.Address> gateways, List<InetSocketAddress> from, List<Octets> vouchers) {
    public Succession {
        gateways = List.copyOf(gateways);
        from = List.copyOf(from);
        vouchers = List.copyOf(vouchers);
    }

    /// Our end of the way to a client that the lost gateway reached by this path; null where we
    /// have no address of that family.
    public @Nullable Path path(Path before) {
        InetSocketAddress remote = before.remote();
        for (InetSocketAddress own : from) {
            if (isSameFamily(own.getAddress(), remote.getAddress())) {
                return new Path(own, remote, true);
            }
        }
        return null;
    }

    /// Where a client that is reached by this path is sent; null for nowhere.
    public GatewayList.@Nullable Address gateway(Path path) {
        for (GatewayList.Address gateway : gateways) {
            if (isSameFamily(gateway.inetAddress(), path.remote().getAddress())) {
                return gateway;
            }
        }
        return null;
    }

    private static boolean isSameFamily(InetAddress one, InetAddress other) {
        return one.getClass() == other.getClass();
    }
}
