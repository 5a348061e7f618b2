package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;

import dev.postern.ike.NetworkPolicy;
import dev.postern.net.Prefix;

import java.net.InetAddress;
import java.util.List;

/// The table `network`, which gateways and clients share: how IKE deals with what lies between the
/// peers.
final class NetworkTable {
    static final Key<Integer> FRAGMENT_SIZE =
            defaulted(
                    "fragment-size",
                    BasicTypes.integer(0, 65_535),
                    "1280",
                    "Octets of the largest IP packet that an IKE message is sent in; larger ones"
                            + " go out in fragments (RFC 7383). 0 for never, else 296 at least.");
    static final Key<Boolean> MOBIKE =
            defaulted(
                    "mobike",
                    BasicTypes.flag(),
                    "true",
                    "Whether addresses may change in the life of an IKE SA (RFC 4555).");
    static final Key<List<InetAddress>> ADVERTISE =
            defaulted(
                    "mobike-advertise",
                    BasicTypes.list(NetworkTypes.address(), 0),
                    "[]",
                    "Further addresses of this host that peers are told of; never those of a node"
                            + " that stands behind an address that it shares with others.");
    static final Shape SHAPE =
            Shape.single(
                    "network",
                    "How IKE deals with the network between the peers.",
                    List.of(FRAGMENT_SIZE, MOBIKE, ADVERTISE));

    private NetworkTable() {}

    /// A client that went to an address of one member would not be taken over with the others'.
    static void checkShared(Section top, List<Prefix> shared) {
        Section section = top.single(SHAPE);
        List<InetAddress> legal = shared.stream().map(Prefix::address).toList();
        for (InetAddress each : section.get(ADVERTISE)) {
            if (section.sound(ADVERTISE) && !legal.contains(each)) {
                section.place(ADVERTISE)
                        .contradicts(
                                "names "
                                        + each.getHostAddress()
                                        + ", which the members of this tight cluster do not share;"
                                        + " legal are those of standby.addresses");
            }
        }
    }

    static NetworkPolicy read(Section top) {
        Section section = top.single(SHAPE);
        int fragmentSize = section.get(FRAGMENT_SIZE);
        if (section.sound(FRAGMENT_SIZE)
                && fragmentSize != 0
                && fragmentSize < NetworkPolicy.MINIMUM_FRAGMENT_SIZE) {
            section.place(FRAGMENT_SIZE)
                    .contradicts(
                            "leaves no room for content; legal are 0, for no fragments, and "
                                    + NetworkPolicy.MINIMUM_FRAGMENT_SIZE
                                    + " to 65535");
            return NetworkPolicy.DEFAULT;
        }
        return NetworkPolicy.DEFAULT
                .withFragmentSize(fragmentSize)
                .withMobike(section.get(MOBIKE), section.get(ADVERTISE));
    }
}
