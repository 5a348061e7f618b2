package dev.postern.ike.exchange;

import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.sa.SharedKeyAuthentication;
import dev.postern.ike.sa.SharedKeyAuthentication.SignedOctets;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

/// AUTH of the IKE_AUTH that follows an RFC 5723 resume (section 4.3.3): the RFC's form, or the
/// short one of peers in the field (failover profile, "RFC 5723 peers in the field"). Nowhere else
/// is either worth anything.
final class ResumedAuthentication {
    private ResumedAuthentication() {}

    /// The form in which a peer has proven itself; null where AUTH verifies in none that policy
    /// takes.
    static Event.@Nullable ResumedAuthForm verified(
            Rfc5723Auth policy, Prf prf, SecretBytes skP, SignedOctets signed, byte[] received) {
        if (policy != Rfc5723Auth.LIBRESWAN
                && SharedKeyAuthentication.verify(
                        SharedKeyAuthentication.resumed(prf, skP, signed), received)) {
            return Event.ResumedAuthForm.RFC;
        }
        if (policy != Rfc5723Auth.RFC
                && SharedKeyAuthentication.verify(
                        SharedKeyAuthentication.resumedShortForm(prf, skP, signed), received)) {
            return Event.ResumedAuthForm.SHORT;
        }
        return null;
    }

    /// Our own AUTH.
    static byte[] own(Event.ResumedAuthForm form, Prf prf, SecretBytes skP, SignedOctets signed) {
        return switch (form) {
            case RFC -> SharedKeyAuthentication.resumed(prf, skP, signed);
            case SHORT -> SharedKeyAuthentication.resumedShortForm(prf, skP, signed);
        };
    }

    /// Counts and tells the form in which the peer of a resumed IKE SA has proven itself.
    static void tell(Turn turn, IkeSa sa, Identity peer, Event.ResumedAuthForm form) {
        turn.count(
                switch (form) {
                    case RFC -> Counter.RFC_5723_AUTH_RFC_FORM;
                    case SHORT -> Counter.RFC_5723_AUTH_SHORT_FORM;
                });
        turn.emit(new Event.ResumeAuthenticated(sa.handle(), peer, form));
    }
}
