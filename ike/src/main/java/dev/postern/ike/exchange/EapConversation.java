package dev.postern.ike.exchange;

import dev.postern.ike.ResponderProfile;
import dev.postern.wire.Identity;
import dev.postern.wire.Payload;

import java.util.List;

/// What a responder keeps from the first IKE_AUTH request to the last while EAP runs in between.
///
/// @param request payloads of the first request: what the Child SA is made from
/// @param initiator IDi, a claim
/// @param local IDr
/// @param eapOnly whether our AUTH is left to EAP (RFC 5998)
/// @param rounds EAP messages taken from the peer so far
/// @param endsAt monotonic nanoseconds that no round extends
record EapConversation(
        HalfOpen half,
        ResponderProfile profile,
        List<Payload> request,
        Identity initiator,
        Identity local,
        boolean eapOnly,
        int rounds,
        long endsAt) {
    /// A long certificate chain in fragments of 1,000 octets fits; nobody talks for ever.
    static final int MAXIMUM_ROUNDS = 100;

    boolean isFirst() {
        return rounds == 0;
    }

    EapConversation nextRound() {
        return new EapConversation(
                half, profile, request, initiator, local, eapOnly, rounds + 1, endsAt);
    }
}
