package dev.postern.ike.exchange;

import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Ask;
import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.Counter;
import dev.postern.ike.PeerGroup;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.sa.SharedKeyAuthentication.SignedOctets;
import dev.postern.ike.sa.SignatureAuthentication;
import dev.postern.pki.CertificateChain;
import dev.postern.pki.ChainVerdict;
import dev.postern.pki.Credentials;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.RevocationSources;
import dev.postern.pki.RevocationStatus;
import dev.postern.pki.SubjectNames;
import dev.postern.pki.UnreadableException;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The witness that a certificate of a trusted authority names the peer, and that the peer holds
/// its key: only [#judge] makes one (RFC 7296 sections 2.15, 3.6 and 3.8, RFC 4945).
///
/// @param method the AUTH method
/// @param fingerprint SHA-256 of the peer's certificate
/// @param expiresAt seconds since 1970 at which the first certificate of the path expires
/// @param open where it is still to be asked whether a certificate is revoked; [#settle] makes the
///   whole proof of it
/// @param marks what the session keeps of it, by which the peer's group is found
record CertificateProof(
        int method, Octets fingerprint, long expiresAt, @Nullable Open open, List<Octets> marks) {
    /// X.509 Certificate - Signature (RFC 7296 section 3.6).
    static final int X509_SIGNATURE = 4;

    /// A trusted path, and what the peer itself has brought about the revocation of its
    /// certificates.
    record Open(ChainVerdict.Trusted path, RevocationEvidence brought) {
        /// What comes of it is learned: a responder's answer is not kept, and counts for resumes of
        /// other sessions too.
        RevocationStatus status(Turn turn, RevocationEvidence found) {
            RevocationEvidence own = turn.revocationEvidence();
            Instant now = instant(turn);
            RevocationStatus status = own.statusOf(path, now);
            if (status instanceof RevocationStatus.Unknown
                    && (found != RevocationEvidence.NONE || brought != RevocationEvidence.NONE)) {
                status = brought.and(found).and(own).remembering(own).statusOf(path, now);
            }
            own.learn(path, status, now);
            return status;
        }
    }

    /// What came of judging.
    sealed interface Outcome {
        record Proven(CertificateProof proof) implements Outcome {}

        /// @param detail for our own log; the peer is not told
        record Refused(Counter counter, String detail) implements Outcome {}

        /// Whether it is a refusal, which is counted.
        default boolean isRefused(Turn turn) {
            if (this instanceof Refused refused) {
                turn.count(refused.counter());
                return true;
            }
            return false;
        }
    }

    /// Judges the CERT payloads and the AUTH that came with them.
    ///
    /// @param skP of the peer
    static Outcome judge(
            Turn turn,
            CertificatePolicy policy,
            Identity claimed,
            List<Payload> payloads,
            Payload.Authentication auth,
            Prf prf,
            SecretBytes skP,
            SignedOctets signed) {
        if (!policy.admits(claimed) || policy.peers() == null) {
            return refused(claimed + " may not come by certificate");
        }
        if (claimed.type() == Identity.DER_ASN1_GN) {
            return refused("ID_DER_ASN1_GN is nobody's identity (RFC 4945, 3.1)");
        }
        try {
            CertificateChain chain = CertificateChain.decode(certificatesIn(payloads));
            if (!SubjectNames.names(chain.leaf(), claimed)) {
                return refused(
                        "the certificate of "
                                + chain.leaf().getSubjectX500Principal()
                                + " does not name "
                                + claimed);
            }
            // The signature first: it is cheaper than a path, and who cannot make it costs no more.
            if (!SignatureAuthentication.verify(chain.key(), auth, prf, skP, signed)) {
                return refused("AUTH of " + claimed + " does not verify");
            }
            return switch (policy.peers().judge(chain, instant(turn))) {
                case ChainVerdict.Refused no -> refused(no.detail());
                case ChainVerdict.Trusted path ->
                        judgeRevocation(
                                turn,
                                policy,
                                new Open(path, InBandOcsp.broughtFor(path, payloads)),
                                chain,
                                auth);
            };
        } catch (UnreadableException e) {
            return refused(String.valueOf(e.getMessage()));
        }
    }

    private static Outcome judgeRevocation(
            Turn turn,
            CertificatePolicy policy,
            Open path,
            CertificateChain chain,
            Payload.Authentication auth) {
        Octets fingerprint = Octets.of(chain.fingerprint());
        long expiresAt = path.path().notAfter().getEpochSecond();
        CertificateProof asking =
                new CertificateProof(
                        auth.method(),
                        fingerprint,
                        expiresAt,
                        path,
                        PeerGroup.marksOf(path.path().path()));
        if (policy.revocation() == CertificatePolicy.Revocation.OFF) {
            return new Outcome.Proven(asking.settled());
        }
        RevocationStatus status = path.status(turn, RevocationEvidence.NONE);
        return policy.sources() != null && status instanceof RevocationStatus.Unknown
                ? new Outcome.Proven(asking)
                : asking.settle(policy, status);
    }

    /// What is asked about the certificates of the path.
    Ask.LookUpRevocation question(Turn turn, RevocationSources sources) {
        return new Ask.LookUpRevocation(open == null ? List.of() : unknown(turn, open), sources);
    }

    /// Judges revocation by what is at hand and what was found.
    Outcome settle(Turn turn, CertificatePolicy policy, RevocationEvidence found) {
        if (open == null) {
            return new Outcome.Proven(this);
        }
        return settle(policy, open.status(turn, found));
    }

    private static List<RevocationStatus.Unknown> unknown(Turn turn, Open open) {
        RevocationEvidence own = turn.revocationEvidence();
        return open.brought().and(own).remembering(own).unknownOf(open.path(), instant(turn));
    }

    private CertificateProof settled() {
        return new CertificateProof(method, fingerprint, expiresAt, null, marks);
    }

    private Outcome settle(CertificatePolicy policy, RevocationStatus status) {
        Outcome proven = new Outcome.Proven(settled());
        return switch (status) {
            case RevocationStatus.Good _ -> proven;
            case RevocationStatus.Revoked revoked ->
                    new Outcome.Refused(
                            Counter.REFUSED_CERTIFICATE_REVOKED,
                            "the certificate of "
                                    + revoked.certificate().getSubjectX500Principal()
                                    + " is revoked");
            case RevocationStatus.Unknown unknown ->
                    policy.revocation() == CertificatePolicy.Revocation.RELAXED
                            ? proven
                            : new Outcome.Refused(
                                    Counter.REFUSED_CERTIFICATE,
                                    "nothing current is known of the revocation of "
                                            + unknown.certificate().getSubjectX500Principal());
        };
    }

    private static Instant instant(Turn turn) {
        return Instant.ofEpochSecond(turn.now().epochSeconds());
    }

    /// The first profile that lets a peer of this name in by certificate.
    static @Nullable ResponderProfile profileFor(Turn turn, HalfOpen half, Identity claimed) {
        for (ResponderProfile profile : turn.configuration().profiles()) {
            CertificatePolicy policy = profile.certificates();
            if (policy != null
                    && policy.admits(claimed)
                    && profile.ikeSuites().contains(half.suite())) {
                return profile;
            }
        }
        return null;
    }

    private static Outcome refused(String detail) {
        return new Outcome.Refused(Counter.REFUSED_CERTIFICATE, detail);
    }

    private static List<byte[]> certificatesIn(List<Payload> payloads) {
        List<byte[]> certificates = new ArrayList<>();
        for (Payload payload : payloads) {
            if (payload instanceof Payload.Certificate certificate
                    && certificate.encoding() == X509_SIGNATURE) {
                certificates.add(certificate.data().array());
            }
        }
        return certificates;
    }

    /// CERT for each certificate of our chain, and AUTH; null where the peer understands no
    /// signature that our key makes.
    ///
    /// @param skP ours
    /// @param stapled whether the peer asks for what is known of our certificates' revocation
    static @Nullable List<Payload> own(
            Turn turn,
            Credentials credentials,
            Set<Integer> peerHashes,
            Prf prf,
            SecretBytes skP,
            SignedOctets signed,
            boolean stapled) {
        Payload.Authentication auth =
                SignatureAuthentication.sign(
                        credentials.key(), peerHashes, prf, skP, signed, turn.entropy());
        if (auth == null) {
            return null;
        }
        List<Payload> payloads = new ArrayList<>();
        for (X509Certificate each : credentials.chain().certificates()) {
            try {
                payloads.add(new Payload.Certificate(X509_SIGNATURE, Octets.of(each.getEncoded())));
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a decoded certificate does not encode", e);
            }
        }
        if (stapled) {
            payloads.addAll(InBandOcsp.own(turn, credentials.chain()));
        }
        payloads.add(auth);
        return payloads;
    }

    /// What proves a gateway to one peer; null where it has no certificate, or the peer understands
    /// no signature that its key makes.
    static @Nullable List<Payload> ofGateway(
            Turn turn,
            IkeSa sa,
            HalfOpen half,
            @Nullable CertificatePolicy policy,
            Identity local,
            List<Payload> request) {
        return policy == null || policy.own() == null
                ? null
                : own(
                        turn,
                        policy.own(),
                        SignatureAuthentication.announcedIn(half.request()),
                        half.suite().prf(),
                        sa.keys().skPr(),
                        half.responderSigned(local.body()),
                        InBandOcsp.isAskedFor(request));
    }

    /// Whether a peer with a pre-shared key asks for our certificate: by CERTREQ, which one that
    /// expects the key does not send.
    static boolean isAskedFor(@Nullable CertificatePolicy policy, List<Payload> payloads) {
        return policy != null
                && policy.own() != null
                && Message.find(payloads, Payload.CertificateRequest.class) != null;
    }

    /// CERTREQ for the authorities that vouch for peers, and for news of their revocation.
    static List<Payload> request(@Nullable CertificatePolicy policy) {
        if (policy == null || policy.peers() == null) {
            return List.of();
        }
        List<Payload> requests = new ArrayList<>();
        requests.add(
                new Payload.CertificateRequest(
                        X509_SIGNATURE, Octets.of(policy.peers().authorities())));
        requests.addAll(InBandOcsp.request(policy));
        return requests;
    }
}
