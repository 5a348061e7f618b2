package dev.postern.ike.exchange;

import dev.postern.wire.Payload;

import java.util.List;

/// What a series of key exchanges is for, at its initiator: a CREATE_CHILD_SA exchange that was
/// answered and is not complete before the last IKE_FOLLOWUP_KE (RFC 9370 section 2.2.4).
sealed interface FollowedUp permits IkeSaRekeyInitiator, ChildSaInitiator {
    /// All key exchanges are done, and the window is free.
    ///
    /// @param secrets stay the caller's
    /// @param answer the peer's last
    void completed(Turn turn, IkeSa sa, SharedSecrets secrets, List<Payload> answer);

    /// The series has come to nothing; both peers are where they were before it.
    void failed(Turn turn, IkeSa sa, String detail);

    /// What to begin anew where the series is given up although the IKE SA stands.
    Duty again(IkeSa sa);

    /// The IKE SA ends before the series does.
    void abandon(Turn turn);
}
