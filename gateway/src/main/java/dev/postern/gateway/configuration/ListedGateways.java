package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.optional;
import static dev.postern.gateway.configuration.Key.required;

import dev.postern.gateway.configuration.ClientConfiguration.Gateway;
import dev.postern.ike.GatewayName;
import dev.postern.ike.failover.Rank;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// The tables [[gateway]] of a client's file.
final class ListedGateways {
    static final Key<Identity> IDENTITY =
            required(
                    "identity",
                    NetworkTypes.identity(),
                    "\"gw-a.example\"",
                    "Who the gateway must prove to be: its IDr. With `domain`, a target that is"
                            + " among discovery.identities, or has a table, proves that name"
                            + " instead.");
    static final Key<String> ADDRESS =
            optional(
                    "address",
                    NetworkTypes.host(),
                    "\"192.0.2.1\"",
                    "Its address, or a host name that is looked up and looked up again; one of"
                            + " `address` and `domain` is required.");
    static final Key<String> DOMAIN =
            optional(
                    "domain",
                    NetworkTypes.domain(),
                    "\"vpn.example\"",
                    "A domain whose SRV records name its gateways, with their priorities and"
                            + " weights, in place of `address`.");
    static final Key<Integer> PORT =
            defaulted(
                    "port",
                    BasicTypes.integer(1, 65_535),
                    "4500",
                    "Its UDP port of NAT traversal.");
    static final Key<Integer> PRIORITY =
            optional(
                    "priority",
                    BasicTypes.integer(0, Rank.MAXIMUM),
                    "10",
                    "Lower is tried first. Missing: after the table before it.");
    static final Key<Integer> WEIGHT =
            defaulted(
                    "weight",
                    BasicTypes.integer(0, Rank.MAXIMUM),
                    "1",
                    "Its share among gateways of the same priority.");
    static final Shape SHAPE =
            Shape.repeated(
                    "gateway",
                    "A gateway that may serve us, or a name for several; at least one, in order of"
                            + " preference.",
                    List.of(IDENTITY, ADDRESS, DOMAIN, PORT, PRIORITY, WEIGHT));

    private ListedGateways() {}

    static List<Gateway> read(Section top) {
        List<Section> sections = top.repeated(SHAPE);
        if (sections.isEmpty()) {
            top.missing("gateway: missing; legal is at least one table [[gateway]]");
        }
        List<Gateway> gateways = new ArrayList<>();
        int next = 0;
        for (Section section : sections) {
            @Nullable Integer given = section.optional(PRIORITY);
            int priority = given == null ? next : given;
            next = Math.min(priority + 1, Rank.MAXIMUM - 1);
            gateways.add(gateway(top, section, new Rank(priority, section.get(WEIGHT))));
        }
        return gateways;
    }

    private static Gateway gateway(Section top, Section section, Rank rank) {
        Identity identity = section.get(IDENTITY);
        @Nullable String host = section.optional(ADDRESS);
        @Nullable String domain = section.optional(DOMAIN);
        int port = section.get(PORT);
        if (!section.has(ADDRESS) && !section.has(DOMAIN)) {
            section.missing(ADDRESS);
        } else if (section.has(ADDRESS) && section.has(DOMAIN)) {
            section.place(DOMAIN)
                    .contradicts("means nothing beside address; legal is one of the two");
        }
        if (domain != null && section.has(PORT)) {
            section.place(PORT)
                    .contradicts("means nothing with domain, whose records have it; legal without");
        }
        if (domain != null && host == null) {
            GatewayName service = GatewayName.service(DiscoveryKeys.service(top), domain);
            return new Gateway(
                    identity,
                    InetSocketAddress.createUnresolved(service.owner(), port),
                    rank,
                    service);
        }
        InetSocketAddress address = socketAddress(host == null ? ADDRESS.standIn() : host, port);
        return new Gateway(
                identity,
                address,
                rank,
                address.isUnresolved()
                        ? GatewayName.addresses(address.getHostString(), port)
                        : null);
    }

    /// The type has made sure that what reads as a literal is one.
    private static InetSocketAddress socketAddress(String host, int port) {
        boolean literal = host.contains(":") || Character.isDigit(host.charAt(host.length() - 1));
        try {
            return literal
                    ? new InetSocketAddress(InetAddress.ofLiteral(host), port)
                    : InetSocketAddress.createUnresolved(host, port);
        } catch (IllegalArgumentException notALiteral) {
            return InetSocketAddress.createUnresolved(host, port);
        }
    }
}
