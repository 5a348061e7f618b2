package dev.postern.ticket.store;

import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;
import dev.postern.wire.WireReader;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

/// One record: a session sealed as a ticket, and which switch of gateways it has come to.
/// Immutable.
///
/// @param sealed the session, as a ticket by value would hold it
/// @param gatewaySwitchCount 0 to 15, the count of the last request that was let through
/// @param claim digest of that request and of the gateway that let it through; empty before the
///   first
/// @param expiresAt seconds since 1970 UTC; nobody finds the record from then on
public record StoredSession(Octets sealed, int gatewaySwitchCount, Octets claim, long expiresAt) {
    /// No sealed session is longer, as no ticket is.
    public static final int MAXIMUM_SEALED_LENGTH = 8192;

    private static final int VERSION = 1;
    private static final int MAXIMUM_CLAIM_LENGTH = 64;

    /// @throws IllegalArgumentException where a bound is broken
    public StoredSession {
        if (sealed.length() > MAXIMUM_SEALED_LENGTH
                || claim.length() > MAXIMUM_CLAIM_LENGTH
                || gatewaySwitchCount >>> 4 != 0) {
            throw new IllegalArgumentException("a record of a session breaks its bounds");
        }
    }

    public boolean isExpiredAt(long nowSeconds) {
        return nowSeconds >= expiresAt;
    }

    /// The record after the request that `newClaim` names has passed under this count; null where
    /// another request has taken the count already. The same request may come twice: its answer was
    /// lost.
    public @Nullable StoredSession raised(int newCount, Octets newClaim) {
        if (newCount > gatewaySwitchCount) {
            return new StoredSession(sealed, newCount, newClaim, expiresAt);
        }
        return newCount == gatewaySwitchCount && newClaim.equals(claim) ? this : null;
    }

    /// This record in the place of an earlier one; no count is ever lowered.
    public StoredSession inPlaceOf(@Nullable StoredSession earlier) {
        return earlier == null || earlier.gatewaySwitchCount <= gatewaySwitchCount
                ? this
                : new StoredSession(sealed, earlier.gatewaySwitchCount, earlier.claim, expiresAt);
    }

    /// The octets that a durable or distant store keeps: version (1) | count (1) | expiry (8) |
    /// length of the claim (1) | claim | sealed session.
    public byte[] encode() {
        return new WireWriter(11 + claim.length() + sealed.length())
                .u8(VERSION)
                .u8(gatewaySwitchCount)
                .i64(expiresAt)
                .u8(claim.length())
                .octets(claim)
                .octets(sealed)
                .finish();
    }

    /// Null for octets that are no record, whoever has damaged them.
    public static @Nullable StoredSession decode(byte[] octets) {
        try {
            WireReader reader = new WireReader(octets);
            if (reader.u8("version") != VERSION) {
                return null;
            }
            int count = reader.u8("switch count");
            long expiresAt = reader.i64("expiry");
            Octets claim = reader.octets(reader.u8("claim"), "claim");
            Octets sealed = reader.rest();
            return new StoredSession(sealed, count, claim, expiresAt);
        } catch (MalformedException | IllegalArgumentException damaged) {
            return null;
        }
    }

    /// Whether a later version of Postern has written these octets. Nobody who cannot read them
    /// writes in their place.
    public static boolean isOfLaterVersion(byte[] octets) {
        return octets.length > 0 && Byte.toUnsignedInt(octets[0]) > VERSION;
    }

    /// @throws SessionStore.UnavailableException where a later version has written these octets:
    ///   what they say is not ours to judge
    public static void demandReadable(byte[] octets) {
        if (isOfLaterVersion(octets)) {
            throw new SessionStore.UnavailableException(
                    "a later version has written the record", null);
        }
    }

    /// Without the sealed session.
    @Override
    public String toString() {
        return "StoredSession[switch count " + gatewaySwitchCount + ", until " + expiresAt + "]";
    }
}
