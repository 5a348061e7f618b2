package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.required;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The keys of a ticket service's own file.
final class TicketServiceFileKeys {
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
                    BasicTypes.list(TicketServiceKeys.CERTIFICATE_NAME, 1),
                    "[\"gw-a.example\", \"gw-b.example\"]",
                    "Who is served: names of which a gateway's certificate must hold one.");
    static final Key<Path> CERTIFICATE =
            required(
                    "certificate",
                    BasicTypes.path(),
                    "\"tickets.pem\"",
                    "The service's certificate, and those between it and the authority, in PEM.");
    static final Key<Path> PRIVATE_KEY =
            required(
                    "private-key",
                    BasicTypes.path(),
                    "\"tickets.key\"",
                    "Its private key, PKCS#8 in PEM, in a file closed to others.");
    static final Key<Path> TRUST =
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
                            CERTIFICATE,
                            PRIVATE_KEY,
                            TRUST,
                            TICKET_LIFETIME,
                            AUDIT_EVERY),
                    SharedKeys.LOG,
                    GatewayKeys.ADMIN);

    private TicketServiceFileKeys() {}
}
