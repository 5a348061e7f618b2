package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.optional;
import static dev.postern.gateway.configuration.Key.required;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// The keys of the table `cluster`.
final class ClusterKeys {
    /// Names of nodes are looked for in certificates, as DNS names.
    static final KeyType<String> NODE_NAME =
            BasicTypes.name(
                    "name",
                    "1 to 64 letters, digits, dots and hyphens",
                    Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?"));

    static final Key<String> NAME =
            required(
                    "name",
                    NODE_NAME,
                    "\"example\"",
                    "The cluster's name, the same on all members; others are strangers.");
    static final Key<String> NODE =
            required(
                    "node",
                    NODE_NAME,
                    "\"gw-a.example\"",
                    "This gateway's name among the members: that of one `[[cluster.member]]`.");
    static final Key<Path> CERTIFICATE =
            required(
                    "certificate",
                    BasicTypes.path(),
                    "\"gw-a.pem\"",
                    "Our certificate towards the other members, in PEM, and those between it and"
                            + " the authority; its subjectAltName has `node` as a DNS name.");
    static final Key<Path> PRIVATE_KEY =
            required(
                    "private-key",
                    BasicTypes.path(),
                    "\"gw-a.key\"",
                    "Its private key, PKCS#8 in PEM, in a file closed to others.");
    static final Key<Path> TRUST =
            required(
                    "trust",
                    BasicTypes.path(),
                    "\"cluster-ca.pem\"",
                    "The authorities that a member's certificate must come from, in PEM. A member"
                            + " is whom one of them vouches for and a `[[cluster.member]]` names.");
    static final Key<Duration> SILENCE =
            defaulted(
                    "silence",
                    Durations.between("1s", "60s"),
                    "\"4s\"",
                    "After how long without a sign a member counts as lost. One that crashes is"
                            + " seen at once; less than 3s splits the cluster under load.");
    static final Key<Integer> COPIES =
            defaulted(
                    "copies",
                    BasicTypes.integer(0, 16),
                    "0",
                    "How many members hold each session by reference and each record of hot"
                        + " standby: one owner and the backups, so 2 or more; 0 for all. The same"
                        + " at each member, and changed while all of a site are stopped.");
    static final Key<Duration> TGS_KEY_EVERY =
            defaulted(
                    "tgs-key-every",
                    Durations.betweenOrNever("10m", "365d"),
                    "\"never\"",
                    "How often one member makes the next TGS key for all. `never`: an operator"
                            + " does, at any one of them, with `postern tgs-key`. Either way each"
                            + " member writes the cluster's keys to its own `tgs-keys` file.");
    static final Key<Path> STATE =
            optional(
                    "state",
                    BasicTypes.path(),
                    "\"/var/lib/postern/cluster\"",
                    "The file in which it outlives a restart who was in the cluster, and beside it"
                            + " one with .epochs after its name, with what this member has taken"
                            + " over; the gateway writes both. Missing: a restart looks at the"
                            + " configuration alone.");

    static final Key<Duration> SITE_LOST_AFTER =
            defaulted(
                    "site-lost-after",
                    Durations.betweenOrNever("1m", "30d"),
                    "\"never\"",
                    "After how long out of sight another site counts as fenced: its clients keep"
                            + " their inner addresses here from then on. Longer than any cut of the"
                            + " link between sites that both live through; `never`: an operator"
                            + " says so, with `postern ctl fence SITE`.");

    static final Key<String> MEMBER_NODE =
            required("node", NODE_NAME, "\"gw-b.example\"", "Its name, as its certificate has it.");
    static final Key<String> MEMBER_SITE =
            defaulted(
                    "site",
                    NODE_NAME,
                    "\"site\"",
                    "Where it stands. The members of one site make one cluster.");
    static final Key<InetSocketAddress> MEMBER_BRIDGE =
            optional(
                    "bridge",
                    NetworkTypes.socketAddress(),
                    "\"198.51.100.1:7801\"",
                    "Where members of other sites reach it, over TCP, when it speaks for its site;"
                            + " for every member or for none. Missing: sites share nothing.");
    static final Key<InetSocketAddress> MEMBER_ADDRESS =
            required(
                    "address",
                    NetworkTypes.socketAddress(),
                    "\"10.0.0.2:7800\"",
                    "Where the other members reach it, over TCP; it listens there and nowhere else."
                            + " Best on a network that clients do not reach.");
    static final Shape MEMBER =
            Shape.repeated(
                    "member",
                    "A member of the cluster, this gateway among them; the same list on all of"
                            + " them.",
                    List.of(MEMBER_NODE, MEMBER_SITE, MEMBER_ADDRESS, MEMBER_BRIDGE));

    static final Shape CLUSTER =
            Shape.single(
                    "cluster",
                    "Gateways that know each other: shared sessions, TGS keys, revocations and"
                            + " leases ([cluster.md](cluster.md)). Missing: a gateway of its own.",
                    List.of(
                            NAME,
                            NODE,
                            CERTIFICATE,
                            PRIVATE_KEY,
                            TRUST,
                            SILENCE,
                            COPIES,
                            TGS_KEY_EVERY,
                            STATE,
                            SITE_LOST_AFTER),
                    MEMBER);

    private ClusterKeys() {}
}
