package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.optional;

import dev.postern.ike.ChildMode;
import dev.postern.net.Prefix;
import dev.postern.pki.IdentityPattern;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/// Keys of `[group.NAME]`.
final class GroupKeys {
    static final Key<List<IdentityPattern>> MEMBERS =
            defaulted(
                    "members",
                    BasicTypes.list(NetworkTypes.identityPattern(), 0),
                    "[]",
                    "Who belongs to it, by the identity that was verified.");
    static final Key<List<String>> FILTER_ID =
            defaulted(
                    "filter-id",
                    BasicTypes.list(text(), 0),
                    "[]",
                    "Who else: sessions for which the RADIUS server has sent one of these as"
                            + " Filter-Id.");
    static final Key<List<String>> RADIUS_CLASS =
            defaulted(
                    "class",
                    BasicTypes.list(text(), 0),
                    "[]",
                    "Who else: sessions for which it has sent one of these as Class.");
    static final Key<List<Prefix>> LOCAL_SUBNETS =
            optional(
                    "local-subnets",
                    BasicTypes.list(NetworkTypes.subnet(), 1),
                    "[\"10.1.7.0/24\"]",
                    "What its members may reach in place of what the profile says; of a session"
                            + " that is resumed here too. Missing: what the profile says.");
    static final Key<List<String>> POOL =
            optional(
                    "pool",
                    BasicTypes.oneOrMore(
                            BasicTypes.name(
                                    "name", "the NAME of a table [pool.NAME]", GatewayKeys.NAME)),
                    "\"guests\"",
                    "The pools of its members' inner addresses, name servers and domains, in place"
                            + " of the profile's.");
    static final Key<List<String>> UNITS =
            defaulted(
                    "certificate-ou",
                    BasicTypes.list(text(), 0),
                    "[]",
                    "Who else: peers that proved themselves by a certificate, to IKE or to EAP-TLS"
                            + " here, whose subject names one of these organizational units.");
    static final Key<List<InetAddress>> DNS =
            optional(
                    "dns",
                    BasicTypes.list(NetworkTypes.address(), 1),
                    "[\"10.1.7.53\"]",
                    "Name servers that its members are told in place of the pool's; a RADIUS"
                            + " server's come before. Missing: the pool's.");
    static final Key<ChildMode> MODE =
            optional(
                    "mode",
                    BasicTypes.choice(ChildMode.values()),
                    "\"transport\"",
                    "The mode of its members' Child SAs in place of the profile's; with transport"
                            + " they get no inner address. Missing: the profile's.");
    static final Key<Duration> REAUTH_TIME =
            optional(
                    "reauth-time",
                    Durations.betweenOrNever("10s", "30d"),
                    "\"8h\"",
                    "How long one authentication of a member is good, in place of life.reauth-time."
                            + " Missing: that.");
    static final Key<Duration> IDLE =
            optional(
                    "idle",
                    Durations.betweenOrNever("1s", "24h"),
                    "\"5m\"",
                    "Silence after which a member is asked whether it lives, in place of"
                            + " liveness.idle. Missing: that.");

    static final Shape GROUP =
            Shape.named(
                    "group",
                    "Peers of any profile for whom something else holds. The first group that has a"
                            + " peer decides.",
                    List.of(
                            MEMBERS,
                            FILTER_ID,
                            RADIUS_CLASS,
                            UNITS,
                            LOCAL_SUBNETS,
                            POOL,
                            DNS,
                            MODE,
                            REAUTH_TIME,
                            IDLE));

    private GroupKeys() {}

    private static KeyType<String> text() {
        return BasicTypes.ofText(
                "text",
                "1 to 253 octets of text",
                value -> {
                    if (value.isEmpty() || value.length() > 253) {
                        throw new IllegalArgumentException("is empty or too long");
                    }
                    return value;
                });
    }
}
