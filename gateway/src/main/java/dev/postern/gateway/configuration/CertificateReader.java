package dev.postern.gateway.configuration;

import dev.postern.crypto.SecretBytes;
import dev.postern.pki.Credentials;
import dev.postern.pki.IdentityPattern;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.RevocationSources;
import dev.postern.pki.SubjectNames;
import dev.postern.pki.TrustAnchors;
import dev.postern.pki.UnreadableException;
import dev.postern.wire.Identity;
import dev.postern.wire.PrintableText;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;

import javax.security.auth.x500.X500Principal;

/// Reads a table `certificates` and the files that it names. Null comes back where there is none.
final class CertificateReader {
    private final Section section;
    private final Identity identity;
    private final Instant now;

    private CertificateReader(Section section, Identity identity, Instant now) {
        this.section = section;
        this.identity = identity;
        this.now = now;
    }

    /// Whether the table names a certificate of ours.
    static boolean hasOwn(Section section) {
        return section.has(CertificateKeys.CERTIFICATE) || section.has(CertificateKeys.PKCS12);
    }

    /// @param identity the gateway's, which its certificate must name
    static @Nullable CertificateSettings ofProfile(
            Section profile, @Nullable Identity identity, Instant now) {
        Section section = profile.single(CertificateKeys.GATEWAY);
        if (CertificateKeys.GATEWAY.keys().stream().noneMatch(section::has)) {
            return null;
        }
        if (!hasOwn(section)) {
            section.missing(
                    CertificateKeys.CERTIFICATE,
                    "missing, and so is pkcs12; a gateway has to prove itself too");
        }
        boolean eap = profile.single(EapKeys.GATEWAY).has(EapKeys.METHOD);
        if (!section.has(CertificateKeys.TRUST) && !eap) {
            section.missing(
                    CertificateKeys.TRUST,
                    "missing; without EAP nobody could come in by this table");
        }
        List<IdentityPattern> peers = section.optional(CertificateKeys.PEERS);
        reserveForTrust(section, CertificateKeys.PEERS);
        return new CertificateReader(section, orStandIn(identity), now)
                .read(peers == null ? List.of() : peers);
    }

    /// @param identity the client's, which its certificate must name
    static @Nullable CertificateSettings ofClient(
            Section top, @Nullable Identity identity, Instant now) {
        Section section = top.single(CertificateKeys.CLIENT);
        if (CertificateKeys.CLIENT.keys().stream().noneMatch(section::has)) {
            return null;
        }
        if (!hasOwn(section) && !section.has(CertificateKeys.TRUST)) {
            section.missing(
                    CertificateKeys.TRUST,
                    "missing, and so are certificate and pkcs12; the table says nothing else");
        }
        if (hasOwn(section) && EapReader.isIn(top)) {
            section.place(
                            section.has(CertificateKeys.CERTIFICATE)
                                    ? CertificateKeys.CERTIFICATE
                                    : CertificateKeys.PKCS12)
                    .contradicts(
                            "stands beside the table eap, by which we prove ourselves; legal is one"
                                    + " of the two (that of eap.method = \"tls\" stands there)");
        }
        return new CertificateReader(section, orStandIn(identity), now).read(List.of());
    }

    /// What the table `eap` with method tls says of the other end's certificates.
    ///
    /// @param trusted who vouches for them
    static CertificateSettings ofTls(Section section, List<X509Certificate> trusted, Instant now) {
        CertificateReader reader =
                new CertificateReader(section, SharedKeys.IDENTITY.standIn(), now);
        reader.warnOfAuthorities(trusted);
        List<Path> lists = section.optional(CertificateKeys.CRL);
        return reader.news(
                null,
                new TrustAnchors(trusted),
                List.of(),
                lists == null ? List.of() : lists,
                false);
    }

    private static Identity orStandIn(@Nullable Identity identity) {
        return identity == null ? SharedKeys.IDENTITY.standIn() : identity;
    }

    private static void reserveForTrust(Section section, Key<?>... keys) {
        for (Key<?> each : keys) {
            if (section.has(each) && !section.has(CertificateKeys.TRUST)) {
                section.place(each)
                        .contradicts("means nothing without trust; legal with trust only");
            }
        }
    }

    private CertificateSettings read(List<IdentityPattern> peers) {
        Credentials own = own();
        TrustAnchors trust = trust();
        List<Path> lists = section.optional(CertificateKeys.CRL);
        reserveForTrust(
                section,
                CertificateKeys.CRL,
                CertificateKeys.CRL_URLS,
                CertificateKeys.REVOCATION,
                CertificateKeys.FROM_CERTIFICATES,
                CertificateKeys.OCSP_URLS,
                CertificateKeys.OCSP_NONCE);
        return news(
                own,
                trust,
                peers,
                lists == null ? List.of() : lists,
                section.get(CertificateKeys.OCSP_STAPLE));
    }

    private CertificateSettings news(
            @Nullable Credentials own,
            @Nullable TrustAnchors trust,
            List<IdentityPattern> peers,
            List<Path> lists,
            boolean staples) {
        return new CertificateSettings(
                own,
                trust,
                peers,
                section.get(CertificateKeys.REVOCATION),
                lists,
                evidence(lists, trust),
                online(staples));
    }

    private CertificateSettings.Online online(boolean staples) {
        List<String> lists = section.optional(CertificateKeys.CRL_URLS);
        List<String> responders = section.optional(CertificateKeys.OCSP_URLS);
        return new CertificateSettings.Online(
                lists == null ? List.of() : lists,
                new RevocationSources(
                        responders == null ? List.of() : responders,
                        section.get(CertificateKeys.FROM_CERTIFICATES),
                        section.get(CertificateKeys.OCSP_NONCE)),
                staples);
    }

    private @Nullable Credentials own() {
        Path certificate = section.optional(CertificateKeys.CERTIFICATE);
        Path key = section.optional(CertificateKeys.PRIVATE_KEY);
        Path pkcs12 = section.optional(CertificateKeys.PKCS12);
        Path passphraseFile = section.optional(CertificateKeys.PASSPHRASE);
        checkTogether();
        SecretBytes passphrase =
                passphraseFile == null
                        ? null
                        : PskReader.ofFile(
                                passphraseFile, section.place(CertificateKeys.PASSPHRASE));
        if (passphraseFile != null && passphrase == null) {
            return null;
        }
        Credentials own = null;
        if (pkcs12 != null && passphrase != null) {
            own = ofPkcs12(pkcs12, passphrase);
        } else if (certificate != null && key != null) {
            own = ofPair(certificate, key, passphrase);
        }
        if (passphrase != null) {
            passphrase.close();
        }
        if (own != null) {
            judgeOwn(
                    own,
                    certificate == null ? CertificateKeys.PKCS12 : CertificateKeys.CERTIFICATE);
        }
        return own;
    }

    private void checkTogether() {
        boolean certificate = section.has(CertificateKeys.CERTIFICATE);
        boolean key = section.has(CertificateKeys.PRIVATE_KEY);
        boolean pkcs12 = section.has(CertificateKeys.PKCS12);
        if (pkcs12 && (certificate || key)) {
            section.place(CertificateKeys.PKCS12)
                    .contradicts(
                            "stands beside "
                                    + (certificate ? "certificate" : "private-key")
                                    + "; legal is pkcs12 alone, or certificate with private-key");
        } else if (certificate && !key) {
            section.missing(CertificateKeys.PRIVATE_KEY, "missing with certificate");
        } else if (key && !certificate) {
            section.missing(CertificateKeys.CERTIFICATE, "missing with private-key");
        }
        if (pkcs12 && !section.has(CertificateKeys.PASSPHRASE)) {
            section.missing(CertificateKeys.PASSPHRASE, "missing with pkcs12");
        }
        if (section.has(CertificateKeys.PASSPHRASE) && !key && !pkcs12) {
            section.place(CertificateKeys.PASSPHRASE)
                    .contradicts("opens nothing; legal with private-key or pkcs12 only");
        }
    }

    private @Nullable Credentials ofPair(
            Path certificate, Path key, @Nullable SecretBytes passphrase) {
        Place keyPlace = section.place(CertificateKeys.PRIVATE_KEY);
        byte[] chain = OctetFile.read(certificate, section.place(CertificateKeys.CERTIFICATE));
        byte[] secret = OctetFile.readSecret(key, keyPlace);
        char[] opening = passphrase == null ? null : characters(passphrase);
        try {
            return chain == null || secret == null
                    ? null
                    : Credentials.of(chain, secret, opening, new SecureRandom()::nextBytes);
        } catch (UnreadableException e) {
            keyPlace.contradicts("cannot use " + certificate + " with " + key + ": " + reason(e));
            return null;
        } finally {
            wipe(secret, opening);
        }
    }

    private @Nullable Credentials ofPkcs12(Path file, SecretBytes passphrase) {
        Place place = section.place(CertificateKeys.PKCS12);
        byte[] octets = OctetFile.readSecret(file, place);
        char[] opening = characters(passphrase);
        try {
            return octets == null
                    ? null
                    : Credentials.ofPkcs12(octets, opening, new SecureRandom()::nextBytes);
        } catch (UnreadableException e) {
            place.contradictsFile(file, reason(e));
            return null;
        } finally {
            wipe(octets, opening);
        }
    }

    private static void wipe(byte @Nullable [] octets, char @Nullable [] passphrase) {
        if (octets != null) {
            Arrays.fill(octets, (byte) 0);
        }
        if (passphrase != null) {
            Arrays.fill(passphrase, '\0');
        }
    }

    private static char[] characters(SecretBytes passphrase) {
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(passphrase.expose()));
        char[] exact = Arrays.copyOf(decoded.array(), decoded.length());
        Arrays.fill(decoded.array(), '\0');
        return exact;
    }

    /// A peer compares the certificate with our identity, and looks at its times.
    private void judgeOwn(Credentials own, Key<Path> key) {
        X509Certificate leaf = own.chain().leaf();
        if (!SubjectNames.names(leaf, identity)) {
            section.place(key)
                    .contradicts(
                            "does not name "
                                    + identity
                                    + ", so nobody would believe us; its own name is "
                                    + SubjectNames.firstOf(leaf)
                                    + "; legal is a certificate with identity as its"
                                    + " subjectAltName, or a distinguished name as its subject");
        }
        for (X509Certificate each : own.chain().certificates()) {
            CertificateTimes.warnOfOwn(each, section.place(key), now);
        }
    }

    private static String reason(UnreadableException e) {
        return PrintableText.of(String.valueOf(e.getMessage()));
    }

    static String nameOf(X509Certificate certificate) {
        return Place.printable(certificate.getSubjectX500Principal().getName());
    }

    static String day(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }

    private @Nullable TrustAnchors trust() {
        List<Path> files = section.optional(CertificateKeys.TRUST);
        if (files == null) {
            return null;
        }
        Place place = section.place(CertificateKeys.TRUST);
        List<X509Certificate> authorities = new ArrayList<>();
        for (Path file : files) {
            byte[] octets = OctetFile.read(file, place);
            try {
                if (octets != null) {
                    authorities.addAll(Credentials.authoritiesOf(octets));
                }
            } catch (UnreadableException e) {
                place.contradictsFile(file, reason(e));
            }
        }
        warnOfAuthorities(authorities);
        return authorities.isEmpty() ? null : new TrustAnchors(authorities);
    }

    private void warnOfAuthorities(List<X509Certificate> authorities) {
        Place place = section.place(CertificateKeys.TRUST);
        authorities.forEach(each -> CertificateTimes.warnOfAuthority(each, place, now));
    }

    /// A list whose authority is not trusted counts in a full exchange only for a peer that sends a
    /// certificate of that authority along, and in a resume as the operator's word; one that has
    /// ended lets nobody in.
    private void warnOfList(X509CRL list, Path file, @Nullable TrustAnchors trust) {
        Place place = section.place(CertificateKeys.CRL);
        X500Principal issuer = list.getIssuerX500Principal();
        if (trust != null
                && trust.certificates().stream()
                        .noneMatch(each -> each.getSubjectX500Principal().equals(issuer))) {
            place.warn(
                    "%s is of %s, and none of trust has that name; it counts only for peers that send"
                                    .formatted(file, Place.printable(issuer.getName()))
                            + " a certificate of that authority along, and for sessions that are"
                            + " resumed, unverified until such a peer came");
        }
        Date ends = list.getNextUpdate();
        if (ends != null && now.isAfter(ends.toInstant())) {
            place.warn(
                    "%s HAS ENDED on %s: whom it revokes stays out, but it vouches for nobody"
                            .formatted(file, day(ends.toInstant())));
        }
    }

    private RevocationEvidence evidence(List<Path> files, @Nullable TrustAnchors trust) {
        Place place = section.place(CertificateKeys.CRL);
        RevocationEvidence evidence = RevocationEvidence.NONE;
        for (Path file : files) {
            byte[] octets = OctetFile.read(file, RevocationEvidence.LONGEST_LIST, place);
            try {
                if (octets != null) {
                    List<X509CRL> lists = RevocationEvidence.decodeLists(octets);
                    lists.forEach(list -> warnOfList(list, file, trust));
                    evidence = evidence.and(RevocationEvidence.ofOperator(lists));
                }
            } catch (UnreadableException e) {
                place.contradictsFile(file, reason(e));
            }
        }
        return evidence;
    }
}
