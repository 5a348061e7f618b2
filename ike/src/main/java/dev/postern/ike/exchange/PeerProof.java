package dev.postern.ike.exchange;

import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.Event;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.sa.SharedKeyAuthentication;
import dev.postern.ike.sa.SharedKeyAuthentication.SignedOctets;
import dev.postern.ticket.Session;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The witness that the initiator is who it claims to be: only [#judge] makes one, after AUTH has
/// verified.
final class PeerProof {
    private static final int SESSION_ID_LENGTH = 16;

    private final ResponderProfile profile;
    private final Identity initiator;
    private final Identity identity;
    private final Identity localIdentity;
    private final Octets sessionId;
    private final @Nullable SecretBytes preSharedKey;
    private final @Nullable EapProof eap;
    private final @Nullable Certified certified;
    private final @Nullable List<Payload> signed;
    private final @Nullable Resumed resumed;

    /// What EAP has brought.
    ///
    /// @param ownAuth our AUTH, made before the key was wiped
    private record EapProof(Octets ownAuth, Answer.EapSucceeded outcome) {}

    /// A peer's certificate, and what proves us to it.
    private record Certified(CertificateProof peer, List<Payload> own) {}

    /// A session that goes on (RFC 5723), and how its peer has shown that it holds it.
    private record Resumed(Session session, Event.ResumedAuthForm form) {}

    private PeerProof(
            ResponderProfile profile,
            Identity initiator,
            Identity identity,
            Identity localIdentity,
            Octets sessionId,
            @Nullable SecretBytes preSharedKey,
            @Nullable EapProof eap,
            @Nullable Certified certified,
            @Nullable List<Payload> signed,
            @Nullable Resumed resumed) {
        this.profile = profile;
        this.initiator = initiator;
        this.identity = identity;
        this.localIdentity = localIdentity;
        this.sessionId = sessionId;
        this.preSharedKey = preSharedKey;
        this.eap = eap;
        this.certified = certified;
        this.signed = signed;
        this.resumed = resumed;
    }

    ResponderProfile profile() {
        return profile.forPeer(identity, aaaAttributes());
    }

    /// IDi.
    Identity initiator() {
        return initiator;
    }

    /// The identity that was verified.
    Identity identity() {
        return identity;
    }

    Identity localIdentity() {
        return localIdentity;
    }

    Octets sessionId() {
        return sessionId;
    }

    /// Judges IDi, IDr and AUTH; null where anything does not fit. The peer is not told what.
    static @Nullable PeerProof judge(Turn turn, IkeSa sa, HalfOpen half, List<Payload> payloads) {
        Payload.IdInitiator idI = Message.find(payloads, Payload.IdInitiator.class);
        Payload.IdResponder idR = Message.find(payloads, Payload.IdResponder.class);
        Payload.Authentication auth = Message.find(payloads, Payload.Authentication.class);
        if (idI == null || auth == null) {
            return null;
        }
        SignedOctets signed = half.initiatorSigned(idI.identity().body());
        Session resumed = half.resumed();
        if (auth.method() != Payload.Authentication.SHARED_KEY) {
            return resumed == null
                    ? judgeSigned(turn, sa, half, idI.identity(), payloads, auth)
                    : null;
        }
        return resumed == null
                ? judgePreShared(turn, sa, half, idI.identity(), idR, auth, signed, payloads)
                : judgeResumed(turn, sa, half, resumed, payloads, auth, signed);
    }

    private static @Nullable PeerProof judgePreShared(
            Turn turn,
            IkeSa sa,
            HalfOpen half,
            Identity claimed,
            Payload.@Nullable IdResponder wanted,
            Payload.Authentication auth,
            SignedOctets signed,
            List<Payload> payloads) {
        Identity own = turn.configuration().localIdentity();
        if (wanted != null && !wanted.identity().equals(own)) {
            return null;
        }
        for (ResponderProfile profile : turn.configuration().profiles()) {
            SecretBytes key = profile.preSharedKeys().get(claimed);
            if (key != null && profile.ikeSuites().contains(half.suite())) {
                byte[] expected =
                        SharedKeyAuthentication.preShared(
                                half.suite().prf(), key, sa.keys().skPi(), signed);
                if (SharedKeyAuthentication.verify(expected, auth.data().array())) {
                    CertificatePolicy policy = profile.certificates();
                    List<Payload> signedProof = null;
                    if (CertificateProof.isAskedFor(policy, payloads)) {
                        signedProof =
                                CertificateProof.ofGateway(turn, sa, half, policy, own, payloads);
                        if (signedProof == null) {
                            return null;
                        }
                    }
                    Octets sessionId = Octets.of(turn.entropy().octets(SESSION_ID_LENGTH));
                    return new PeerProof(
                            profile,
                            claimed,
                            claimed,
                            own,
                            sessionId,
                            key,
                            null,
                            null,
                            signedProof,
                            null);
                }
            }
        }
        return null;
    }

    /// The first profile that admits the peer by certificate decides: a weaker one is not tried
    /// after a stricter one has refused.
    private static @Nullable PeerProof judgeSigned(
            Turn turn,
            IkeSa sa,
            HalfOpen half,
            Identity claimed,
            List<Payload> payloads,
            Payload.Authentication auth) {
        Identity own = turn.configuration().localIdentity();
        Payload.IdResponder wanted = Message.find(payloads, Payload.IdResponder.class);
        ResponderProfile profile = CertificateProof.profileFor(turn, half, claimed);
        CertificatePolicy policy = profile == null ? null : profile.certificates();
        if (profile == null
                || policy == null
                || policy.own() == null
                || (wanted != null && !wanted.identity().equals(own))) {
            return null;
        }
        Prf prf = half.suite().prf();
        CertificateProof.Outcome outcome =
                CertificateProof.judge(
                        turn,
                        policy,
                        claimed,
                        payloads,
                        auth,
                        prf,
                        sa.keys().skPi(),
                        half.initiatorSigned(claimed.body()));
        return switch (outcome) {
            case CertificateProof.Outcome.Refused refused -> {
                turn.count(refused.counter());
                yield null;
            }
            case CertificateProof.Outcome.Proven proven -> {
                List<Payload> ownProof =
                        CertificateProof.ofGateway(turn, sa, half, policy, own, payloads);
                Octets sessionId = Octets.of(turn.entropy().octets(SESSION_ID_LENGTH));
                yield ownProof == null
                        ? null
                        : new PeerProof(
                                profile,
                                claimed,
                                claimed,
                                own,
                                sessionId,
                                null,
                                null,
                                new Certified(proven.proof(), ownProof),
                                null,
                                null);
            }
        };
    }

    /// RFC 5723 section 4.3.3: both identities are the ticket's, and there is neither CERT nor an
    /// offer of EAP alone (RFC 5998 section 3).
    private static @Nullable PeerProof judgeResumed(
            Turn turn,
            IkeSa sa,
            HalfOpen half,
            Session session,
            List<Payload> payloads,
            Payload.Authentication auth,
            SignedOctets signed) {
        Payload.IdInitiator idI = Message.find(payloads, Payload.IdInitiator.class);
        Payload.IdResponder idR = Message.find(payloads, Payload.IdResponder.class);
        ResponderProfile profile = turn.configuration().profile(session.profile());
        if (profile == null
                || idI == null
                || !idI.identity().equals(session.initiator())
                || (idR != null && !idR.identity().equals(session.responder()))
                || Message.find(payloads, Payload.Certificate.class) != null
                || Message.findNotify(payloads, NotifyType.EAP_ONLY_AUTHENTICATION) != null) {
            return null;
        }
        Prf prf = half.suite().prf();
        Rfc5723Auth forms = profile.resumption().of(session.authenticatedIdentity()).rfc5723Auth();
        Event.ResumedAuthForm form =
                ResumedAuthentication.verified(
                        forms, prf, sa.keys().skPi(), signed, auth.data().array());
        if (form == null) {
            return null;
        }
        return new PeerProof(
                profile,
                session.initiator(),
                session.authenticatedIdentity(),
                session.responder(),
                session.sessionId(),
                null,
                null,
                null,
                null,
                new Resumed(session, form));
    }

    /// Judges the AUTH that ends EAP, RFC 7296 section 2.16: a pre-shared key's, with the key that
    /// EAP made in its place.
    static @Nullable PeerProof judgeEap(
            Turn turn,
            IkeSa sa,
            EapConversation conversation,
            Answer.EapSucceeded outcome,
            List<Payload> payloads) {
        Payload.Authentication auth = Message.find(payloads, Payload.Authentication.class);
        if (auth == null || auth.method() != Payload.Authentication.SHARED_KEY) {
            return null;
        }
        HalfOpen half = conversation.half();
        Prf prf = half.suite().prf();
        SecretBytes msk = outcome.msk();
        SecretBytes skPi = sa.keys().skPi();
        SecretBytes skPr = sa.keys().skPr();
        byte[] expected =
                SharedKeyAuthentication.preShared(
                        prf,
                        msk == null ? skPi : msk,
                        skPi,
                        half.initiatorSigned(conversation.initiator().body()));
        if (!SharedKeyAuthentication.verify(expected, auth.data().array())) {
            return null;
        }
        byte[] own =
                SharedKeyAuthentication.preShared(
                        prf,
                        msk == null ? skPr : msk,
                        skPr,
                        EapResponder.ownSignedOctets(conversation));
        return new PeerProof(
                conversation.profile(),
                conversation.initiator(),
                outcome.identity(),
                conversation.local(),
                Octets.of(turn.entropy().octets(SESSION_ID_LENGTH)),
                null,
                new EapProof(Octets.of(own), outcome),
                null,
                null,
                null);
    }

    /// The certificate that proved the peer; null where it was none.
    @Nullable CertificateProof certificate() {
        return certified == null ? null : certified.peer();
    }

    /// How the peer has proven itself, when it did so for the session's first time.
    int method() {
        if (resumed != null) {
            return resumed.session().authenticationMethod();
        }
        if (certified != null) {
            return certified.peer().method();
        }
        return eap != null ? Payload.Authentication.EAP : Payload.Authentication.SHARED_KEY;
    }

    /// Seconds since 1970; 0 for none.
    long hardDeadline() {
        if (resumed != null) {
            return resumed.session().hardDeadline();
        }
        if (certified != null) {
            return certified.peer().expiresAt();
        }
        return eap != null ? eap.outcome().hardDeadline() : 0;
    }

    List<Octets> aaaAttributes() {
        if (resumed != null) {
            return resumed.session().aaaAttributes();
        }
        if (certified != null) {
            return certified.peer().marks();
        }
        return eap != null ? eap.outcome().aaaAttributes() : List.of();
    }

    /// SHA-256 of the certificate that proved the peer; empty where it was none.
    Octets peerCertificate() {
        if (resumed != null) {
            return resumed.session().peerCertificate();
        }
        if (certified != null) {
            return certified.peer().fingerprint();
        }
        return eap != null ? eap.outcome().peerCertificate() : Octets.EMPTY;
    }

    /// Tells how the peer of a resumed session has proven itself; of others there is nothing to
    /// tell.
    void tellResumed(Turn turn, IkeSa sa) {
        if (resumed != null) {
            ResumedAuthentication.tell(turn, sa, identity, resumed.form());
        }
    }

    /// Our AUTH, with our certificates where it is a signature, in the form that the peer used.
    List<Payload> ownAuthentication(IkeSa sa, HalfOpen half) {
        if (signed != null) {
            return signed;
        }
        return certified != null
                ? certified.own()
                : List.of(
                        new Payload.Authentication(
                                Payload.Authentication.SHARED_KEY, Octets.of(ownMac(sa, half))));
    }

    private byte[] ownMac(IkeSa sa, HalfOpen half) {
        if (eap != null) {
            return eap.ownAuth().array();
        }
        SignedOctets signed = half.responderSigned(localIdentity.body());
        Prf prf = half.suite().prf();
        SecretBytes skPr = sa.keys().skPr();
        if (preSharedKey != null) {
            return SharedKeyAuthentication.preShared(prf, preSharedKey, skPr, signed);
        }
        if (resumed == null) {
            throw new IllegalStateException("neither key, certificate, EAP nor session proves us");
        }
        return ResumedAuthentication.own(resumed.form(), prf, skPr, signed);
    }
}
