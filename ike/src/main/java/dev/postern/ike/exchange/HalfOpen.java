package dev.postern.ike.exchange;

import dev.postern.crypto.KeyAgreement;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.IntAuth;
import dev.postern.ike.sa.SharedKeyAuthentication.SignedOctets;
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
/// @param intAuth what IKE_INTERMEDIATE has come to; null where there is none
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
        @Nullable IntAuth intAuth,
        long expiresAt)
        implements IkeSaState {
    /// Whether an additional key exchange is due before IKE_AUTH.
    boolean awaitsIntermediate() {
        return intAuth != null && intAuth.exchanges() < suite.additional().size();
    }

    /// IntAuth of RFC 9242, empty without IKE_INTERMEDIATE.
    byte[] intAuthOctets() {
        return intAuth == null ? new byte[0] : intAuth.octets();
    }

    /// What the initiator's AUTH is made over.
    SignedOctets initiatorSigned(byte[] idBody) {
        return new SignedOctets(request, nr, idBody, intAuthOctets());
    }

    /// What our AUTH is made over.
    SignedOctets responderSigned(byte[] idBody) {
        return new SignedOctets(response, ni, idBody, intAuthOctets());
    }

    @Override
    public void wipe() {
        if (keyAgreement != null) {
            keyAgreement.close();
        }
    }
}
