package dev.postern.ike;

/// How a profile keeps its SAs fresh: when they are rekeyed, by which key exchange, and what a new
/// one means for the old ones of the same peer.
///
/// @param childKeyExchange whether new Child SAs and rekeyed ones get a key exchange of their own
/// @param reauthenticationSeconds age of an authentication at which a gateway ends the session and
///   a client has authenticated anew (RFC 4478); 0 for never
public record LifePolicy(
        Lifetime ikeSa,
        Lifetime childSa,
        ChildKeyExchange childKeyExchange,
        Uniqueness uniqueness,
        long reauthenticationSeconds,
        Childless childless) {

    /// KE in the CREATE_CHILD_SA exchange of a Child SA (RFC 7296 section 1.3.1).
    public enum ChildKeyExchange {
        NEVER,
        /// Offered, and taken where the peer offers it.
        OPTIONAL,
        REQUIRED
    }

    /// Nothing is rekeyed by itself.
    public static final LifePolicy UNLIMITED =
            new LifePolicy(
                    Lifetime.UNLIMITED,
                    Lifetime.UNLIMITED,
                    ChildKeyExchange.OPTIONAL,
                    Uniqueness.INITIAL_CONTACT,
                    0,
                    Childless.NEVER);

    /// IKE SAs are rekeyed after four hours, Child SAs after one.
    public static final LifePolicy STANDARD =
            UNLIMITED.withLifetimes(Lifetime.ofSeconds(4 * 3600), Lifetime.ofSeconds(3600));

    public LifePolicy withLifetimes(Lifetime ike, Lifetime child) {
        return new LifePolicy(
                ike, child, childKeyExchange, uniqueness, reauthenticationSeconds, childless);
    }

    public LifePolicy withChildKeyExchange(ChildKeyExchange use) {
        return new LifePolicy(ikeSa, childSa, use, uniqueness, reauthenticationSeconds, childless);
    }

    public LifePolicy withUniqueness(Uniqueness policy) {
        return new LifePolicy(
                ikeSa, childSa, childKeyExchange, policy, reauthenticationSeconds, childless);
    }

    public LifePolicy withReauthentication(long seconds) {
        return new LifePolicy(ikeSa, childSa, childKeyExchange, uniqueness, seconds, childless);
    }

    public LifePolicy withChildless(Childless policy) {
        return new LifePolicy(
                ikeSa, childSa, childKeyExchange, uniqueness, reauthenticationSeconds, policy);
    }
}
