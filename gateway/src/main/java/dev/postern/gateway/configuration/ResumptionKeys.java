package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;

import dev.postern.ike.ResumptionPolicy.Announcement;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.pki.IdentityPattern;

import java.time.Duration;
import java.util.List;

/// Keys of resumption that only one role has: a client's announcement, and a gateway's peers for
/// whom something else holds.
final class ResumptionKeys {
    static final Key<Announcement> ANNOUNCE =
            Key.defaulted(
                    "announce",
                    BasicTypes.choice(Announcement.values()),
                    "\"ike-auth\"",
                    "In which exchange the gateway is asked first; in clear text in IKE_SA_INIT,"
                            + " and again in IKE_AUTH where it does not answer there.");

    static final Key<Boolean> AHEAD =
            Key.defaulted(
                    "ahead",
                    BasicTypes.flag(),
                    "false",
                    "Whether the session is set up ahead of need: it is parked as soon as it can"
                            + " be resumed, and the first packet brings it back.");

    static final Key<List<IdentityPattern>> PEERS =
            Key.required(
                    "peers",
                    BasicTypes.list(NetworkTypes.identityPattern(), 1),
                    "[\"*@guests.example\"]",
                    "Whom the table is about, by the identity that was verified.");
    // Keys of [profile.NAME.resumption]; here, so that GatewayKeys needs this class and not the
    // other way round too.
    static final Key<Duration> LIFETIME_OF_PROFILE =
            defaulted(
                    "ticket-lifetime",
                    Durations.between("1m", "30d"),
                    "\"8h\"",
                    "How long an issued ticket is good.");
    static final Key<Rfc5723Auth> RFC5723_AUTH_OF_PROFILE = SharedKeys.rfc5723Auth("\"both\"");

    static final Key<Boolean> ONE_ROUND_TRIP = inherited(SharedKeys.ONE_ROUND_TRIP);
    static final Key<Boolean> RFC5723 = inherited(SharedKeys.RFC5723);
    static final Key<Duration> TICKET_LIFETIME = inherited(LIFETIME_OF_PROFILE);
    static final Key<KeyExchangeInResume> KEY_EXCHANGE = inherited(SharedKeys.KEY_EXCHANGE);
    static final Key<Rfc5723Auth> RFC5723_AUTH = inherited(RFC5723_AUTH_OF_PROFILE);
    static final Key<TicketStorage> STORAGE = inherited(SharedKeys.STORAGE);
    static final Key<Duration> PARK_AFTER = inherited(SharedKeys.PARK_AFTER);

    /// `[[profile.NAME.resumption-for]]`.
    static final Shape RESUMPTION_FOR =
            Shape.repeated(
                    "resumption-for",
                    "Peers of the profile whose sessions survive in another way. The first table"
                            + " that names a peer decides; what it does not say is as in"
                            + " `resumption`.",
                    List.of(
                            PEERS,
                            ONE_ROUND_TRIP,
                            RFC5723,
                            TICKET_LIFETIME,
                            KEY_EXCHANGE,
                            RFC5723_AUTH,
                            STORAGE,
                            PARK_AFTER));

    private ResumptionKeys() {}

    private static <T> Key<T> inherited(Key<T> key) {
        return Key.optional(key.name(), key.type(), key.text(), "As in `resumption`.");
    }
}
