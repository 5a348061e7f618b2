package dev.postern.ike.exchange;

import dev.postern.crypto.KeyAgreement;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ticket.Session;

import org.jspecify.annotations.Nullable;

/// A responder has answered IKE_SA_INIT, or exchange 38, and waits for IKE_AUTH from whoever it may
/// be. The shared secret is computed when IKE_AUTH comes, so that a flood of first messages costs
/// no key agreement.
///
/// @param request the first message
/// @param response its answer, sent again when the first message comes again
/// @param keyAgreement our private key; null after exchange 38, which brings its keys in the ticket
/// @param peerKeyData the initiator's Key Exchange Data; empty after exchange 38
/// @param resumed the session of an RFC 5723 ticket, its secret wiped; null in a full exchange
/// @param peerSentVendorId whether the private numbers of the failover profile mean something to
///   this peer
record HalfOpen(
        IkeSuite suite,
        byte[] request,
        byte[] response,
        byte[] ni,
        byte[] nr,
        @Nullable KeyAgreement keyAgreement,
        byte[] peerKeyData,
        @Nullable Session resumed,
        boolean peerSentVendorId,
        long expiresAt)
        implements IkeSaState {
    @Override
    public void wipe() {
        if (keyAgreement != null) {
            keyAgreement.close();
        }
    }
}
