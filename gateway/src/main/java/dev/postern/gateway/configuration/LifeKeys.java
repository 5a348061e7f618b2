package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;

import dev.postern.ike.Childless;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.LifePolicy.ChildKeyExchange;
import dev.postern.ike.Lifetime;
import dev.postern.ike.Uniqueness;

import java.time.Duration;
import java.util.List;

/// The table `life`: when SAs are rekeyed.
final class LifeKeys {
    private static final long OCTETS_OF_MEBIBYTE = 1 << 20;

    static final Key<Duration> IKE =
            defaulted(
                    "ike",
                    Durations.betweenOrNever("30s", "7d"),
                    "\"4h\"",
                    "Age at which an IKE SA is rekeyed at the latest, up to a tenth earlier by"
                        + " chance; one that is not rekeyed ends a tenth later (RFC 7296, 2.8).");
    static final Key<Duration> CHILD =
            defaulted(
                    "child",
                    Durations.betweenOrNever("10s", "7d"),
                    "\"1h\"",
                    "The same for a Child SA.");
    static final Key<Integer> CHILD_MEBIBYTES =
            defaulted(
                    "child-mebibytes",
                    BasicTypes.integer(0, Integer.MAX_VALUE),
                    "0",
                    "Inner octets, in 2^20, in one direction after which a Child SA is rekeyed; it"
                            + " ends a tenth later; 0 for no limit.");
    static final Key<Integer> CHILD_PACKETS =
            defaulted(
                    "child-packets",
                    BasicTypes.integer(0, Integer.MAX_VALUE),
                    "0",
                    "Packets in one direction after which a Child SA is rekeyed; it ends a tenth"
                            + " later; 0 for no limit but that of the sequence numbers.");
    static final Key<ChildKeyExchange> CHILD_KEY_EXCHANGE =
            defaulted(
                    "child-key-exchange",
                    BasicTypes.choice(ChildKeyExchange.values()),
                    "\"optional\"",
                    "Whether a Child SA gets a key exchange of its own when it is rekeyed (perfect"
                            + " forward secrecy).");
    static final Key<Uniqueness> UNIQUENESS =
            defaulted(
                    "uniqueness",
                    BasicTypes.choice(Uniqueness.values()),
                    "\"initial-contact\"",
                    "What a new connection in full means for others of the same identity: they"
                            + " end where the client says INITIAL_CONTACT, or always (replace);"
                            + " or they keep it out unless it does (keep); or they stay (never)."
                            + " At a client never says that several devices share its identity:"
                            + " it does not send INITIAL_CONTACT (RFC 7296, 2.4).");
    static final Key<Duration> REAUTH_TIME =
            defaulted(
                    "reauth-time",
                    Durations.betweenOrNever("10s", "30d"),
                    "\"never\"",
                    "How long one authentication is good. A gateway ends the session at this age,"
                            + " and tells its client so beforehand (RFC 4478); a client"
                            + " authenticates anew before it, beside the connection that stands,"
                            + " and earlier where the gateway says so.");
    static final Key<Childless> CHILDLESS =
            defaulted(
                    "childless",
                    BasicTypes.choice(Childless.values()),
                    "\"allow\"",
                    "Whether an IKE SA may begin without a Child SA, which follows in an exchange"
                            + " of its own, with a key exchange of its own (RFC 6023). A gateway"
                            + " refuses it with never, else it offers it; a client asks for it with"
                            + " prefer, and leaves gateways without it with require.");
    static final Shape LIFE =
            Shape.single(
                    "life",
                    "When keys are replaced, and connections of one client by each other.",
                    List.of(
                            IKE,
                            CHILD,
                            CHILD_MEBIBYTES,
                            CHILD_PACKETS,
                            CHILD_KEY_EXCHANGE,
                            UNIQUENESS,
                            REAUTH_TIME,
                            CHILDLESS));

    private LifeKeys() {}

    static LifePolicy read(Section section) {
        Lifetime child =
                ofChild(
                        lifetime(section.get(CHILD)),
                        octets(section.get(CHILD_MEBIBYTES)),
                        section.get(CHILD_PACKETS));
        return LifePolicy.STANDARD
                .withLifetimes(lifetime(section.get(IKE)), child)
                .withChildKeyExchange(section.get(CHILD_KEY_EXCHANGE))
                .withUniqueness(section.get(UNIQUENESS))
                .withReauthentication(section.get(REAUTH_TIME).toSeconds())
                .withChildless(section.get(CHILDLESS));
    }

    /// A lifetime by age with limits by use; the hard ones are a tenth later.
    static Lifetime ofChild(Lifetime age, long octets, long packets) {
        return new Lifetime(
                age.rekeyNanos(),
                age.jitterNanos(),
                age.hardNanos(),
                octets,
                octets + octets / 10,
                packets,
                packets + packets / 10);
    }

    static long octets(int mebibytes) {
        return mebibytes * OCTETS_OF_MEBIBYTE;
    }

    static Lifetime lifetime(Duration age) {
        return age.isZero() ? Lifetime.UNLIMITED : Lifetime.ofSeconds(age.toSeconds());
    }
}
