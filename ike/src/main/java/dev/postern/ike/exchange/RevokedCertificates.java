package dev.postern.ike.exchange;

import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.Counter;
import dev.postern.ike.EapPolicy;
import dev.postern.ike.IssuedCertificate;
import dev.postern.ike.ResponderProfile;
import dev.postern.ticket.Session;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// Whether a session whose peer was proven by a certificate may still be resumed: not when a
/// revocation list that this gateway has by now names one of the certificates of its path, or a
/// full exchange here has found one revoked. A ticket does not hold the certificates, so nothing is
/// fetched and no OCSP responder is asked: the full exchange does that, which is where the client
/// goes from here.
final class RevokedCertificates {
    private RevokedCertificates() {}

    /// What a resume of this session is refused for; null where it may go on.
    static @Nullable Counter refusalOf(Turn turn, Session session, ResponderProfile profile) {
        if (turn.revocations().covers(session)) {
            return Counter.REFUSED_TICKET_REVOKED;
        }
        return namedBy(turn, session, profile) ? Counter.REFUSED_CERTIFICATE_REVOKED : null;
    }

    private static boolean namedBy(Turn turn, Session session, ResponderProfile profile) {
        CertificatePolicy policy = policyOf(session, profile);
        if (policy != null && policy.revocation() == CertificatePolicy.Revocation.OFF) {
            return false;
        }
        for (Octets attribute : session.aaaAttributes()) {
            IssuedCertificate certificate = IssuedCertificate.in(attribute);
            if (certificate != null
                    && turn.revocationEvidence()
                            .names(
                                    name ->
                                            IssuedCertificate.issuerOf(name)
                                                    .equals(certificate.issuer()),
                                    certificate.serial(),
                                    () -> authorities(turn))) {
                return true;
            }
        }
        return false;
    }

    /// What holds for certificates shown in the way in which this session's peer has shown its own.
    private static @Nullable CertificatePolicy policyOf(Session session, ResponderProfile profile) {
        if (session.authenticationMethod() != Payload.Authentication.EAP) {
            return profile.certificates();
        }
        EapPolicy eap = profile.eap();
        return eap == null ? null : eap.certificates();
    }

    private static List<X509Certificate> authorities(Turn turn) {
        List<X509Certificate> known = new ArrayList<>();
        for (ResponderProfile profile : turn.configuration().profiles()) {
            EapPolicy eap = profile.eap();
            addAnchors(profile.certificates(), known);
            addAnchors(eap == null ? null : eap.certificates(), known);
        }
        return known;
    }

    private static void addAnchors(
            @Nullable CertificatePolicy policy, List<X509Certificate> known) {
        if (policy != null && policy.peers() != null) {
            known.addAll(policy.peers().certificates());
        }
    }
}
