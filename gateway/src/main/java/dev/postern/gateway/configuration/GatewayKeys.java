package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.optional;
import static dev.postern.gateway.configuration.Key.required;

import dev.postern.net.Prefix;
import dev.postern.wire.Identity;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// Every key of a gateway's file, in the order of the reference.
final class GatewayKeys {
    /// Names of pools and profiles.
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    static final Key<Integer> MEMBER =
            required(
                    "member",
                    BasicTypes.integer(0, 255),
                    "1",
                    "The number of this gateway, another one on each gateway of the domain: two"
                            + " with one number could seal under one key and nonce.");
    static final Key<Path> TGS_KEYS =
            optional(
                    "tgs-keys",
                    BasicTypes.path(),
                    "\"tgs.keys\"",
                    "The TGS key file, the same on each gateway of the domain, closed to others;"
                            + " this or `[ticket-service]` is required where a profile resumes."
                            + " `postern tgs-key` makes one.");

    static final Key<List<InetAddress>> LISTEN_ADDRESSES =
            required(
                    "addresses",
                    BasicTypes.list(NetworkTypes.address(), 1),
                    "[\"192.0.2.1\"]",
                    "Addresses where IKE and ESP are received; 0.0.0.0 and :: stand for all.");
    static final Key<Integer> IKE_PORT =
            defaulted(
                    "ike-port",
                    BasicTypes.integer(0, 65_535),
                    "500",
                    "UDP port of IKE without NAT traversal; 0 for none.");
    static final Key<Integer> NAT_PORT =
            defaulted(
                    "nat-port",
                    BasicTypes.integer(1, 65_535),
                    "4500",
                    "UDP port of NAT traversal: IKE with the non-ESP marker, and ESP.");
    static final Shape LISTEN =
            Shape.single(
                    "listen",
                    "Where clients reach the gateway.",
                    List.of(LISTEN_ADDRESSES, IKE_PORT, NAT_PORT));

    static final Key<Prefix> POOL_ADDRESSES =
            required(
                    "addresses",
                    NetworkTypes.subnet(),
                    "\"10.9.0.0/24\"",
                    "The whole pool, the same on each gateway of the domain: a client that"
                            + " resumes here keeps its address.");
    static final Key<AddressRange> POOL_ASSIGN =
            optional(
                    "assign",
                    NetworkTypes.range(),
                    "\"10.9.0.1-10.9.0.100\"",
                    "This gateway's own share of the pool, for new clients; no two gateways have"
                            + " the same address in it. Missing: the whole pool, fit for a domain"
                            + " with one gateway.");
    static final Key<List<InetAddress>> POOL_DNS =
            defaulted(
                    "dns",
                    BasicTypes.list(NetworkTypes.address(), 0),
                    "[]",
                    "Name servers that clients are told.");
    static final Key<List<String>> POOL_DNS_DOMAINS =
            defaulted(
                    "dns-domains",
                    BasicTypes.list(NetworkTypes.domain(), 0),
                    "[]",
                    "Domains that those servers answer; clients that know split DNS (RFC 8598) ask"
                            + " them for these names only, and others for all.");
    static final Key<List<TrustAnchor>> POOL_TRUST_ANCHORS =
            defaulted(
                    "dnssec-trust-anchors",
                    BasicTypes.list(NetworkTypes.trustAnchor(), 0),
                    "[]",
                    "DS records of those domains, where they are signed and not in the public DNS:"
                            + " domain, key tag, algorithm, digest type, digest.");
    static final Key<InetAddress> POOL_DHCP =
            optional(
                    "dhcp",
                    NetworkTypes.address(),
                    "\"10.1.0.5\"",
                    "A DHCP server (IPv4 only, as the pool) that gives the addresses out, in place"
                            + " of this gateway; the client identifier is made of the client's"
                            + " identity.");
    static final Key<InetAddress> POOL_DHCP_FROM =
            optional(
                    "dhcp-from",
                    NetworkTypes.address(),
                    "\"10.1.0.1\"",
                    "Our own address on the network of the pool, which the server answers to as a"
                            + " relay's; required with dhcp.");
    static final Shape POOL =
            Shape.named(
                    "pool",
                    "Inner addresses for clients.",
                    List.of(
                            POOL_ADDRESSES,
                            POOL_ASSIGN,
                            POOL_DNS,
                            POOL_DNS_DOMAINS,
                            POOL_TRUST_ANCHORS,
                            POOL_DHCP,
                            POOL_DHCP_FROM));

    static final Key<List<String>> PROFILE_POOL =
            optional(
                    "pool",
                    BasicTypes.oneOrMore(
                            BasicTypes.name("name", "the NAME of a table [pool.NAME]", NAME)),
                    "[\"clients\", \"clients6\"]",
                    "The pool of the clients' inner addresses, or two, one for IPv4 and one for"
                            + " IPv6. Either this or `remote-subnets` is required.");
    static final Key<List<Prefix>> REMOTE_SUBNETS =
            optional(
                    "remote-subnets",
                    BasicTypes.list(NetworkTypes.subnet(), 1),
                    "[\"10.7.0.0/24\"]",
                    "What lies behind peers that bring their own addresses.");
    static final Key<List<Prefix>> LOCAL_SUBNETS =
            optional(
                    "local-subnets",
                    BasicTypes.list(NetworkTypes.subnet(), 1),
                    "[\"10.1.0.0/24\"]",
                    "What peers may reach through the tunnel; required with mode tunnel.");
    static final Key<Path> SECRETS =
            optional(
                    "secrets",
                    BasicTypes.path(),
                    "\"peers.toml\"",
                    "A file of `[[peer]]` tables like those below, closed to others.");

    static final Key<Identity> PEER_ID =
            required(
                    "id",
                    NetworkTypes.identity(),
                    "\"alice@example\"",
                    "Who may come in with this key: the peer's IDi.");
    static final Shape PEER =
            Shape.repeated(
                    "peer",
                    "One peer and its pre-shared key.",
                    List.of(PEER_ID, SharedKeys.PSK, SharedKeys.PSK_HEX, SharedKeys.PSK_FILE));

    /// The file that `secrets` names.
    static final Shape SECRETS_FILE = Shape.single("", "A file of peers.", List.of(), PEER);

    static final Shape RESUMPTION =
            Shape.single(
                    "resumption",
                    "How sessions of this profile survive their gateway.",
                    List.of(
                            SharedKeys.ONE_ROUND_TRIP,
                            SharedKeys.RFC5723,
                            ResumptionKeys.LIFETIME_OF_PROFILE,
                            SharedKeys.KEY_EXCHANGE,
                            ResumptionKeys.RFC5723_AUTH_OF_PROFILE,
                            SharedKeys.STORAGE,
                            SharedKeys.PARK_AFTER));
    static final Key<Duration> CLIENT_FLOOR =
            defaulted(
                    "client-floor",
                    Durations.betweenOrNever("1s", "1h"),
                    "\"never\"",
                    "Clients that are Postern's are asked to be silent for no less before they"
                            + " check whether this gateway lives; never leaves it to them.");
    static final Shape LIVENESS =
            Shape.single(
                    "liveness",
                    "How silent peers are found out.",
                    List.of(SharedKeys.IDLE, CLIENT_FLOOR));
    static final Shape PROFILE =
            Shape.named(
                    "profile",
                    "Whom the gateway lets in, and to what; at least one.",
                    List.of(
                            SharedKeys.IKE_SUITES,
                            SharedKeys.ESP_SUITES,
                            SharedKeys.MODE,
                            PROFILE_POOL,
                            REMOTE_SUBNETS,
                            LOCAL_SUBNETS,
                            SECRETS,
                            PpkTable.PROFILE_REQUIRED),
                    PEER,
                    PpkTable.PROFILE,
                    EapKeys.GATEWAY,
                    CertificateKeys.GATEWAY,
                    RESUMPTION,
                    ResumptionKeys.RESUMPTION_FOR,
                    LIVENESS,
                    LifeKeys.LIFE);

    static final Key<Integer> COOKIE_THRESHOLD =
            defaulted(
                    "cookie-threshold",
                    BasicTypes.integer(0, 1_000_000),
                    "1000",
                    "Half-open IKE SAs from which on a COOKIE is demanded (RFC 7296, 2.6); 0"
                            + " demands it always.");
    static final Key<Integer> HALF_OPEN_LIMIT =
            defaulted(
                    "half-open-limit",
                    BasicTypes.integer(1, 1_000_000),
                    "20000",
                    "Half-open IKE SAs that are kept at most.");
    static final Key<Duration> HALF_OPEN_LIFETIME =
            defaulted(
                    "half-open-lifetime",
                    Durations.between("1s", "10m"),
                    "\"30s\"",
                    "How long a half-open IKE SA waits for IKE_AUTH.");
    static final Key<Integer> PROVISIONAL_LIMIT =
            defaulted(
                    "provisional-limit",
                    BasicTypes.integer(1, 1_000_000),
                    "50000",
                    "Resumed IKE SAs that are kept at most while their peer has not confirmed"
                            + " them.");
    static final Key<Integer> PROVISIONAL_PER_SESSION =
            defaulted(
                    "provisional-per-session",
                    BasicTypes.integer(1, 64),
                    "4",
                    "The same for the copies of one session.");
    static final Key<Duration> PROVISIONAL_LIFETIME =
            defaulted(
                    "provisional-lifetime",
                    Durations.between("1s", "10m"),
                    "\"30s\"",
                    "How long a resumed IKE SA waits to be confirmed.");
    static final Shape LIMITS =
            Shape.single(
                    "limits",
                    "Bounds on what strangers can make the gateway keep.",
                    List.of(
                            COOKIE_THRESHOLD,
                            HALF_OPEN_LIMIT,
                            HALF_OPEN_LIFETIME,
                            PROVISIONAL_LIMIT,
                            PROVISIONAL_PER_SESSION,
                            PROVISIONAL_LIFETIME));

    static final Key<Path> SESSION_FILE =
            optional(
                    "file",
                    BasicTypes.path(),
                    "\"sessions.db\"",
                    "Where they are kept, sealed under the TGS keys, over a crash and a restart."
                            + " Missing: in memory, they end with the gateway.");
    static final Key<Integer> SESSION_RECORDS =
            defaulted(
                    "records",
                    BasicTypes.integer(1, 10_000_000),
                    "200000",
                    "Sessions that are kept at most; when it is full, clients get no reference.");
    static final Key<Boolean> SESSION_SYNC =
            defaulted(
                    "sync",
                    BasicTypes.flag(),
                    "false",
                    "Whether writes are forced to the disk before they count, which a loss of power"
                            + " asks for; a killed gateway loses nothing without.");
    static final Shape SESSION_STORE =
            Shape.single(
                    "session-store",
                    "Sessions that clients hold by reference (`resumption.storage`).",
                    List.of(SESSION_FILE, SESSION_RECORDS, SESSION_SYNC));

    static final Key<Path> LEASE_FILE =
            optional(
                    "file",
                    BasicTypes.path(),
                    "\"/var/lib/postern/leases\"",
                    "The file in which it outlives a restart whose each inner address is; the"
                            + " gateway writes it. Missing: in memory, a restart forgets it.");
    static final Shape LEASES =
            Shape.single(
                    "leases", "Inner addresses that clients have or had.", List.of(LEASE_FILE));

    static final Key<InetSocketAddress> STATUS_ADDRESS =
            optional(
                    "address",
                    NetworkTypes.socketAddress(),
                    "\"127.0.0.1:9500\"",
                    "Where /metrics, /livez and /readyz are served. Missing: nowhere.");
    static final Shape STATUS =
            Shape.single("status", "The gateway's state over HTTP.", List.of(STATUS_ADDRESS));

    static final Key<Path> ADMIN_SOCKET =
            optional(
                    "socket",
                    BasicTypes.path(),
                    "\"/run/postern/gateway.sock\"",
                    "A Unix domain socket for the operator's commands, such as `postern revoke`;"
                            + " only the owner of the process can open it. Missing: none.");
    static final Key<Path> ADMIN_REVOCATIONS =
            optional(
                    "revocations",
                    BasicTypes.path(),
                    "\"/var/lib/postern/revocations\"",
                    "The file in which revocations outlive a restart; the gateway writes it."
                            + " Missing: they are kept in memory alone.");
    static final Shape ADMIN =
            Shape.single(
                    "admin",
                    "How an operator talks to the running gateway.",
                    List.of(ADMIN_SOCKET, ADMIN_REVOCATIONS));

    static final Key<String> BACKUP_ADDRESS =
            required(
                    "address",
                    NetworkTypes.host(),
                    "\"192.0.2.2\"",
                    "Where clients reach it: an address, or a host name that they can resolve.");
    static final Key<Integer> BACKUP_PORT =
            defaulted(
                    "port",
                    BasicTypes.integer(1, 65_535),
                    "4500",
                    "Its UDP port of NAT traversal; with a host name only 4500.");
    static final Key<Double> BACKUP_WEIGHT =
            defaulted(
                    "weight",
                    BasicTypes.decimal(0.01, 1000),
                    "1.0",
                    "Its share of this gateway's clients beside the other backups'.");
    static final Shape BACKUP =
            Shape.repeated(
                    "backup",
                    "Another gateway of the domain; each client is told its own order of them"
                            + " (ALT_GW_LIST).",
                    List.of(BACKUP_ADDRESS, BACKUP_PORT, BACKUP_WEIGHT));

    static final Shape TOP =
            Shape.single(
                    "",
                    "Who the gateway is.",
                    List.of(SharedKeys.IDENTITY, SharedKeys.SECURE_DOMAIN, MEMBER, TGS_KEYS),
                    LISTEN,
                    InsideKeys.INSIDE,
                    InsideKeys.RETURN_PATH,
                    POOL,
                    GroupKeys.GROUP,
                    PROFILE,
                    RadiusKeys.RADIUS,
                    LIMITS,
                    TicketServiceKeys.GATEWAY,
                    SESSION_STORE,
                    LEASES,
                    CrashDetectionTable.SHAPE,
                    NetworkTable.SHAPE,
                    SharedKeys.LOG,
                    SharedKeys.KEY_LOG,
                    STATUS,
                    ADMIN,
                    BACKUP,
                    ClusterKeys.CLUSTER,
                    RedirectKeys.GATEWAY,
                    StandbyKeys.STANDBY);

    private GatewayKeys() {}
}
