package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;
import static dev.postern.gateway.configuration.Key.optional;

import dev.postern.net.Prefix;
import dev.postern.pki.IdentityPattern;

import java.util.List;

/// Keys of `[group.NAME]`.
final class GroupKeys {
    static final Key<List<IdentityPattern>> MEMBERS =
            defaulted(
                    "members",
                    BasicTypes.list(
                            BasicTypes.ofText(
                                    "identity or pattern",
                                    "an identity, or * and the end of one, for example"
                                            + " \"*@example\"",
                                    IdentityPattern::new),
                            0),
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

    static final Shape GROUP =
            Shape.named(
                    "group",
                    "Peers of any profile for whom something else holds. The first group that has a"
                            + " peer decides.",
                    List.of(MEMBERS, FILTER_ID, RADIUS_CLASS, LOCAL_SUBNETS, POOL));

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
