package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.optional;

import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.net.Prefix;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Every key of a client's file, in the order of the reference.
final class ClientKeys {
    /// Words of `inside.mode`.
    enum InsideMode {
        TUN,
        PROBE
    }

    static final Key<Boolean> REQUEST_ADDRESS =
            defaulted(
                    "request-address",
                    BasicTypes.flag(),
                    "true",
                    "Whether the gateway is asked for inner addresses, of IPv4 and of IPv6.");
    static final Key<List<Prefix>> LOCAL_SUBNETS =
            optional(
                    "local-subnets",
                    BasicTypes.list(NetworkTypes.subnet(), 1),
                    "[\"10.7.0.0/24\"]",
                    "Our side of the tunnel where no address is asked for; required then.");
    static final Key<List<Prefix>> REMOTE_SUBNETS =
            optional(
                    "remote-subnets",
                    BasicTypes.list(NetworkTypes.subnet(), 1),
                    "[\"10.1.0.0/24\"]",
                    "What is reached through the tunnel; required with mode tunnel.");

    static final Key<InsideMode> INSIDE_MODE =
            defaulted(
                    "mode",
                    BasicTypes.choice(InsideMode.values()),
                    "\"tun\"",
                    "Whether packets come from the kernel by a TUN device, or from a source"
                            + " inside the process that sends echo requests and needs no"
                            + " privilege.");
    static final Key<String> TUN =
            defaulted("tun", NetworkTypes.device(), "\"postern0\"", "Name of the TUN device.");
    static final Key<Integer> MTU =
            defaulted(
                    "mtu",
                    BasicTypes.integer(576, 65_535),
                    "1400",
                    "Largest inner packet, in octets.");
    static final Key<Boolean> CLAMP_MSS =
            defaulted(
                    "clamp-mss",
                    BasicTypes.flag(),
                    "true",
                    "Whether the segment size that the ends of a TCP connection offer each other is"
                            + " lowered, in both directions, to what mtu has room for.");
    static final Key<Boolean> ROUTES =
            defaulted(
                    "routes",
                    BasicTypes.flag(),
                    "true",
                    "Whether the remote subnets are routed into the TUN device.");
    static final Key<Path> HOOK =
            optional(
                    "hook",
                    BasicTypes.path(),
                    "\"/usr/local/sbin/tunnel-resolver\"",
                    "A program that is called with `up` whenever the gateway has told something new"
                            + " about the network behind it, and with `down` at the end; it finds"
                            + " POSTERN_DEVICE, POSTERN_ADDRESSES, POSTERN_DNS, POSTERN_DOMAINS,"
                            + " POSTERN_TRUST_ANCHORS and POSTERN_SUBNETS in its environment.");
    static final Key<List<String>> DNSSEC_DOMAINS =
            defaulted(
                    "dnssec-domains",
                    BasicTypes.list(NetworkTypes.domain(), 0),
                    "[]",
                    "Domains for which the hook is given the trust anchors that a gateway sends"
                            + " (RFC 8598, 6): it could vouch for any name within them.");
    static final Key<ClientInside.Protocol> PROBE_PROTOCOL =
            defaulted(
                    "probe-protocol",
                    BasicTypes.choice(ClientInside.Protocol.values()),
                    "\"icmp\"",
                    "What the probe sends: ICMP echo requests or UDP datagrams.");
    static final Key<InetAddress> PROBE_TARGET =
            optional(
                    "probe-target",
                    NetworkTypes.address(),
                    "\"10.1.0.1\"",
                    "Who is to answer, within the remote subnets; required with mode probe.");
    static final Key<Integer> PROBE_PORT =
            defaulted(
                    "probe-port", BasicTypes.integer(1, 65_535), "7", "The target's port for UDP.");
    static final Key<Duration> PROBE_INTERVAL =
            defaulted(
                    "probe-interval",
                    Durations.between("1ms", "60s"),
                    "\"20ms\"",
                    "Time from one request to the next.");
    static final Key<Integer> PROBE_SIZE =
            defaulted(
                    "probe-size",
                    BasicTypes.integer(16, 1_300),
                    "56",
                    "Octets of payload in a request.");
    static final Shape INSIDE =
            Shape.single(
                    "inside",
                    "Where the packets for the tunnel come from.",
                    List.of(
                            INSIDE_MODE,
                            TUN,
                            MTU,
                            CLAMP_MSS,
                            SharedKeys.COPY_DSCP,
                            ROUTES,
                            HOOK,
                            DNSSEC_DOMAINS,
                            PROBE_PROTOCOL,
                            PROBE_TARGET,
                            PROBE_PORT,
                            PROBE_INTERVAL,
                            PROBE_SIZE));

    static final Key<Rfc5723Auth> RFC5723_AUTH = SharedKeys.rfc5723Auth("\"rfc\"");
    static final Shape RESUMPTION =
            Shape.single(
                    "resumption",
                    "How the session survives its gateway.",
                    List.of(
                            SharedKeys.ONE_ROUND_TRIP,
                            SharedKeys.RFC5723,
                            SharedKeys.KEY_EXCHANGE,
                            RFC5723_AUTH,
                            SharedKeys.STORAGE,
                            SharedKeys.PARK_AFTER,
                            ResumptionKeys.ANNOUNCE,
                            ResumptionKeys.AHEAD));

    static final Key<Duration> TRAFFIC_SILENCE =
            defaulted(
                    "traffic-silence",
                    Durations.betweenOrNever("50ms", "60s"),
                    "\"400ms\"",
                    "How long packets may go out without one coming back before the gateway is"
                            + " asked whether it lives.");
    static final Shape LIVENESS =
            Shape.single(
                    "liveness",
                    "How a dead gateway is found out.",
                    List.of(SharedKeys.IDLE, TRAFFIC_SILENCE));

    static final ScheduleTable EXCHANGE_SCHEDULE =
            ScheduleTable.of(
                    "exchange",
                    "Requests of IKE_SA_INIT, IKE_AUTH and every exchange that is not below.",
                    "\"500ms\"",
                    "1.8",
                    "4");
    static final ScheduleTable RESUME_SCHEDULE =
            ScheduleTable.of("resume", "Requests to resume.", "\"180ms\"", "1.5", "4");
    static final ScheduleTable LIVENESS_SCHEDULE =
            ScheduleTable.of(
                    "liveness", "Checks whether the gateway lives.", "\"180ms\"", "1.5", "4");
    static final Shape RETRANSMISSION =
            Shape.single(
                    "retransmission",
                    "How requests are sent again (RFC 7296, 2.4).",
                    List.of(),
                    EXCHANGE_SCHEDULE.shape(),
                    RESUME_SCHEDULE.shape(),
                    LIVENESS_SCHEDULE.shape());

    static final Key<Duration> RETRY_FIRST =
            defaulted(
                    "first",
                    Durations.between("100ms", "1h"),
                    "\"1s\"",
                    "The wait after the first round over all gateways without success is"
                            + " random, at most this; the bound doubles with each further one.");
    static final Key<Duration> RETRY_MAXIMUM =
            defaulted(
                    "maximum",
                    Durations.between("100ms", "1h"),
                    "\"60s\"",
                    "The longest that the bound of this wait becomes.");
    static final Key<Duration> RACE_AFTER =
            defaulted(
                    "race-after",
                    Durations.betweenOrNever("10ms", "1m"),
                    "\"250ms\"",
                    "How long the first answer of a gateway is waited for before the next one is"
                            + " asked beside it, the same gateway's other address first; whoever"
                            + " answers first goes on alone. A resume asks other addresses of its"
                            + " gateway only.");
    static final Shape RETRY =
            Shape.single(
                    "retry",
                    "What happens when a gateway does not answer.",
                    List.of(RETRY_FIRST, RETRY_MAXIMUM, RACE_AFTER));

    static final Key<Path> TICKET_FILE =
            optional(
                    "file",
                    BasicTypes.path(),
                    "\"/var/lib/postern/client.ticket\"",
                    "The file in which the session outlives the client's process: it is parked"
                            + " when the client ends, and resumed when it starts. The client"
                            + " writes it, and one client at a time uses it: a file beside it,"
                            + " with .lock after its name, says so to others."
                            + " Missing: the session ends with the client.");
    static final Key<Path> TICKET_KEY =
            optional(
                    "key",
                    BasicTypes.path(),
                    "\"/etc/postern/client.ticket.key\"",
                    "The file of the key that seals the ticket, 32 octets for its owner alone; made"
                            + " at the first start where there is none. Missing: beside the"
                            + " ticket, with .key after its name.");
    static final Shape TICKET =
            Shape.single(
                    "ticket",
                    "The client's own copy of its session.",
                    List.of(TICKET_FILE, TICKET_KEY));

    static final Key<Path> ADMIN_SOCKET =
            optional(
                    "socket",
                    BasicTypes.path(),
                    "\"/run/postern/client.sock\"",
                    "A Unix domain socket for commands such as `postern client status` and"
                            + " `switch`; only the owner of the process can open it. Missing: none,"
                            + " unless `postern client up` names one.");
    static final Shape ADMIN =
            Shape.single("admin", "How to talk to the running client.", List.of(ADMIN_SOCKET));

    static final Shape TOP =
            Shape.single(
                    "",
                    "Who the client is, and what it wants.",
                    List.of(
                            SharedKeys.IDENTITY,
                            SharedKeys.PSK,
                            SharedKeys.PSK_HEX,
                            SharedKeys.PSK_FILE,
                            SharedKeys.SECURE_DOMAIN,
                            SharedKeys.IKE_SUITES,
                            SharedKeys.ESP_SUITES,
                            SharedKeys.MODE,
                            REQUEST_ADDRESS,
                            LOCAL_SUBNETS,
                            REMOTE_SUBNETS),
                    ChildTable.SHAPE,
                    ListedGateways.SHAPE,
                    DiscoveryKeys.CLIENT,
                    EapKeys.CLIENT,
                    CertificateKeys.CLIENT,
                    PpkTable.CLIENT,
                    INSIDE,
                    RESUMPTION,
                    TICKET,
                    LIVENESS,
                    LifeKeys.LIFE,
                    RETRANSMISSION,
                    RETRY,
                    RedirectKeys.CLIENT,
                    CalmKeys.CLIENT,
                    SwitchKeys.CLIENT,
                    AuxiliaryKeys.CLIENT,
                    ADMIN,
                    HostKeys.RESOLVER,
                    HostKeys.HOST,
                    NetworkTable.SHAPE,
                    SharedKeys.LOG,
                    SharedKeys.KEY_LOG);

    private ClientKeys() {}
}
