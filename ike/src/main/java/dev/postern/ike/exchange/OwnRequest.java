package dev.postern.ike.exchange;

import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What our outstanding request under an established IKE SA is for, beside the IKE SA's
/// [IkeSaState]: there is one at a time (RFC 7296 section 2.3, window size 1). One type per
/// exchange that we can be the initiator of; each knows what its answer means, and what a request
/// of the peer that crosses it means (section 2.25).
sealed interface OwnRequest
        permits LivenessCheck,
                ChildSaInitiator,
                ChildSaDeletion,
                InvalidSpi,
                IkeSaRekeyInitiator,
                FollowUpInitiator,
                TicketDelivery,
                AuthenticationLifetime,
                CrashToken,
                AddressAnnouncement,
                AddressUpdate,
                PathCheck,
                RedirectNotice,
                SwitchInitiator,
                ReplayCounterSync {
    /// The authentic answer. The window is free again.
    void onResponse(Turn turn, IkeSa sa, List<Payload> payloads);

    /// What to begin anew where the request is given up although the IKE SA stands (RFC 6311
    /// section 9); null where nothing is lost with it.
    default @Nullable Duty again(IkeSa sa) {
        return null;
    }

    /// The IKE SA ends before there was an answer: whatever this owns is wiped. Idempotent.
    default void abandon(Turn turn) {}
}
