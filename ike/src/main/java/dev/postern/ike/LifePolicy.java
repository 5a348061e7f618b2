package dev.postern.ike;

/// How a profile keeps its SAs fresh: when they are rekeyed, by which key exchange, and what
/// becomes of several IKE SAs of one peer.
///
/// @param childKeyExchange whether new Child SAs and rekeyed ones get a key exchange of their own
/// @param reauthenticationNanos after which a peer must authenticate anew (RFC 4478); 0 for never
/// @param childless whether an initiator sets the IKE SA up without a Child SA (RFC 6023)
public record LifePolicy(
        Lifetime ikeSa,
        Lifetime childSa,
        ChildKeyExchange childKeyExchange,
        Uniqueness uniqueness,
        long reauthenticationNanos,
        boolean childless) {

    /// KE in the CREATE_CHILD_SA exchange of a Child SA (RFC 7296 section 1.3.1).
    public enum ChildKeyExchange {
        NEVER,
        /// Offered, and taken where the peer offers it.
        OPTIONAL,
        REQUIRED
    }

    /// Several IKE SAs of one authenticated identity.
    public enum Uniqueness {
        /// All are kept, unless the peer says INITIAL_CONTACT.
        KEEP,
        /// The newest replaces the others.
        REPLACE,
        /// All are kept, whatever the peer says.
        NEVER
    }

    /// Nothing is rekeyed by itself.
    public static final LifePolicy UNLIMITED =
            new LifePolicy(
                    Lifetime.UNLIMITED,
                    Lifetime.UNLIMITED,
                    ChildKeyExchange.OPTIONAL,
                    Uniqueness.KEEP,
                    0,
                    false);

    /// IKE SAs are rekeyed after four hours, Child SAs after one.
    public static final LifePolicy STANDARD =
            UNLIMITED.withLifetimes(Lifetime.ofSeconds(4 * 3600), Lifetime.ofSeconds(3600));

    public LifePolicy withLifetimes(Lifetime ike, Lifetime child) {
        return new LifePolicy(
                ike, child, childKeyExchange, uniqueness, reauthenticationNanos, childless);
    }

    public LifePolicy withChildKeyExchange(ChildKeyExchange use) {
        return new LifePolicy(ikeSa, childSa, use, uniqueness, reauthenticationNanos, childless);
    }

    public LifePolicy withUniqueness(Uniqueness policy) {
        return new LifePolicy(
                ikeSa, childSa, childKeyExchange, policy, reauthenticationNanos, childless);
    }

    public LifePolicy withReauthentication(long nanos) {
        return new LifePolicy(ikeSa, childSa, childKeyExchange, uniqueness, nanos, childless);
    }

    public LifePolicy withoutChildSa() {
        return new LifePolicy(
                ikeSa, childSa, childKeyExchange, uniqueness, reauthenticationNanos, true);
    }
}
