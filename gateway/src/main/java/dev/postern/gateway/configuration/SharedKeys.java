package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.optional;
import static dev.postern.gateway.configuration.Key.required;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.ChildMode;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.wire.Identity;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// Keys that both kinds of files have, or several tables of one.
final class SharedKeys {
    static final Key<Identity> IDENTITY =
            required(
                    "identity",
                    NetworkTypes.identity(),
                    "\"gw-a.example\"",
                    "Who this is towards its peers: IDr of a gateway, IDi of a client.");
    static final Key<String> SECURE_DOMAIN =
            required(
                    "secure-domain",
                    BasicTypes.name(
                            "name",
                            "1 to 64 letters, digits, dots, hyphens and underscores",
                            Pattern.compile("[A-Za-z0-9._-]{1,64}")),
                    "\"example\"",
                    "The gateways that share TGS keys, and whose tickets are good at each of"
                            + " them; the same name on all of them and on their clients.");

    static final Key<List<IkeSuite>> IKE_SUITES =
            defaulted(
                    "ike-suites",
                    BasicTypes.list(NetworkTypes.ikeSuite(), 1),
                    "[\"aes256gcm16-prfsha384-x25519\", \"aes128gcm16-prfsha256-x25519\","
                            + " \"chacha20poly1305-prfsha256-x25519\","
                            + " \"aes256gcm16-prfsha384-ecp384\","
                            + " \"aes128gcm16-prfsha256-ecp256\"]",
                    "Algorithms of the IKE SA, best first; `-mlkem768` at the end of one makes its"
                            + " key exchange a hybrid one.");
    static final Key<List<EspSuite>> ESP_SUITES =
            defaulted(
                    "esp-suites",
                    BasicTypes.list(NetworkTypes.espSuite(), 1),
                    "[\"aes256gcm16-esn\", \"aes256gcm16\", \"aes128gcm16-esn\", \"aes128gcm16\","
                            + " \"chacha20poly1305-esn\", \"chacha20poly1305\"]",
                    "Algorithms of the Child SA, best first; `-esn` asks for extended sequence"
                            + " numbers.");

    static final Key<SecretBytes> PSK =
            optional(
                    "psk",
                    SecretTypes.text(),
                    "\"example only\"",
                    "The pre-shared key as text. One of `psk`, `psk-hex` and `psk-file` is"
                            + " required, and a file that holds one must be closed to others.");
    static final Key<SecretBytes> PSK_HEX =
            optional(
                    "psk-hex",
                    SecretTypes.hex(),
                    "\"00112233445566778899aabbccddeeff\"",
                    "The pre-shared key as hexadecimal digits.");
    static final Key<Path> PSK_FILE =
            optional(
                    "psk-file",
                    BasicTypes.path(),
                    "\"client.psk\"",
                    "A file whose one line is the pre-shared key as text; closed to others.");

    static final Key<Boolean> ONE_ROUND_TRIP =
            defaulted(
                    "one-round-trip",
                    BasicTypes.flag(),
                    "true",
                    "Whether sessions are resumed in one round trip, with tickets of the failover"
                            + " profile.");
    static final Key<Boolean> RFC5723 =
            defaulted(
                    "rfc5723",
                    BasicTypes.flag(),
                    "true",
                    "Whether sessions are resumed as RFC 5723 says, in two round trips.");
    static final Key<KeyExchangeInResume> KEY_EXCHANGE =
            defaulted(
                    "key-exchange",
                    BasicTypes.choice(KeyExchangeInResume.values()),
                    "\"deferred\"",
                    "Whether a resume carries a key exchange, which costs two public-key"
                            + " operations and keeps a stolen TGS key from opening the session's"
                            + " traffic; deferred: the client rekeys the IKE SA within minutes. A"
                            + " gateway demands what is required; between the other two its"
                            + " clients choose.");

    static final Key<TicketStorage> STORAGE =
            defaulted(
                    "storage",
                    BasicTypes.choice(TicketStorage.values()),
                    "\"by-value\"",
                    "Who keeps a session: the client, in a sealed ticket; the gateways, in their"
                            + " session store, and the client has a reference; or, at a gateway,"
                            + " whoever the client asks for.");

    static final Key<ChildMode> MODE =
            defaulted(
                    "mode",
                    BasicTypes.choice(ChildMode.values()),
                    "\"tunnel\"",
                    "Whether ESP carries whole packets between networks (tunnel), or the payload of"
                            + " packets between this host and its peer themselves (transport); then"
                            + " no subnets are named, no address is asked for, and inside.mode is"
                            + " \"tun\".");
    static final Key<Boolean> COPY_DSCP =
            defaulted(
                    "copy-dscp",
                    BasicTypes.flag(),
                    "true",
                    "Whether the network outside sees the DSCP of inner packets, and can prefer"
                            + " some. ECN is copied always, and marks are carried inwards (RFC"
                            + " 6040).");
    static final Key<Duration> PARK_AFTER =
            defaulted(
                    "park-after",
                    Durations.betweenOrNever("1s", "30d"),
                    "\"never\"",
                    "How long without a packet until the session is parked: both sides forget its"
                            + " SAs, and the client's next packet resumes it.");

    static Key<Rfc5723Auth> rfc5723Auth(String text) {
        return defaulted(
                "rfc5723-auth",
                BasicTypes.choice(Rfc5723Auth.values()),
                text,
                "Which form of AUTH is spoken after a resume of RFC 5723: that of the RFC, or"
                        + " that of libreswan up to 5.4.");
    }

    static final Key<Duration> IDLE =
            defaulted(
                    "idle",
                    Durations.betweenOrNever("1s", "24h"),
                    "\"60s\"",
                    "Silence after which a peer is asked whether it lives (RFC 7296, 2.4).");

    static final Key<Log.Level> LOG_LEVEL =
            defaulted(
                    "level",
                    BasicTypes.choice(Log.Level.values()),
                    "\"info\"",
                    "The least important message that is written.");
    static final Key<Log.Format> LOG_FORMAT =
            defaulted(
                    "format",
                    BasicTypes.choice(Log.Format.values()),
                    "\"text\"",
                    "Lines for people, or one JSON object a line.");
    static final Shape LOG =
            Shape.single(
                    "log", "What is written to standard output.", List.of(LOG_LEVEL, LOG_FORMAT));

    static final Key<Path> KEY_LOG_DIRECTORY =
            optional(
                    "directory",
                    BasicTypes.path(),
                    "\"/tmp/keys\"",
                    "An existing directory, closed to others, where the keys of every SA are"
                            + " written in Wireshark's formats. Whoever reads it reads all"
                            + " traffic. Missing: no key is ever written.");
    static final Shape KEY_LOG =
            Shape.single(
                    "key-log",
                    "Keys for a protocol analyser; off unless a directory stands here.",
                    List.of(KEY_LOG_DIRECTORY));

    private SharedKeys() {}
}
