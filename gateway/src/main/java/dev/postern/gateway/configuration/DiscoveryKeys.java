package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;

import dev.postern.ike.GatewayName;
import dev.postern.ike.failover.AddressScope;
import dev.postern.wire.Identity;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// What a client's file says of gateways that are known by name.
final class DiscoveryKeys {
    static final Key<String> SERVICE =
            defaulted(
                    "service",
                    NetworkTypes.domain(),
                    "\"" + GatewayName.SERVICE + "\"",
                    "For a [[gateway]] with `domain`, the service whose SRV records are asked for:"
                            + " _isakmp._udp.DOMAIN. A record with port 500 means port 4500.");
    static final Key<List<InetSocketAddress>> SERVERS =
            defaulted(
                    "servers",
                    BasicTypes.list(NetworkTypes.socketAddress(), 0),
                    "[]",
                    "Name servers to ask, for servers of revocation lists and OCSP too, each with"
                            + " its port. Empty: those of the host as they are"
                            + " when the client starts, and after a failure those that it has by"
                            + " then too.");
    static final Key<AddressScope> ADDRESSES =
            defaulted(
                    "addresses",
                    BasicTypes.choice(AddressScope.values()),
                    "\"private\"",
                    "Which addresses of an answer are tried: global, also those of private"
                        + " networks, or any, of this host and its own links too. Whoever is there"
                        + " has to prove an identity of this file in any case.");
    static final Key<List<Identity>> IDENTITIES =
            defaulted(
                    "identities",
                    BasicTypes.list(NetworkTypes.identity(), 0),
                    "[]",
                    "Gateways that may serve us although no table names them: a SRV target of that"
                            + " name, an address of a gateway's list or of a redirection.");
    static final Key<Duration> PATIENCE =
            defaulted(
                    "patience",
                    Durations.between("100ms", "1m"),
                    "\"5s\"",
                    "How long an answer is waited for.");
    static final Key<Duration> SHORTEST =
            defaulted(
                    "shortest",
                    Durations.between("1s", "1h"),
                    "\"10s\"",
                    "A name is not asked for again before this, even if its TTL ends or every"
                            + " gateway has failed.");
    static final Key<Duration> LONGEST =
            defaulted(
                    "longest",
                    Durations.between("1s", "24h"),
                    "\"24h\"",
                    "It is asked for again after this, however long its TTL.");
    static final Shape CLIENT =
            Shape.single(
                    "discovery",
                    "How gateways are found that [[gateway]] gives by name.",
                    List.of(SERVICE, SERVERS, ADDRESSES, IDENTITIES, PATIENCE, SHORTEST, LONGEST));

    private DiscoveryKeys() {}

    static DiscoverySettings read(Section top) {
        Section section = top.single(CLIENT);
        Duration shortest = section.get(SHORTEST);
        Duration longest = section.get(LONGEST);
        if (section.sound(SHORTEST, LONGEST) && longest.compareTo(shortest) < 0) {
            section.place(LONGEST)
                    .contradicts(
                            "is shorter than shortest; legal is "
                                    + Durations.text(shortest)
                                    + " or longer");
            longest = shortest;
        }
        return new DiscoverySettings(
                section.get(SERVERS),
                section.get(ADDRESSES),
                section.get(IDENTITIES),
                section.get(PATIENCE),
                shortest,
                longest);
    }

    /// The label before `._udp`.
    static String service(Section top) {
        return top.single(CLIENT).get(SERVICE);
    }
}
