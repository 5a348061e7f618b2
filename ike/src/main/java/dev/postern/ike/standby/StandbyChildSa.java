package dev.postern.ike.standby;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.sa.ChildSa;

import org.jspecify.annotations.Nullable;

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
        LIVE(0),
        /// A successor stands; it waits for the peer's Delete.
        REPLACED(1),
        /// We were deleting it.
        DELETING(2);

        private final int code;

        Standing(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static @Nullable Standing of(int code) {
            for (Standing standing : values()) {
                if (standing.code == code) {
                    return standing;
                }
            }
            return null;
        }
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
