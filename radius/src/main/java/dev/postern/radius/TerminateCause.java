package dev.postern.radius;

/// Acct-Terminate-Cause (RFC 2866 section 5.10), as far as a gateway has reasons to stop.
public enum TerminateCause {
    USER_REQUEST(1),
    LOST_CARRIER(2),
    IDLE_TIMEOUT(4),
    SESSION_TIMEOUT(5),
    ADMIN_RESET(6),
    NAS_ERROR(9),
    /// The session goes on elsewhere, at another gateway or under a newer IKE SA.
    NAS_REQUEST(10),
    NAS_REBOOT(11);

    private final int number;

    TerminateCause(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
