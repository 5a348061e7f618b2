package dev.postern.ike.standby;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.sa.ChildSa;

/// One Child SA of a [StandbyRecord].
///
/// @param keys inbound key | salt | outbound key | salt
/// @param standing what is to become of it
/// @param sealing whether packets went out under it
/// @param replaces inbound SPI of the one that it rekeys; 0 for none
/// @param lastOutbound the last sequence number that is known to be sealed
/// @param highestInbound the highest sequence number that is known to be opened
/// @param endsAt seconds since 1970 at which it ends whatever happens; 0 for never
public record StandbyChildSa(
        ChildSa child,
        SecretBytes keys,
        Standing standing,
        boolean sealing,
        int replaces,
        long lastOutbound,
        long highestInbound,
        long endsAt) {

    /// What is to become of a Child SA at the member that takes over.
    public enum Standing {
        /// In use.
        LIVE,
        /// A successor stands; it waits for the peer's Delete.
        REPLACED,
        /// We were deleting it.
        DELETING
    }

    /// With sequence numbers that are no lower than before.
    StandbyChildSa withSequences(long outbound, long inbound) {
        return new StandbyChildSa(
                child,
                keys,
                standing,
                sealing,
                replaces,
                Math.max(lastOutbound, outbound),
                Math.max(highestInbound, inbound),
                endsAt);
    }
}
