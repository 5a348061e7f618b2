package dev.postern.pki;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CRLException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

import javax.security.auth.x500.X500Principal;

/// Certificate revocation lists and OCSP responses (RFC 5280 section 6.3, RFC 6960), from wherever
/// they came: only what the issuer itself has signed counts, but for lists of the operator's own
/// where the issuer is not at hand ([#names]). The lists' signatures are verified once for an
/// issuer; used by one thread at a time.
public final class RevocationEvidence {
    public static final RevocationEvidence NONE = new RevocationEvidence(List.of(), Map.of());

    /// Issuers for which it is remembered whether a list is theirs.
    private static final int MOST_ISSUERS = 256;

    private static final Duration WITHOUT_AN_END = Duration.ofMinutes(10);

    /// The longest list that is looked at.
    public static final int LONGEST_LIST = 16 << 20;

    private final List<X509CRL> lists;
    private final Map<X509Certificate, byte[]> responses;

    /// Those of the lists that the operator has put here.
    private final Set<X509CRL> operators = Collections.newSetFromMap(new IdentityHashMap<>());

    private final JudgedPaths judged = new JudgedPaths();

    /// Whose each list is found to be; by the list itself, since a hash of one reads all of it.
    private final IdentityHashMap<X509CRL, Map<X509Certificate, Boolean>> signed =
            new IdentityHashMap<>();

    /// @param responses an OCSP response in DER for each certificate that has one
    public RevocationEvidence(List<X509CRL> lists, Map<X509Certificate, byte[]> responses) {
        this.lists = List.copyOf(lists);
        this.responses = Map.copyOf(responses);
    }

    /// Lists that the operator has put here, in files of his own.
    public static RevocationEvidence ofOperator(List<X509CRL> lists) {
        RevocationEvidence evidence = new RevocationEvidence(lists, Map.of());
        evidence.operators.addAll(lists);
        return evidence;
    }

    /// Decodes a list in DER, or the lists of a PEM file.
    public static List<X509CRL> decodeLists(byte[] octets) throws UnreadableException {
        if (octets.length > LONGEST_LIST) {
            throw new UnreadableException(
                    "a list of " + octets.length + " octets; wanted are at most " + LONGEST_LIST);
        }
        List<byte[]> encoded = List.of(octets);
        if (Pem.isPem(octets)) {
            encoded =
                    Pem.parse(octets).stream()
                            .filter(block -> block.label().equals(Pem.CRL))
                            .map(Pem::content)
                            .toList();
            if (encoded.isEmpty()) {
                throw new UnreadableException("a PEM file without a block " + Pem.CRL);
            }
        }
        List<X509CRL> lists = new ArrayList<>();
        for (byte[] der : encoded) {
            lists.add(decode(der));
        }
        return lists;
    }

    /// Decodes the one list that these octets are, in DER or PEM.
    public static X509CRL decodeList(byte[] octets) throws UnreadableException {
        List<X509CRL> lists = decodeLists(octets);
        if (lists.size() != 1) {
            throw new UnreadableException(lists.size() + " lists; wanted is one");
        }
        return lists.getFirst();
    }

    private static X509CRL decode(byte[] der) throws UnreadableException {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            return (X509CRL) factory.generateCRL(new ByteArrayInputStream(der));
        } catch (CRLException | CertificateException | RuntimeException e) {
            throw new UnreadableException("not a certificate revocation list");
        }
    }

    /// These lists and responses, and those of another.
    public RevocationEvidence and(RevocationEvidence other) {
        List<X509CRL> all = new ArrayList<>(lists);
        all.addAll(other.lists);
        Map<X509Certificate, byte[]> both = new HashMap<>(responses);
        both.putAll(other.responses);
        RevocationEvidence sum = new RevocationEvidence(all, both);
        sum.operators.addAll(operators);
        sum.operators.addAll(other.operators);
        return sum.remembering(this);
    }

    /// Takes over what was found out about the signatures of lists that both hold, and what was
    /// learned of paths.
    public RevocationEvidence remembering(RevocationEvidence other) {
        for (X509CRL list : lists) {
            Map<X509Certificate, Boolean> known = other.signed.get(list);
            if (known != null) {
                signed.computeIfAbsent(list, _ -> new HashMap<>()).putAll(known);
            }
        }
        judged.learn(other.judged);
        return this;
    }

    /// Takes note of a trusted path that was judged by this and more, so that [#names] knows whose
    /// lists may count, and what a responder has said. [#NONE] is everybody's and learns nothing.
    ///
    /// @param status of the path at that instant
    /// @return whether that was news
    public boolean learn(ChainVerdict.Trusted path, RevocationStatus status, Instant at) {
        if (this == NONE) {
            return false;
        }
        boolean more = judged.met(path);
        // A list that is kept speaks for itself, for as long as it is there.
        boolean kept =
                status instanceof RevocationStatus.Revoked
                        && statusOf(path, at) instanceof RevocationStatus.Revoked;
        boolean found = !kept && judged.found(path, status, at);
        return more || found;
    }

    /// The OCSP response at hand about a certificate, not judged; null where there is none.
    public byte @Nullable [] responseAbout(X509Certificate certificate) {
        byte[] response = responses.get(certificate);
        return response == null ? null : response.clone();
    }

    /// What is known of each certificate of a trusted path at an instant; revoked outweighs
    /// unknown.
    public RevocationStatus statusOf(ChainVerdict.Trusted trusted, Instant at) {
        RevocationStatus worst = new RevocationStatus.Good(Instant.MAX);
        for (int i = 0; i < trusted.path().size(); i++) {
            RevocationStatus status = statusOf(trusted.path().get(i), trusted.issuerOf(i), at);
            switch (status) {
                case RevocationStatus.Revoked revoked -> {
                    return revoked;
                }
                case RevocationStatus.Unknown unknown -> worst = unknown;
                case RevocationStatus.Good good -> {
                    if (worst instanceof RevocationStatus.Good before
                            && good.until().isBefore(before.until())) {
                        worst = good;
                    }
                }
            }
        }
        return worst;
    }

    /// Of which certificates of a path nothing current is known at an instant.
    public List<RevocationStatus.Unknown> unknownOf(ChainVerdict.Trusted trusted, Instant at) {
        List<RevocationStatus.Unknown> unknown = new ArrayList<>();
        for (int i = 0; i < trusted.path().size(); i++) {
            if (statusOf(trusted.path().get(i), trusted.issuerOf(i), at)
                    instanceof RevocationStatus.Unknown each) {
                unknown.add(each);
            }
        }
        return unknown;
    }

    /// What is known of one certificate of a trusted path. What was revoked stays so, however old
    /// the list is and whatever else is said.
    public RevocationStatus statusOf(
            X509Certificate certificate, X509Certificate issuer, Instant at) {
        RevocationStatus best = new RevocationStatus.Unknown(certificate, issuer);
        for (X509CRL list : lists) {
            if (isSignedBy(list, issuer)) {
                if (list.isRevoked(certificate)) {
                    return new RevocationStatus.Revoked(certificate);
                }
                if (isCurrent(list, at) && ListScope.covers(list, certificate)) {
                    best = new RevocationStatus.Good(list.getNextUpdate().toInstant());
                }
            }
        }
        RevocationStatus byResponse = byResponse(certificate, issuer, at);
        return byResponse instanceof RevocationStatus.Unknown ? best : byResponse;
    }

    /// Whether the certificate of this issuer and number, of which no more is at hand than that, is
    /// on a list, or was found to be revoked when a path with it was judged. A list counts where
    /// its issuer has signed it, who is an authority that is known or was met in a trusted path.
    /// One of the operator's own counts too where no authority of that name is at hand: what comes
    /// of it is that the peer has to show its certificate again.
    ///
    /// @param isIssuer whether this name, in DER, is its issuer's
    /// @param known certificates of authorities; asked for where a list has this number
    public boolean names(
            Predicate<byte[]> isIssuer, BigInteger serial, Supplier<List<X509Certificate>> known) {
        if (judged.isRevoked(isIssuer, serial)) {
            return true;
        }
        List<X509CRL> numbered =
                lists.stream().filter(list -> list.getRevokedCertificate(serial) != null).toList();
        if (numbered.isEmpty()) {
            return false;
        }
        List<X509Certificate> authorities = judged.issuersAnd(known.get());
        return numbered.stream().anyMatch(list -> isOfIssuer(list, isIssuer, authorities));
    }

    /// Names are compared as X.500 does where an authority of the name is at hand: its own lists
    /// may write it in another type of string than its certificates.
    private boolean isOfIssuer(
            X509CRL list, Predicate<byte[]> isIssuer, List<X509Certificate> authorities) {
        X500Principal name = list.getIssuerX500Principal();
        List<X509Certificate> ofItsName =
                authorities.stream()
                        .filter(each -> each.getSubjectX500Principal().equals(name))
                        .toList();
        boolean named =
                isIssuer.test(name.getEncoded())
                        || ofItsName.stream()
                                .anyMatch(each ->
                                        isIssuer.test(each.getSubjectX500Principal().getEncoded()));
        return named
                && (ofItsName.isEmpty()
                        ? operators.contains(list)
                        : ofItsName.stream().anyMatch(issuer -> isSignedBy(list, issuer)));
    }

    private boolean isSignedBy(X509CRL list, X509Certificate issuer) {
        Map<X509Certificate, Boolean> issuers = signed.computeIfAbsent(list, _ -> new HashMap<>());
        if (issuers.size() > MOST_ISSUERS) {
            issuers.clear();
        }
        return issuers.computeIfAbsent(issuer, each -> isOf(list, each));
    }

    private static boolean isOf(X509CRL list, X509Certificate issuer) {
        boolean[] usage = issuer.getKeyUsage();
        if (!list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                || (usage != null && !usage[6])
                || list.hasUnsupportedCriticalExtension()) {
            return false;
        }
        try {
            PublicKey key = issuer.getPublicKey();
            list.verify(key);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean isCurrent(X509CRL list, Instant at) {
        Date next = list.getNextUpdate();
        return next != null
                && !at.isBefore(list.getThisUpdate().toInstant())
                && !at.isAfter(next.toInstant());
    }

    /// Validates the one certificate under its issuer with the response at hand: the JDK judges who
    /// signed the response, the issuer or whom it has delegated (RFC 6960 section 4.2.2.2), and
    /// fetches nothing where a response is given.
    private RevocationStatus byResponse(
            X509Certificate certificate, X509Certificate issuer, Instant at) {
        byte[] response = responses.get(certificate);
        RevocationStatus unknown = new RevocationStatus.Unknown(certificate, issuer);
        if (response == null) {
            return unknown;
        }
        try {
            CertPathValidator validator = CertPathValidator.getInstance("PKIX");
            PKIXRevocationChecker checker =
                    (PKIXRevocationChecker) validator.getRevocationChecker();
            checker.setOptions(
                    EnumSet.of(
                            PKIXRevocationChecker.Option.NO_FALLBACK,
                            PKIXRevocationChecker.Option.ONLY_END_ENTITY));
            checker.setOcspResponses(Map.of(certificate, response));
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(issuer, null)));
            parameters.setDate(Date.from(at));
            parameters.addCertPathChecker(checker);
            validator.validate(
                    CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)),
                    parameters);
            OcspResponse.Single single = OcspResponse.decode(response).about(certificate, issuer);
            Instant until = single == null ? at : goodUntil(single);
            return until.isAfter(at) ? new RevocationStatus.Good(until) : unknown;
        } catch (CertPathValidatorException e) {
            return e.getReason() == CertPathValidatorException.BasicReason.REVOKED
                    ? new RevocationStatus.Revoked(certificate)
                    : unknown;
        } catch (GeneralSecurityException | UnreadableException | RuntimeException e) {
            return unknown;
        }
    }

    /// Until when an answer holds: as it says, or for a short while where its responder always has
    /// newer ones (RFC 6960 section 4.2.2.1).
    public static Instant goodUntil(OcspResponse.Single single) {
        Instant next = single.nextUpdate();
        return next == null ? single.thisUpdate().plus(WITHOUT_AN_END) : next;
    }
}
