package dev.postern.gateway.daemon;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// When the certificate ends by which a gateway is a member of its cluster. It goes on while its
/// connections last; afterwards nobody lets it in, and it does not start. An operator hears of that
/// a month ahead, daily. For any thread.
final class MembershipEnd {
    private static final Duration AHEAD = Duration.ofDays(30);
    private static final Duration PAUSE = Duration.ofDays(1);

    private final Instant end;
    private @Nullable Instant told;

    /// @param end of the certificate, or of those between it and the authority, or of the authority
    MembershipEnd(Instant end) {
        this.end = end;
    }

    Instant end() {
        return end;
    }

    /// Whether an operator is to hear of it now; counts as told then.
    synchronized boolean isDue(Instant now) {
        Instant before = told;
        if (now.plus(AHEAD).isBefore(end) || (before != null && now.isBefore(before.plus(PAUSE)))) {
            return false;
        }
        told = now;
        return true;
    }

    /// For people.
    String text(Instant now) {
        LocalDate day = LocalDate.ofInstant(end, ZoneOffset.UTC);
        String whose = "the certificate of this member ";
        if (now.isAfter(end)) {
            return whose
                    + "HAS ENDED on "
                    + day
                    + ": it stays as long as its connections last, and cannot be started again;"
                    + " start it with a new one (postern pki member)";
        }
        return now.plus(AHEAD).isBefore(end)
                ? whose + "is good until " + day
                : whose
                        + "ends on "
                        + day
                        + "; start it with a new one before (postern pki member)";
    }
}
