package dev.postern.ike.exchange;

import dev.postern.wire.Identity;

/// What an initiator keeps while EAP runs.
///
/// @param auth the IKE_AUTH exchange that EAP is a part of
/// @param gateway IDr, proven already unless `eapOnly`
/// @param eapOnly whether EAP alone has to prove the gateway (RFC 5998)
/// @param rounds EAP Requests taken from the gateway so far
record EapProgress(AuthInitiator auth, Identity gateway, boolean eapOnly, int rounds) {
    EapProgress nextRound() {
        return new EapProgress(auth, gateway, eapOnly, rounds + 1);
    }
}
