package dev.postern.pki;

import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The authorities that a profile trusts. Immutable; any thread.
public final class TrustAnchors {
    private static final int LONGEST_PATH = 6;

    /// Extended key usages of which one must stand in a leaf that has any: anyExtendedKeyUsage,
    /// server and client authentication, and those of IKE (RFC 4945 section 5.1.3.12).
    private static final Set<String> KEY_PURPOSES =
            Set.of(
                    "2.5.29.37.0",
                    "1.3.6.1.5.5.7.3.1",
                    "1.3.6.1.5.5.7.3.2",
                    "1.3.6.1.5.5.7.3.17",
                    "1.3.6.1.5.5.8.2.2");

    private static final String NAME_CONSTRAINTS = "2.5.29.30";

    private final List<X509Certificate> certificates;
    private final Set<TrustAnchor> anchors = new HashSet<>();

    public TrustAnchors(List<X509Certificate> certificates) {
        this.certificates = List.copyOf(certificates);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("nobody to trust");
        }
        certificates.forEach(certificate -> anchors.add(new TrustAnchor(certificate, null)));
    }

    public List<X509Certificate> certificates() {
        return certificates;
    }

    /// What CERTREQ says: SHA-1 of each authority's public key (RFC 7296 section 3.7).
    public byte[] authorities() {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] hashes = new byte[20 * certificates.size()];
            for (int i = 0; i < certificates.size(); i++) {
                byte[] key = certificates.get(i).getPublicKey().getEncoded();
                System.arraycopy(sha1.digest(key), 0, hashes, 20 * i, 20);
            }
            return hashes;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a JDK without SHA-1", e);
        }
    }

    /// Judges a chain at an instant. Revocation is looked at apart, once a path is trusted: nothing
    /// that an untrusted certificate names is ever fetched.
    public ChainVerdict judge(CertificateChain chain, Instant at) {
        X509Certificate leaf = chain.leaf();
        String purpose = purposeFault(leaf);
        if (purpose != null) {
            return new ChainVerdict.Refused(ChainVerdict.Reason.NOT_ALLOWED, purpose);
        }
        try {
            PKIXCertPathBuilderResult result =
                    (PKIXCertPathBuilderResult)
                            CertPathBuilder.getInstance("PKIX").build(parameters(chain, at));
            List<X509Certificate> path = new ArrayList<>();
            for (Certificate each : result.getCertPath().getCertificates()) {
                path.add((X509Certificate) each);
            }
            X509Certificate anchor = result.getTrustAnchor().getTrustedCert();
            if (path.isEmpty()) {
                // The leaf is itself an anchor.
                path.add(leaf);
            }
            if (anchor.getExtensionValue(NAME_CONSTRAINTS) != null) {
                judgeUnderConstraints(path, anchor, at);
            }
            return trusted(path, anchor, at);
        } catch (CertPathBuilderException | CertPathValidatorException e) {
            return refused(chain, at, e);
        } catch (GeneralSecurityException | RuntimeException e) {
            return new ChainVerdict.Refused(
                    ChainVerdict.Reason.NOT_ALLOWED, "the chain cannot be judged");
        }
    }

    /// An authority's own name constraints bind as well (RFC 5937), which path validation does not
    /// see in an anchor: here the authority stands in the path, under its bare key.
    private static void judgeUnderConstraints(
            List<X509Certificate> path, X509Certificate anchor, Instant at)
            throws GeneralSecurityException {
        List<X509Certificate> whole = new ArrayList<>(path);
        whole.add(anchor);
        TrustAnchor key =
                new TrustAnchor(anchor.getSubjectX500Principal(), anchor.getPublicKey(), null);
        PKIXParameters parameters = new PKIXParameters(Set.of(key));
        parameters.setDate(Date.from(at));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(
                        CertificateFactory.getInstance("X.509").generateCertPath(whole),
                        parameters);
    }

    private static ChainVerdict trusted(
            List<X509Certificate> path, X509Certificate anchor, Instant at) {
        Instant notAfter = anchor.getNotAfter().toInstant();
        for (X509Certificate each : path) {
            Instant end = each.getNotAfter().toInstant();
            notAfter = end.isBefore(notAfter) ? end : notAfter;
        }
        if (notAfter.isBefore(at)) {
            return new ChainVerdict.Refused(
                    ChainVerdict.Reason.EXPIRED,
                    "the authority "
                            + anchor.getSubjectX500Principal()
                            + " expired at "
                            + anchor.getNotAfter().toInstant());
        }
        return new ChainVerdict.Trusted(path, anchor, notAfter);
    }

    private PKIXBuilderParameters parameters(CertificateChain chain, Instant at)
            throws GeneralSecurityException {
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(chain.leaf());
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
        parameters.addCertStore(
                CertStore.getInstance(
                        "Collection", new CollectionCertStoreParameters(chain.certificates())));
        parameters.setDate(Date.from(at));
        parameters.setMaxPathLength(LONGEST_PATH);
        parameters.setRevocationEnabled(false);
        return parameters;
    }

    private static ChainVerdict.Refused refused(
            CertificateChain chain, Instant at, GeneralSecurityException failure) {
        X509Certificate leaf = chain.leaf();
        String name = String.valueOf(leaf.getSubjectX500Principal());
        for (X509Certificate each : chain.certificates()) {
            String whose = String.valueOf(each.getSubjectX500Principal());
            if (at.isAfter(each.getNotAfter().toInstant())) {
                return new ChainVerdict.Refused(
                        ChainVerdict.Reason.EXPIRED,
                        "the certificate of "
                                + whose
                                + " expired at "
                                + each.getNotAfter().toInstant());
            }
            if (at.isBefore(each.getNotBefore().toInstant())) {
                return new ChainVerdict.Refused(
                        ChainVerdict.Reason.NOT_YET_VALID,
                        "the certificate of "
                                + whose
                                + " is valid from "
                                + each.getNotBefore().toInstant());
            }
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathValidatorException validation) {
                ChainVerdict.Reason reason = reasonOf(validation);
                if (reason != ChainVerdict.Reason.NO_PATH) {
                    return new ChainVerdict.Refused(
                            reason,
                            "the chain of " + name + " is refused: " + validation.getMessage());
                }
            }
        }
        return new ChainVerdict.Refused(
                ChainVerdict.Reason.NO_PATH,
                "no trusted authority vouches for "
                        + name
                        + ", issued by "
                        + leaf.getIssuerX500Principal());
    }

    private static ChainVerdict.Reason reasonOf(CertPathValidatorException failure) {
        CertPathValidatorException.Reason reason = failure.getReason();
        if (reason == PKIXReason.INVALID_NAME) {
            return ChainVerdict.Reason.NAME_CONSTRAINT;
        }
        if (reason == CertPathValidatorException.BasicReason.INVALID_SIGNATURE) {
            return ChainVerdict.Reason.BAD_SIGNATURE;
        }
        return (reason instanceof PKIXReason && reason != PKIXReason.NO_TRUST_ANCHOR)
                        || reason == CertPathValidatorException.BasicReason.ALGORITHM_CONSTRAINED
                ? ChainVerdict.Reason.NOT_ALLOWED
                : ChainVerdict.Reason.NO_PATH;
    }

    /// RFC 4945 section 5.1.3: what a certificate for IKE may be restricted to.
    private static @Nullable String purposeFault(X509Certificate leaf) {
        boolean[] usage = leaf.getKeyUsage();
        if (usage != null && !usage[0] && !usage[1]) {
            return "the key usage of "
                    + leaf.getSubjectX500Principal()
                    + " has neither digitalSignature nor nonRepudiation";
        }
        try {
            List<String> purposes = leaf.getExtendedKeyUsage();
            if (purposes != null && purposes.stream().noneMatch(KEY_PURPOSES::contains)) {
                return "the extended key usage of "
                        + leaf.getSubjectX500Principal()
                        + " has none of the purposes for IKE";
            }
        } catch (GeneralSecurityException e) {
            return "the extended key usage cannot be read";
        }
        return null;
    }
}
