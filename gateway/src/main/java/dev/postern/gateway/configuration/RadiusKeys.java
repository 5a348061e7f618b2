package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.optional;
import static dev.postern.gateway.configuration.Key.required;

import dev.postern.crypto.SecretBytes;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// The keys of a gateway's table `radius`.
final class RadiusKeys {
    static final Key<String> NAS_IDENTIFIER =
            optional(
                    "nas-identifier",
                    BasicTypes.name(
                            "name",
                            "1 to 253 characters, none of them a control character",
                            Pattern.compile("[^\\p{Cntrl}]{1,253}")),
                    "\"gw-a\"",
                    "NAS-Identifier, how servers know this gateway. Missing: its identity.");
    static final Key<InetAddress> NAS_ADDRESS =
            optional(
                    "nas-address",
                    NetworkTypes.address(),
                    "\"10.1.0.1\"",
                    "NAS-IP-Address or NAS-IPv6-Address, and where requests are sent from. Missing:"
                            + " neither is sent, and the kernel chooses.");
    static final Key<Duration> TIMEOUT =
            defaulted(
                    "timeout",
                    Durations.between("100ms", "30s"),
                    "\"1s\"",
                    "How long a server may take before the request is sent again; each further"
                            + " wait is twice as long.");
    static final Key<Integer> TRIES =
            defaulted(
                    "tries",
                    BasicTypes.integer(1, 10),
                    "3",
                    "How often a request is sent to one server before the next one is asked.");
    static final Key<Duration> DEAD_TIME =
            defaulted(
                    "dead-time",
                    Durations.between("1s", "1h"),
                    "\"30s\"",
                    "How long a server that left a request unanswered is passed over; twice as"
                            + " long each time it fails again, up to sixteen times this.");
    static final Key<Integer> SOCKETS =
            defaulted(
                    "sockets",
                    BasicTypes.integer(1, 64),
                    "8",
                    "UDP sockets for authentication; 256 requests can wait at each server over"
                            + " each.");
    static final Key<Boolean> ACCOUNTING =
            defaulted(
                    "accounting",
                    BasicTypes.flag(),
                    "true",
                    "Whether the beginning, the progress and the end of sessions are told to the"
                            + " servers (RFC 2866).");
    static final Key<Duration> INTERIM_INTERVAL =
            defaulted(
                    "interim-interval",
                    Durations.betweenOrNever("1s", "1d"),
                    "\"10m\"",
                    "How often the progress of a session is told where the server does not say by"
                            + " Acct-Interim-Interval.");
    static final Key<Path> ACCOUNTING_JOURNAL =
            optional(
                    "accounting-journal",
                    BasicTypes.path(),
                    "\"/var/lib/postern/accounting.journal\"",
                    "A file that keeps records which no server has acknowledged over a restart."
                            + " Missing: they die with the gateway.");
    static final Key<Integer> ACCOUNTING_QUEUE =
            defaulted(
                    "accounting-queue",
                    BasicTypes.integer(100, 10_000_000),
                    "200000",
                    "Records that wait for servers at most; further ones are lost and counted.");
    static final Key<InetSocketAddress> ORDERS =
            optional(
                    "dynamic-authorization",
                    NetworkTypes.socketAddress(),
                    "\"10.1.0.1:3799\"",
                    "Where Disconnect- and CoA-Requests are received (RFC 5176). Missing:"
                            + " nowhere.");
    static final Key<Duration> ORDERS_WINDOW =
            defaulted(
                    "dynamic-authorization-window",
                    Durations.between("1s", "1h"),
                    "\"5m\"",
                    "How far Event-Timestamp of such a request may be from our clock.");

    static final Key<InetAddress> ADDRESS =
            required(
                    "address",
                    NetworkTypes.address(),
                    "\"10.1.0.20\"",
                    "Where the server is; answers from anywhere else are passed over.");
    static final Key<Integer> PORT =
            defaulted(
                    "port",
                    BasicTypes.integer(1, 65_535),
                    "1812",
                    "Its UDP port for authentication.");
    static final Key<Integer> ACCOUNTING_PORT =
            defaulted(
                    "accounting-port",
                    BasicTypes.integer(1, 65_535),
                    "1813",
                    "Its UDP port for accounting.");
    static final Key<SecretBytes> SECRET =
            optional(
                    "secret",
                    SecretTypes.text(),
                    "\"example only\"",
                    "The secret shared with it. Either this or `secret-file` is required; a file"
                            + " that holds one must be closed to others.");
    static final Key<Path> SECRET_FILE =
            optional(
                    "secret-file",
                    BasicTypes.path(),
                    "\"radius.secret\"",
                    "A file whose one line is that secret; closed to others.");
    static final Key<Boolean> MAY_ORDER =
            defaulted(
                    "may-disconnect",
                    BasicTypes.flag(),
                    "false",
                    "Whether Disconnect- and CoA-Requests from its address are heard.");
    static final Shape SERVER =
            Shape.repeated(
                    "server",
                    "One RADIUS server; the first that answers is asked.",
                    List.of(ADDRESS, PORT, ACCOUNTING_PORT, SECRET, SECRET_FILE, MAY_ORDER));
    static final Shape AUTHORIZER =
            Shape.repeated(
                    "authorizer",
                    "Somebody who is no server and may send Disconnect- and CoA-Requests.",
                    List.of(ADDRESS, SECRET, SECRET_FILE));

    static final Shape RADIUS =
            Shape.single(
                    "radius",
                    "Servers that decide about peers of profiles with `eap.method = \"radius\"`,"
                            + " and keep accounts of their sessions.",
                    List.of(
                            NAS_IDENTIFIER,
                            NAS_ADDRESS,
                            TIMEOUT,
                            TRIES,
                            DEAD_TIME,
                            SOCKETS,
                            ACCOUNTING,
                            INTERIM_INTERVAL,
                            ACCOUNTING_JOURNAL,
                            ACCOUNTING_QUEUE,
                            ORDERS,
                            ORDERS_WINDOW),
                    SERVER,
                    AUTHORIZER);

    private RadiusKeys() {}
}
