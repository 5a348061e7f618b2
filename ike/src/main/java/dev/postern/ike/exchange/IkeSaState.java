package dev.postern.ike.exchange;

/// Where an IKE SA stands. One type per state, which owns what only that state needs.
///
///     initiator   SaInitInitiator ------> AuthInitiator --> Established --> Deleting --> Closed
///                 OpaqueResumeInitiator ----^                   ^
///                 ResumeInitiator ------------------------------+
///
///     responder   HalfOpen --> AwaitingLease --> Established --> Closed
///                 AwaitingLease --> Provisional ------^
public sealed interface IkeSaState
        permits SaInitInitiator,
                OpaqueResumeInitiator,
                AuthInitiator,
                ResumeInitiator,
                HalfOpen,
                AwaitingLease,
                Provisional,
                Established,
                Deleting,
                Closed {}
