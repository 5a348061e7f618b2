package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.optional;

import dev.postern.gateway.configuration.StandbySettings.Mode;
import dev.postern.net.Prefix;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// The keys of the table `standby` of a gateway's file.
final class StandbyKeys {
    static final Key<Mode> MODE =
            defaulted(
                    "mode",
                    BasicTypes.choice(Mode.values()),
                    "\"tight\"",
                    "`tight`: the members share addresses, of which one member at a time has all,"
                            + " and the next one carries on with its IKE SAs as they are. `loose`:"
                            + " each has addresses of its own, and one of those that are left calls"
                            + " a lost member's clients, by vouchers that the lost one has signed;"
                            + " they resume there.");
    static final Key<List<Prefix>> ADDRESSES =
            optional(
                    "addresses",
                    BasicTypes.list(NetworkTypes.interfaceAddress(), 1),
                    "[\"192.0.2.10/24\"]",
                    "Required with mode = \"tight\": the addresses that clients know, with the"
                            + " lengths of their networks; the same list on all members, and all of"
                            + " them in `listen.addresses`.");
    static final Key<String> DEVICE =
            optional(
                    "device",
                    NetworkTypes.device(),
                    "\"eth0\"",
                    "The interface on which the member that serves puts them. Missing: somebody"
                            + " else moves them, such as `hook` or keepalived.");
    static final Key<Path> HOOK =
            optional(
                    "hook",
                    BasicTypes.path(),
                    "\"/etc/postern/shared-address\"",
                    "A program that is run as `HOOK take EPOCH ADDRESS/LENGTH...` when this member"
                            + " begins to serve, and as `HOOK give ADDRESS/LENGTH...` when it ends"
                            + " to, and at its start.");
    static final Key<String> PREFERRED =
            optional(
                    "preferred",
                    ClusterKeys.NODE_NAME,
                    "\"gw-a.example\"",
                    "The node that serves where it can; of a cluster of two best the one with the"
                            + " lower name. Missing: whoever serves goes on.");
    static final Key<Duration> FAILBACK =
            defaulted(
                    "failback",
                    Durations.betweenOrNever("1s", "24h"),
                    "\"30s\"",
                    "How long the preferred member must have been back before the addresses go"
                            + " back to it.");
    static final Key<List<String>> PROFILES =
            defaulted(
                    "profiles",
                    BasicTypes.list(
                            BasicTypes.name("name", "names of profiles", Pattern.compile(".+")), 0),
                    "[]",
                    "Names of the profiles whose clients the next member carries on with; empty for"
                            + " all. Clients of the others resume.");
    static final Key<List<InetAddress>> REACHED_AT =
            optional(
                    "reached-at",
                    BasicTypes.list(NetworkTypes.address(), 1),
                    "[\"192.0.2.1\"]",
                    "With mode = \"loose\": where clients reach this member, one address of a"
                            + " family. Missing: `listen.addresses`, which must be no wildcard"
                            + " then.");
    static final Key<Duration> VOUCHER_LIFETIME =
            defaulted(
                    "voucher-lifetime",
                    Durations.between("10m", "365d"),
                    "\"24h\"",
                    "With mode = \"loose\": how long a voucher is good; it is renewed when half of"
                            + " that has passed.");
    static final Shape STANDBY =
            Shape.single(
                    "standby",
                    "How the members of a cluster stand by for each other: at addresses that they"
                            + " share, where one serves and the others take over with every IKE SA"
                            + " and Child SA, or at addresses of their own"
                            + " ([cluster.md](cluster.md)). Missing: nobody stands by, and clients"
                            + " find out by themselves.",
                    List.of(
                            MODE,
                            ADDRESSES,
                            DEVICE,
                            HOOK,
                            PREFERRED,
                            FAILBACK,
                            REACHED_AT,
                            VOUCHER_LIFETIME,
                            PROFILES));

    private StandbyKeys() {}
}
