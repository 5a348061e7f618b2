package dev.postern.ike.failover;

import dev.postern.ike.Now;

/// How many sessions a client holds ready at other gateways than the one that serves it, and when
/// one of them takes over (draft-vidya-ipsec-failover-ps-02 section 7, draft-zhang section 5).
///
/// @param sessions how many; 0 for none
/// @param afterNanos how long a client rests at its gateway before it sets one up, and up to twice
///   as long by chance
public record AuxiliaryPolicy(int sessions, Use use, long afterNanos) {
    /// What comes first when the gateway that serves the session is lost.
    public enum Use {
        /// The auxiliary session carries on without a round trip, with its own inner addresses.
        AT_ONCE,
        /// The session is resumed elsewhere, which may keep its addresses; the auxiliary session
        /// carries on where that is not possible.
        AFTER_RESUME
    }

    /// More would cost the gateways more than they save.
    public static final int MOST_SESSIONS = 3;

    public static final AuxiliaryPolicy NONE =
            new AuxiliaryPolicy(0, Use.AT_ONCE, 30 * Now.NANOS_PER_SECOND);

    public AuxiliaryPolicy {
        if (sessions < 0 || sessions > MOST_SESSIONS || afterNanos < 1) {
            throw new IllegalArgumentException(
                    sessions + " auxiliary sessions; 0 to " + MOST_SESSIONS + " are possible");
        }
    }
}
