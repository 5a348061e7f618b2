package dev.postern.gateway.configuration;

import dev.postern.ike.ChildMode;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ticket.TgsKey;
import dev.postern.wire.GatewayList;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What a gateway will do, in sentences.
final class GatewaySummary {
    private GatewaySummary() {}

    static List<String> of(GatewayConfiguration gateway) {
        List<String> lines = new ArrayList<>();
        Listen listen = gateway.listen();
        lines.add(
                gateway.identity()
                        + ", member "
                        + gateway.member()
                        + " of the domain "
                        + gateway.secureDomain()
                        + ", listens on "
                        + addresses(listen.addresses())
                        + ", UDP port "
                        + listen.natPort()
                        + (listen.ikePort() == 0 ? "" : " and " + listen.ikePort())
                        + ".");
        lines.add(inside(gateway.inside()) + " " + returnPath(gateway.returnPath()));
        for (Profile profile : gateway.profiles()) {
            lines.add(profile(gateway, profile));
            if (profile.certificates() != null) {
                lines.add(
                        "In profile "
                                + profile.name()
                                + " the gateway "
                                + CertificateSummary.of(profile.certificates(), who(profile)));
            }
        }
        lines.add(tgsKeys(gateway));
        if (gateway.keepsSessions()) {
            KeptSessions kept = gateway.keptSessions();
            lines.add(
                    "Sessions by reference are kept in "
                            + (kept.file() == null
                                    ? "memory, and end with the gateway"
                                    : kept.file() + (kept.sync() ? ", forced to the disk" : ""))
                            + ", at most "
                            + kept.records()
                            + ".");
        }
        if (gateway.leaseFile() != null) {
            lines.add(
                    "Whose each inner address is outlives a restart in "
                            + gateway.leaseFile()
                            + ".");
        }
        if (gateway.cluster() != null) {
            lines.add(cluster(gateway.cluster()));
        }
        if (gateway.standby() != null) {
            lines.add(standby(gateway.standby()));
        }
        if (gateway.status() != null) {
            lines.add("Its state is served at http://" + socket(gateway.status()) + "/.");
        }
        lines.add(log(gateway.log()));
        return lines;
    }

    private static String cluster(ClusterSettings cluster) {
        return "It is "
                + cluster.self().node()
                + " of the cluster "
                + cluster.name()
                + ", at "
                + socket(cluster.self().address())
                + ", with "
                + (cluster.others().isEmpty()
                        ? "nobody else"
                        : cluster.others().stream()
                                .map(ClusterSettings.ClusterMember::node)
                                .collect(Collectors.joining(", ")))
                + "; a member counts as lost after "
                + Durations.text(cluster.silence())
                + " without a sign.";
    }

    private static String standby(StandbySettings standby) {
        if (standby.mode() == StandbySettings.Mode.LOOSE) {
            return "It vouches for the other members, and calls the clients of one that is lost to "
                    + list(standby.reachedAt().stream().map(GatewayList::text).toList())
                    + ": those of "
                    + list(new TreeSet<>(standby.profiles()))
                    + ".";
        }
        return "It shares "
                + list(standby.addresses())
                + (standby.device() == null ? "" : " on " + standby.device())
                + " with the other members; whoever serves there hands on the clients of "
                + list(new TreeSet<>(standby.profiles()))
                + (standby.hook() == null ? "" : ", and " + standby.hook() + " is called")
                + (standby.preferred().isEmpty() ? "" : "; " + standby.preferred() + " if it can")
                + ".";
    }

    static String log(Log log) {
        return "Messages from "
                + BasicTypes.word(log.level())
                + " on are written as "
                + (log.format() == Log.Format.JSON ? "JSON" : "text")
                + "; "
                + (log.keyDirectory() == null
                        ? "keys are not written anywhere."
                        : "KEYS ARE WRITTEN to " + log.keyDirectory() + ".");
    }

    /// A gateway demands a key exchange or not; whether one follows is its client's choice.
    private static String resumption(ResumptionPolicy policy) {
        return resumption(policy, ", which follows within minutes where the client is set so");
    }

    /// @param deferred what is said of a key exchange that is put off
    static String resumption(ResumptionPolicy policy, String deferred) {
        if (!policy.oneRoundTrip() && !policy.rfc5723()) {
            return "is not resumed";
        }
        String protocols =
                policy.oneRoundTrip() && policy.rfc5723()
                        ? "in one round trip or by RFC 5723"
                        : policy.oneRoundTrip() ? "in one round trip" : "by RFC 5723";
        return "is resumed "
                + protocols
                + ", "
                + switch (policy.keyExchange()) {
                    case NEVER -> "without a key exchange";
                    case REQUIRED -> "with a key exchange";
                    case DEFERRED -> "without a key exchange" + deferred;
                };
    }

    static String list(Collection<?> items) {
        return items.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String addresses(List<InetAddress> addresses) {
        return list(addresses.stream().map(InetAddress::getHostAddress).toList());
    }

    static String socket(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private static String inside(Inside inside) {
        return switch (inside) {
            case Inside.Tun tun ->
                    "Packets go through the TUN device "
                            + tun.device()
                            + " (MTU "
                            + tun.mtu()
                            + (tun.clampsTcp() ? "" : ", TCP not clamped to it")
                            + (tun.addresses().isEmpty() ? "" : ", " + list(tun.addresses()))
                            + ").";
            case Inside.Endpoint endpoint ->
                    "Packets go to a host in the process, "
                            + addresses(endpoint.addresses())
                            + ", that echoes ICMP and UDP port "
                            + endpoint.udpPort()
                            + ".";
        };
    }

    private static String returnPath(ReturnPath path) {
        return switch (path) {
            case ReturnPath.ProxyNeighbour(String device, boolean announce) ->
                    "Each client gets a host route, and is answered for"
                            + (announce ? " and announced" : "")
                            + " on "
                            + device
                            + ".";
            case ReturnPath.Route() -> "Each client gets a host route.";
            case ReturnPath.Hook(Path program) ->
                    "Each client gets a host route, and " + program + " is called.";
            case ReturnPath.None() -> "No routes are made for clients.";
        };
    }

    private static String pool(Pool pool) {
        return " with addresses of pool "
                + pool.name()
                + " ("
                + pool.addresses()
                + ", new ones from "
                + pool.assign()
                + ")";
    }

    private static String profile(GatewayConfiguration gateway, Profile profile) {
        AdmittedPeers peers = AdmittedPeers.of(profile);
        if (profile.mode() == ChildMode.TRANSPORT) {
            return transport(profile, peers);
        }
        String side =
                profile.pools().isEmpty()
                        ? " with " + list(profile.remoteSubnets())
                        : profile.pools().stream()
                                .map(name -> pool(gateway.pool(name)))
                                .collect(Collectors.joining(" and "));
        String lifetime =
                Durations.text(Duration.ofSeconds(profile.resumption().ticketLifetimeSeconds()));
        return "Profile "
                + profile.name()
                + ": "
                + peers.text()
                + side
                + (peers.isOne() ? " reaches " : " reach ")
                + list(profile.localSubnets())
                + "; a session "
                + resumption(profile.resumption())
                + (profile.resumes() ? ", with " + tickets(profile) + " good for " + lifetime : "")
                + exceptions(profile.resumption())
                + ".";
    }

    private static String exceptions(ResumptionPolicy policy) {
        return policy.exceptions().stream()
                .map(each -> "; of " + each.peers() + " it " + resumption(each.policy()))
                .collect(Collectors.joining());
    }

    private static String transport(Profile profile, AdmittedPeers peers) {
        return "Profile "
                + profile.name()
                + ": "
                + peers.text()
                + " and this host speak with each other in transport mode; a session "
                + resumption(profile.resumption())
                + ".";
    }

    private static String who(Profile profile) {
        CertificateSettings certificates = profile.certificates();
        return certificates == null || certificates.peers().isEmpty()
                ? "peers"
                : list(certificates.peers());
    }

    private static String tickets(Profile profile) {
        return switch (profile.resumption().storage()) {
            case BY_VALUE -> "tickets";
            case BY_REFERENCE -> "references";
            case AS_ASKED -> "tickets or references";
        };
    }

    private static String tgsKeys(GatewayConfiguration gateway) {
        if (gateway.ticketService() != null) {
            return "Tickets are sealed and opened by the ticket service at "
                    + gateway.ticketService().addresses().stream()
                            .map(GatewaySummary::socket)
                            .collect(Collectors.joining(", else "))
                    + ".";
        }
        TgsKeys keys = gateway.tgsKeys();
        return keys == null ? "No tickets are issued or accepted." : tgsKeys(keys);
    }

    static String tgsKeys(TgsKeys keys) {
        TgsKey issuing = keys.ring().issuingAt(Instant.now().getEpochSecond());
        return "Tickets are issued under TGS key "
                + HexFormat.of().toHexDigits(issuing.spi())
                + " of "
                + keys.file()
                + ", "
                + keys.ring().keys().size()
                + (keys.ring().keys().size() == 1 ? " key is" : " keys are")
                + " accepted.";
    }
}
