package dev.postern.wire;

import org.jspecify.annotations.Nullable;

/// Exchange types. RFC 7296 section 3.1, RFC 5723 section 4.3.2, and the failover profile's private
/// number.
public enum ExchangeType {
    IKE_SA_INIT(34),
    IKE_AUTH(35),
    CREATE_CHILD_SA(36),
    INFORMATIONAL(37),
    /// RFC 5723: two round trips, IKE_AUTH follows.
    IKE_SESSION_RESUME(38),
    /// RFC 9242: between IKE_SA_INIT and IKE_AUTH.
    IKE_INTERMEDIATE(43),
    /// RFC 9370: further key exchanges of a CREATE_CHILD_SA.
    IKE_FOLLOWUP_KE(44),
    /// draft-dondeti-ipsec-failover-sol-00: one round trip. Private use number of the profile.
    IKE_SESSION_RESUME_1RTT(240);

    private final int code;

    ExchangeType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static @Nullable ExchangeType of(int code) {
        for (ExchangeType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }
}
