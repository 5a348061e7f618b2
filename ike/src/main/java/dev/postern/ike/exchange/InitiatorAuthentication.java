package dev.postern.ike.exchange;

import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.EapPolicy;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.SharedKeyAuthentication;
import dev.postern.ike.sa.SharedKeyAuthentication.SignedOctets;
import dev.postern.ike.sa.SignatureAuthentication;
import dev.postern.ticket.Session;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// How a client proves itself in IKE_AUTH, and how it judges the gateway's proof: by pre-shared
/// key, certificate, or the key of a resumed session; EAP has [EapInitiator].
final class InitiatorAuthentication {
    private final AuthInitiator.Context context;
    private final @Nullable PpkInitiator ppk;
    private @Nullable CertificateProof gatewayProof;

    InitiatorAuthentication(AuthInitiator.Context context, @Nullable PpkInitiator ppk) {
        this.context = context;
        this.ppk = ppk;
    }

    /// A full exchange without AUTH in the first message asks for EAP (RFC 7296 section 2.16).
    boolean isEap() {
        return context.resumed() == null && context.profile().eap() != null;
    }

    EapPolicy eap() {
        EapPolicy policy = context.profile().eap();
        if (policy == null) {
            throw new IllegalStateException(context.profile().name() + " does not use EAP");
        }
        return policy;
    }

    Prf prf() {
        return context.suite().prf();
    }

    /// IDi of a resume is the ticket's (RFC 5723 section 4.3.3).
    Identity localIdentity() {
        Session resumed = context.resumed();
        return resumed == null ? context.profile().localIdentity() : resumed.initiator();
    }

    /// CERT and AUTH, or what stands in their place with EAP; null where we cannot prove ourselves.
    @Nullable List<Payload> ownProof(Turn turn, IkeSa sa) {
        if (isEap()) {
            return eap().eapOnly()
                    ? List.of(Payload.Notify.of(NotifyType.EAP_ONLY_AUTHENTICATION))
                    : List.of();
        }
        if (ppk == null) {
            return proof(turn, sa);
        }
        List<Payload> plain = ppk.isRequired() ? List.of() : proof(turn, sa);
        ppk.apply(sa, prf());
        List<Payload> proof = proof(turn, sa);
        if (plain == null || proof == null) {
            return null;
        }
        List<Payload> payloads = new ArrayList<>(proof);
        payloads.addAll(ppk.beside(Message.find(plain, Payload.Authentication.class)));
        return payloads;
    }

    /// The post-quantum pre-shared key; null where none plays a part.
    @Nullable PpkInitiator ppk() {
        return ppk;
    }

    /// Whether the gateway's answer leaves us with the keys that policy wants.
    boolean settlePpk(IkeSa sa, List<Payload> payloads) {
        return ppk == null || ppk.settle(sa, payloads);
    }

    void wipe() {
        if (ppk != null) {
            ppk.wipe();
        }
    }

    private @Nullable List<Payload> proof(Turn turn, IkeSa sa) {
        CertificatePolicy certificates = context.profile().certificates();
        if (context.resumed() == null && certificates != null && certificates.own() != null) {
            return CertificateProof.own(
                    turn,
                    certificates.own(),
                    SignatureAuthentication.announcedIn(context.firstResponse()),
                    prf(),
                    sa.keys().skPi(),
                    ownSignedOctets());
        }
        // A gateway that takes both forms answers in ours; only one that is known to want the short
        // one is spoken to that way.
        boolean shortForm = context.profile().resumption().rfc5723Auth() == Rfc5723Auth.LIBRESWAN;
        byte[] auth = authentication(sa.keys().skPi(), ownSignedOctets(), shortForm);
        return List.of(
                new Payload.Authentication(Payload.Authentication.SHARED_KEY, Octets.of(auth)));
    }

    SignedOctets ownSignedOctets() {
        return new SignedOctets(
                context.firstRequest(),
                context.nr(),
                localIdentity().body(),
                context.intAuthOctets());
    }

    SignedOctets gatewaySignedOctets(Identity gateway) {
        return new SignedOctets(
                context.firstResponse(), context.ni(), gateway.body(), context.intAuthOctets());
    }

    /// Whether the gateway holds this pre-shared key.
    boolean verifiesKey(IkeSa sa, Identity gateway, Payload.Authentication auth, SecretBytes key) {
        byte[] expected =
                SharedKeyAuthentication.preShared(
                        prf(), key, sa.keys().skPr(), gatewaySignedOctets(gateway));
        return auth.method() == Payload.Authentication.SHARED_KEY
                && SharedKeyAuthentication.verify(expected, auth.data().array());
    }

    /// Why this AUTH does not prove the gateway; null where it does. By certificate where the
    /// profile names authorities, and then by nothing else.
    @Nullable String faultOf(
            Turn turn,
            IkeSa sa,
            Identity gateway,
            List<Payload> payloads,
            Payload.Authentication auth) {
        if (context.resumed() == null && provesByCertificate()) {
            return certificateFault(turn, sa, gateway, payloads, auth);
        }
        return verifies(sa, gateway, auth) ? null : "AUTH of " + gateway + " does not verify";
    }

    /// Goes on when it is known whether a certificate of the gateway's is revoked; the fault is
    /// null where none is.
    @FunctionalInterface
    interface Settled {
        void resume(Turn turn, @Nullable String fault);
    }

    /// Asks for news of revocation first where some are missing and policy wants them.
    void settleRevocation(Turn turn, IkeSa sa, Settled settled) {
        CertificatePolicy policy = context.profile().certificates();
        if (gatewayProof == null || policy == null) {
            settled.resume(turn, null);
            return;
        }
        AwaitingRevocation.settle(
                turn,
                sa,
                gatewayProof,
                policy,
                (later, _, outcome) -> {
                    switch (outcome) {
                        case CertificateProof.Outcome.Proven proven -> {
                            gatewayProof = proven.proof();
                            settled.resume(later, null);
                        }
                        case CertificateProof.Outcome.Refused refused -> {
                            later.count(refused.counter());
                            settled.resume(later, refused.detail());
                        }
                    }
                });
    }

    boolean provesByCertificate() {
        CertificatePolicy certificates = context.profile().certificates();
        return certificates != null && certificates.peers() != null;
    }

    @Nullable String certificateFault(
            Turn turn,
            IkeSa sa,
            Identity gateway,
            List<Payload> payloads,
            Payload.Authentication auth) {
        CertificatePolicy certificates = context.profile().certificates();
        if (certificates == null || auth.method() == Payload.Authentication.SHARED_KEY) {
            return gateway + " did not prove itself by a certificate";
        }
        CertificateProof.Outcome outcome =
                CertificateProof.judge(
                        turn,
                        certificates,
                        gateway,
                        payloads,
                        auth,
                        prf(),
                        sa.keys().skPr(),
                        gatewaySignedOctets(gateway));
        return switch (outcome) {
            case CertificateProof.Outcome.Proven proven -> {
                gatewayProof = proven.proof();
                yield null;
            }
            case CertificateProof.Outcome.Refused refused -> {
                turn.count(refused.counter());
                yield refused.detail();
            }
        };
    }

    private boolean verifies(IkeSa sa, Identity identity, Payload.Authentication auth) {
        if (auth.method() != Payload.Authentication.SHARED_KEY) {
            return false;
        }
        SignedOctets signed = gatewaySignedOctets(identity);
        byte[] received = auth.data().array();
        Rfc5723Auth forms = context.profile().resumption().rfc5723Auth();
        boolean rfc =
                SharedKeyAuthentication.verify(
                        authentication(sa.keys().skPr(), signed, false), received);
        boolean shortForm =
                context.resumed() != null
                        && forms != Rfc5723Auth.RFC
                        && SharedKeyAuthentication.verify(
                                authentication(sa.keys().skPr(), signed, true), received);
        return (rfc && (context.resumed() == null || forms != Rfc5723Auth.LIBRESWAN)) || shortForm;
    }

    private byte[] authentication(SecretBytes skP, SignedOctets signed, boolean shortForm) {
        IkeSuite suite = context.suite();
        if (context.resumed() == null) {
            return SharedKeyAuthentication.preShared(
                    suite.prf(), context.profile().preSharedKey(), skP, signed);
        }
        return shortForm
                ? SharedKeyAuthentication.resumedShortForm(suite.prf(), skP, signed)
                : SharedKeyAuthentication.resumed(suite.prf(), skP, signed);
    }

    /// SHA-256 of the certificate that proved the gateway; empty where it was none.
    Octets peerCertificate() {
        if (context.resumed() != null) {
            return context.resumed().peerCertificate();
        }
        return gatewayProof == null ? Octets.EMPTY : gatewayProof.fingerprint();
    }

    /// Seconds since 1970: no session outlives a certificate of either side; 0 for none.
    long hardDeadline() {
        if (context.resumed() != null) {
            return context.resumed().hardDeadline();
        }
        long earliest = gatewayProof == null ? Long.MAX_VALUE : gatewayProof.expiresAt();
        CertificatePolicy certificates = context.profile().certificates();
        if (certificates != null && certificates.own() != null && !isEap()) {
            earliest = Math.min(earliest, certificates.own().expiresAt().getEpochSecond());
        }
        return earliest == Long.MAX_VALUE ? 0 : earliest;
    }

    int method() {
        if (context.resumed() != null) {
            return context.resumed().authenticationMethod();
        }
        if (isEap()) {
            return Payload.Authentication.EAP;
        }
        CertificatePolicy certificates = context.profile().certificates();
        return certificates != null && certificates.own() != null
                ? Payload.Authentication.DIGITAL_SIGNATURE
                : Payload.Authentication.SHARED_KEY;
    }
}
