package dev.postern.ike.exchange;

import dev.postern.ike.Event.CloseReason;

import org.jspecify.annotations.Nullable;

/// What the three exchanges that begin an IKE SA have in common: their first answers are not
/// protected, so a refusal in clear text is a hint and no more (RFC 7296 section 2.21.1, failover
/// profile "Refusals").
sealed interface FirstMessage permits SaInitInitiator, OpaqueResumeInitiator, ResumeInitiator {
    record Hint(CloseReason reason, String detail) {}

    /// The refusal that was seen, if any; it counts when the next retransmission is due.
    @Nullable Hint hint();
}
