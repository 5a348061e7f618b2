package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.optional;
import static dev.postern.gateway.configuration.Key.required;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// The keys of a gateway's table `ticket-service`, and those of the service's own file.
final class TicketServiceKeys {
    private static final KeyType<String> CERTIFICATE_NAME =
            BasicTypes.name(
                    "name",
                    "1 to 253 characters, none of them a control character",
                    Pattern.compile("[^\\p{Cntrl}]{1,253}"));

    static final Key<List<InetSocketAddress>> ADDRESSES =
            optional(
                    "addresses",
                    BasicTypes.list(NetworkTypes.socketAddress(), 1),
                    "[\"192.0.2.9:4700\"]",
                    "Where the ticket service of the domain is, the preferred one first. Missing:"
                            + " this gateway seals and opens by itself, with `tgs-keys`.");
    static final Key<List<String>> NAMES =
            optional(
                    "names",
                    BasicTypes.list(CERTIFICATE_NAME, 1),
                    "[\"tickets.example\"]",
                    "Names of which the service's certificate must hold one; required with"
                            + " `addresses`.");
    static final Key<Path> CERTIFICATE =
            optional(
                    "certificate",
                    BasicTypes.path(),
                    "\"gw-a.pem\"",
                    "The gateway's certificate, and those between it and the authority, in PEM;"
                            + " required with `addresses`.");
    static final Key<Path> PRIVATE_KEY =
            optional(
                    "private-key",
                    BasicTypes.path(),
                    "\"gw-a.key\"",
                    "Its private key, PKCS#8 in PEM, in a file closed to others; required with"
                            + " `addresses`.");
    static final Key<Path> TRUST =
            optional(
                    "trust",
                    BasicTypes.path(),
                    "\"ca.pem\"",
                    "Certificates of the authorities that the service's certificate must come from,"
                            + " in PEM; required with `addresses`.");
    static final Key<Duration> DEADLINE =
            defaulted(
                    "deadline",
                    Durations.between("20ms", "900ms"),
                    "\"300ms\"",
                    "How long one ticket may take. After that a client that resumes is sent to a"
                            + " full exchange, and a new session goes without a ticket at first.");
    static final Shape GATEWAY =
            Shape.single(
                    "ticket-service",
                    "A gateway without TGS keys: the ticket service of its domain seals and opens"
                            + " for it (`postern ticket-service`).",
                    List.of(ADDRESSES, NAMES, CERTIFICATE, PRIVATE_KEY, TRUST, DEADLINE));

    static final Key<List<InetSocketAddress>> LISTEN =
            required(
                    "listen",
                    BasicTypes.list(NetworkTypes.socketAddress(), 1),
                    "[\"192.0.2.9:4700\"]",
                    "Addresses and TCP ports where gateways are served.");
    static final Key<Path> TGS_KEYS =
            required(
                    "tgs-keys",
                    BasicTypes.path(),
                    "\"tgs.keys\"",
                    "The TGS key file of the domain, closed to others; read again when it changes."
                            + " `postern tgs-key` makes one.");
    static final Key<List<String>> GATEWAYS =
            required(
                    "gateways",
                    BasicTypes.list(CERTIFICATE_NAME, 1),
                    "[\"gw-a.example\", \"gw-b.example\"]",
                    "Who is served: names of which a gateway's certificate must hold one.");
    static final Key<Path> OWN_CERTIFICATE =
            required(
                    "certificate",
                    BasicTypes.path(),
                    "\"tickets.pem\"",
                    "The service's certificate, and those between it and the authority, in PEM.");
    static final Key<Path> OWN_PRIVATE_KEY =
            required(
                    "private-key",
                    BasicTypes.path(),
                    "\"tickets.key\"",
                    "Its private key, PKCS#8 in PEM, in a file closed to others.");
    static final Key<Path> OWN_TRUST =
            required(
                    "trust",
                    BasicTypes.path(),
                    "\"ca.pem\"",
                    "Certificates of the authorities that the gateways' certificates must come"
                            + " from, in PEM.");
    static final Key<Duration> TICKET_LIFETIME =
            defaulted(
                    "ticket-lifetime",
                    Durations.between("1m", "30d"),
                    "\"24h\"",
                    "The longest `ticket-lifetime` of the gateways; revocations are kept that"
                            + " long.");
    static final Key<Integer> AUDIT_EVERY =
            defaulted(
                    "audit-every",
                    BasicTypes.integer(1, 1_000_000_000),
                    "10000",
                    "Questions after which a line says what was answered.");

    static final Shape TOP =
            Shape.single(
                    "",
                    "The central entity of a secure domain.",
                    List.of(
                            SharedKeys.SECURE_DOMAIN,
                            LISTEN,
                            TGS_KEYS,
                            GATEWAYS,
                            OWN_CERTIFICATE,
                            OWN_PRIVATE_KEY,
                            OWN_TRUST,
                            TICKET_LIFETIME,
                            AUDIT_EVERY),
                    SharedKeys.LOG,
                    GatewayKeys.ADMIN);

    private TicketServiceKeys() {}
}
