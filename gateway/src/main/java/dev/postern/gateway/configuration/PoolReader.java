package dev.postern.gateway.configuration;

import dev.postern.net.Prefix;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/// Reads the pools.
final class PoolReader {
    private PoolReader() {}

    static List<Pool> readAll(Section top) {
        List<Pool> pools = new ArrayList<>();
        List<Pool> sound = new ArrayList<>();
        for (Section section : top.named(GatewayKeys.POOL)) {
            Pool pool = read(section);
            if (section.sound(GatewayKeys.POOL_ADDRESSES)) {
                sound.forEach(other -> checkApart(section, pool, other));
                sound.add(pool);
            }
            pools.add(pool);
        }
        return pools;
    }

    private static void checkApart(Section section, Pool pool, Pool other) {
        if (AddressRange.of(pool.addresses()).overlaps(AddressRange.of(other.addresses()))) {
            section.place(GatewayKeys.POOL_ADDRESSES)
                    .contradicts(
                            "overlaps pool "
                                    + other.name()
                                    + " ("
                                    + other.addresses()
                                    + "); legal are pools that share no address");
        }
    }

    private static Pool read(Section section) {
        Prefix addresses = section.get(GatewayKeys.POOL_ADDRESSES);
        @Nullable AddressRange assign = section.optional(GatewayKeys.POOL_ASSIGN);
        if (assign != null
                && section.sound(GatewayKeys.POOL_ADDRESSES)
                && !AddressRange.of(addresses).contains(assign)) {
            section.place(GatewayKeys.POOL_ASSIGN)
                    .contradicts("is not within the pool; legal is a part of " + addresses);
        }
        List<InetAddress> dns = section.get(GatewayKeys.POOL_DNS);
        return new Pool(
                section.name(),
                addresses,
                assign == null ? all(addresses) : assign,
                dns,
                splitDns(section, dns),
                dhcp(section, addresses));
    }

    private static @Nullable DhcpServer dhcp(Section section, Prefix addresses) {
        @Nullable InetAddress server = section.optional(GatewayKeys.POOL_DHCP);
        @Nullable InetAddress relay = section.optional(GatewayKeys.POOL_DHCP_FROM);
        if (server == null && relay == null) {
            return null;
        }
        if (server == null || relay == null) {
            Key<InetAddress> absent =
                    server == null ? GatewayKeys.POOL_DHCP : GatewayKeys.POOL_DHCP_FROM;
            if (!section.has(absent)) {
                section.missing(absent, "missing beside its companion");
            }
            return null;
        }
        if (section.has(GatewayKeys.POOL_ASSIGN)) {
            section.place(GatewayKeys.POOL_ASSIGN)
                    .contradicts("means nothing with dhcp: the server assigns; legal without");
        }
        if (section.sound(GatewayKeys.POOL_ADDRESSES) && !addresses.isIpv4()) {
            section.place(GatewayKeys.POOL_DHCP)
                    .contradicts("is for IPv4; legal in a pool of IPv4 addresses");
        }
        for (InetAddress each : List.of(server, relay)) {
            if (each.getAddress().length != 4) {
                section.place(GatewayKeys.POOL_DHCP)
                        .contradicts("wants IPv4 addresses in both keys");
                break;
            }
        }
        return new DhcpServer(server, relay);
    }

    private static SplitDns splitDns(Section section, List<InetAddress> dns) {
        List<String> domains = section.get(GatewayKeys.POOL_DNS_DOMAINS);
        List<TrustAnchor> anchors = section.get(GatewayKeys.POOL_TRUST_ANCHORS);
        if (!domains.isEmpty() && dns.isEmpty() && section.sound(GatewayKeys.POOL_DNS)) {
            section.place(GatewayKeys.POOL_DNS_DOMAINS)
                    .contradicts("stands without dns; legal with the servers that answer them");
        }
        for (TrustAnchor anchor : anchors) {
            if (!domains.contains(anchor.domain())) {
                section.place(GatewayKeys.POOL_TRUST_ANCHORS)
                        .contradicts(
                                anchor.domain()
                                        + " is not one of dns-domains; legal are anchors of those");
            }
        }
        return new SplitDns(domains, anchors);
    }

    /// All addresses that a host can have: an IPv4 subnet's first and last are not among them, nor
    /// is the first of an IPv6 subnet (RFC 4291 section 2.6.1).
    static AddressRange all(Prefix subnet) {
        AddressRange range = AddressRange.of(subnet);
        int hostBits = 8 * range.first().getAddress().length - subnet.length();
        if (hostBits < 2) {
            return range;
        }
        InetAddress last = subnet.isIpv4() ? step(range.last(), -1) : range.last();
        return new AddressRange(step(range.first(), 1), last);
    }

    /// The neighbour; a subnet's ends differ from theirs in the last octet only.
    private static InetAddress step(InetAddress address, int by) {
        byte[] octets = address.getAddress();
        octets[octets.length - 1] += (byte) by;
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 octets was refused", e);
        }
    }
}
