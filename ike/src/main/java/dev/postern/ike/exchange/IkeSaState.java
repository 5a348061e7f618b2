package dev.postern.ike.exchange;

/// Where an IKE SA stands. One type per state, which owns what only that state needs.
///
///     initiator   SaInitInitiator --> IntermediateInitiator --> AuthInitiator
///                 SaInitInitiator ------> AuthInitiator --> Established --> Deleting --> Closed
///                 OpaqueResumeInitiator ----^                   ^
///                 ResumeInitiator ------------------------------+
///                 AuthInitiator --> EapInitiating --------------+
///                 AuthInitiator --> AwaitingRevocation ---------+
///
///     responder   HalfOpen --> AwaitingLease --> Established --> Deleting --> Closed
///                 HalfOpen --> EapResponding --^
///                 HalfOpen --> AwaitingRevocation --> AwaitingLease
///                 HalfOpen --> Refused --> Closed  ^
///                 AwaitingLease --> Provisional ---+
///                 AwaitingSession --> AwaitingSwitchCount --> AwaitingLease
///                 AwaitingSession --> HalfOpen --> AwaitingStore --> Established
///                 AwaitingOpening --> AwaitingLease --> AwaitingSealing --> Provisional
///                 HalfOpen --> AwaitingSealing --> Established
///
///     rekeyed     Established --> Replaced --> Closed      its successor: Unadopted --> Established
///     standby     Restored --> Closed
public sealed interface IkeSaState
        permits SaInitInitiator,
                OpaqueResumeInitiator,
                IntermediateInitiator,
                AuthInitiator,
                EapInitiating,
                ResumeInitiator,
                HalfOpen,
                EapResponding,
                Refused,
                AwaitingLease,
                AwaitingRevocation,
                StoreQuestion,
                TicketQuestion,
                Provisional,
                Established,
                Unadopted,
                Replaced,
                Restored,
                Deleting,
                Closed {
    /// Wipes the secrets that this state owns, where an IKE SA ends in it. Idempotent.
    default void wipe() {}

    /// Whether a request of ours may go out under SK: never before the peer is proven (failover
    /// profile, "Keys": a provisional IKE SA sends nothing but its response).
    default boolean maySendRequests() {
        return switch (this) {
            case IntermediateInitiator _,
                    AuthInitiator _,
                    EapInitiating _,
                    Established _,
                    Replaced _,
                    Deleting _ ->
                    true;
            case SaInitInitiator _,
                    OpaqueResumeInitiator _,
                    ResumeInitiator _,
                    HalfOpen _,
                    Refused _,
                    EapResponding _,
                    AwaitingLease _,
                    AwaitingRevocation _,
                    StoreQuestion _,
                    TicketQuestion _,
                    Provisional _,
                    Unadopted _,
                    Restored _,
                    Closed _ ->
                    false;
        };
    }

    /// Whether nobody outside was ever told of it by a name of its own.
    default boolean isUnnamed() {
        return this instanceof Replaced || this instanceof Unadopted || this instanceof Restored;
    }

    /// Whether the IKE SA was resumed, or is being resumed, and its peer has not shown yet that it
    /// holds the new keys.
    default boolean isUnconfirmed() {
        return this instanceof Provisional
                || this instanceof AwaitingSwitchCount
                || (this instanceof AwaitingLease waiting && waiting.isResume())
                || (this instanceof AwaitingSealing sealing && sealing.isResume());
    }
}
