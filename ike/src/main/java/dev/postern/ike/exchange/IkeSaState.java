package dev.postern.ike.exchange;

/// Where an IKE SA stands. One type per state, which owns what only that state needs.
///
///     initiator   SaInitInitiator ------> AuthInitiator --> Established --> Deleting --> Closed
///                 OpaqueResumeInitiator ----^                   ^
///                 ResumeInitiator ------------------------------+
///                 AuthInitiator --> EapInitiating --------------+
///
///     responder   HalfOpen --> AwaitingLease --> Established --> Deleting --> Closed
///                 HalfOpen --> EapResponding --^
///                 HalfOpen --> Refused --> Closed  ^
///                 AwaitingLease --> Provisional ---+
///                 AwaitingSession --> AwaitingSwitchCount --> AwaitingLease
///                 AwaitingSession --> HalfOpen --> AwaitingStore --> Established
public sealed interface IkeSaState
        permits SaInitInitiator,
                OpaqueResumeInitiator,
                AuthInitiator,
                EapInitiating,
                ResumeInitiator,
                HalfOpen,
                EapResponding,
                Refused,
                AwaitingLease,
                StoreQuestion,
                Provisional,
                Established,
                Deleting,
                Closed {
    /// Wipes the secrets that this state owns, where an IKE SA ends in it. Idempotent.
    default void wipe() {}
}
