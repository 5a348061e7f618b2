package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.optional;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// The keys of a gateway's table `ticket-service`.
final class TicketServiceKeys {
    static final KeyType<String> CERTIFICATE_NAME =
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

    private TicketServiceKeys() {}
}
