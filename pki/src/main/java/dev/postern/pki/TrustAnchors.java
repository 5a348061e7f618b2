package dev.postern.pki;

import dev.postern.crypto.Der;
import dev.postern.crypto.MalformedDerException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
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

/// The authorities that a profile trusts, each as long as its own certificate is valid: RFC 5280
/// section 6.2 leaves that to us, and whoever keeps authorities in files expects it. Keeps a
/// bounded number of the paths that it found, so that a peer that comes again costs no signature
/// but its own; used by one thread at a time.
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
    private final KeptPaths kept = new KeptPaths();

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
        ChainVerdict.Trusted before = kept.find(chain, at);
        if (before != null) {
            return before;
        }
        X509Certificate leaf = chain.leaf();
        String purpose = purposeFault(leaf);
        if (purpose != null) {
            return new ChainVerdict.Refused(ChainVerdict.Reason.NOT_ALLOWED, purpose);
        }
        try {
            PKIXCertPathBuilderResult result = build(chain, at, validAt(at));
            List<X509Certificate> path = new ArrayList<>();
            for (Certificate each : result.getCertPath().getCertificates()) {
                path.add((X509Certificate) each);
            }
            X509Certificate anchor = result.getTrustAnchor().getTrustedCert();
            if (path.isEmpty()) {
                // The leaf is itself an anchor.
                path.add(leaf);
            }
            X509Certificate outside = outsideConstraints(path, anchor);
            if (outside != null) {
                return new ChainVerdict.Refused(
                        ChainVerdict.Reason.NAME_CONSTRAINT,
                        anchor.getSubjectX500Principal()
                                + " may not vouch for "
                                + outside.getSubjectX500Principal());
            }
            ChainVerdict.Trusted trusted = trusted(path, anchor);
            kept.keep(chain, trusted);
            return trusted;
        } catch (CertPathBuilderException e) {
            ChainVerdict.Refused untimely = untimelyAuthority(chain, at);
            return untimely == null ? refused(chain, at, e) : untimely;
        } catch (GeneralSecurityException
                | IOException
                | MalformedDerException
                | RuntimeException e) {
            return new ChainVerdict.Refused(
                    ChainVerdict.Reason.NOT_ALLOWED, "the chain cannot be judged");
        }
    }

    /// An authority's own name constraints bind as well (RFC 5937), which path validation does not
    /// see in an anchor.
    private static @Nullable X509Certificate outsideConstraints(
            List<X509Certificate> path, X509Certificate anchor)
            throws IOException, MalformedDerException {
        byte[] extension = anchor.getExtensionValue(NAME_CONSTRAINTS);
        if (extension != null) {
            Der wrapped = Der.of(extension);
            X509CertSelector within = new X509CertSelector();
            within.setNameConstraints(wrapped.content(Der.OCTET_STRING));
            wrapped.finish();
            for (X509Certificate each : path) {
                if (!each.equals(anchor) && !within.match(each)) {
                    return each;
                }
            }
        }
        return null;
    }

    private static ChainVerdict.Trusted trusted(
            List<X509Certificate> path, X509Certificate anchor) {
        Instant notAfter = anchor.getNotAfter().toInstant();
        for (X509Certificate each : path) {
            Instant end = each.getNotAfter().toInstant();
            notAfter = end.isBefore(notAfter) ? end : notAfter;
        }
        return new ChainVerdict.Trusted(path, anchor, notAfter);
    }

    /// Path validation does not look at how long an anchor is valid (RFC 5280 section 6.1). One
    /// that is not must not stand in the way of another of the same name and key.
    private Set<TrustAnchor> validAt(Instant at) {
        Set<TrustAnchor> valid = new HashSet<>();
        for (TrustAnchor each : anchors) {
            X509Certificate certificate = each.getTrustedCert();
            if (!at.isBefore(certificate.getNotBefore().toInstant())
                    && !at.isAfter(certificate.getNotAfter().toInstant())) {
                valid.add(each);
            }
        }
        return valid;
    }

    private static PKIXCertPathBuilderResult build(
            CertificateChain chain, Instant at, Set<TrustAnchor> anchors)
            throws GeneralSecurityException {
        if (anchors.isEmpty()) {
            throw new CertPathBuilderException("no authority is valid now");
        }
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(chain.leaf());
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
        parameters.addCertStore(
                CertStore.getInstance(
                        "Collection", new CollectionCertStoreParameters(chain.certificates())));
        parameters.setDate(Date.from(at));
        parameters.setMaxPathLength(LONGEST_PATH);
        parameters.setRevocationEnabled(false);
        return (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
    }

    /// What is wrong where nothing but the times of its authority keeps a chain from being trusted;
    /// null where something else does.
    private ChainVerdict.@Nullable Refused untimelyAuthority(CertificateChain chain, Instant at) {
        Set<TrustAnchor> others = new HashSet<>(anchors);
        others.removeAll(validAt(at));
        try {
            X509Certificate authority = build(chain, at, others).getTrustAnchor().getTrustedCert();
            Instant begins = authority.getNotBefore().toInstant();
            String whose = "the authority " + authority.getSubjectX500Principal();
            return at.isBefore(begins)
                    ? new ChainVerdict.Refused(
                            ChainVerdict.Reason.NOT_YET_VALID, whose + " is valid from " + begins)
                    : new ChainVerdict.Refused(
                            ChainVerdict.Reason.EXPIRED,
                            whose + " expired at " + authority.getNotAfter().toInstant());
        } catch (GeneralSecurityException | RuntimeException e) {
            return null;
        }
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
