package dev.postern.pki;

import static dev.postern.pki.Fixtures.NOW;
import static dev.postern.pki.Fixtures.chain;
import static dev.postern.pki.Fixtures.list;
import static dev.postern.pki.Fixtures.trusted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.crypto.Der;
import dev.postern.pki.issue.Extension;

import org.junit.jupiter.api.Test;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What lists of revoked certificates say, RFC 5280 section 6.3.
class RevocationEvidenceTest {
    /// Where the BIT STRING of the signature counts the bits of its last octet that are none; it is
    /// outside of what is signed.
    private static final int UNUSED_BITS = 83;

    private static RevocationStatus status(List<X509CRL> lists, String... names)
            throws UnreadableException {
        return new RevocationEvidence(lists, Map.of())
                .statusOf(trusted(Fixtures.anchors().judge(chain(names), NOW)), NOW);
    }

    @Test
    void nothingIsKnownWithoutAList() throws UnreadableException {
        assertThat(status(List.of(), "c07")).isInstanceOf(RevocationStatus.Unknown.class);
    }

    @Test
    void aCurrentListOfTheIssuerDecides() throws UnreadableException {
        assertThat(status(List.of(list("ca-c07")), "c07"))
                .isEqualTo(new RevocationStatus.Revoked(Fixtures.certificate("c07")));
        assertThat(status(List.of(list("ca-none")), "c07"))
                .isEqualTo(new RevocationStatus.Good(Instant.parse("2060-01-01T00:00:00Z")));
        assertThat(status(List.of(list("ca-c07")), "c07-rsa"))
                .isInstanceOf(RevocationStatus.Good.class);
    }

    @Test
    void aRevocationOutweighsAnotherListOfTheIssuerWhateverTheOrder() throws UnreadableException {
        assertThat(status(List.of(list("ca-none"), list("ca-c07")), "c07"))
                .isInstanceOf(RevocationStatus.Revoked.class);
        assertThat(status(List.of(list("ca-c07"), list("ca-none")), "c07"))
                .isInstanceOf(RevocationStatus.Revoked.class);
    }

    @Test
    void anotherIssuersListSaysNothing() throws UnreadableException {
        assertThat(status(List.of(list("other-none")), "c07"))
                .isInstanceOf(RevocationStatus.Unknown.class);
    }

    /// Section 6.3.3 (f): where the issuer's certificate has a key usage, it has to hold cRLSign.
    @Test
    void aListOfAnIssuerWhoseKeyIsNotForListsSaysNothing() throws UnreadableException {
        Extension signsCertificatesAlone =
                new Extension(
                        "551d0f", true, Der.write(Der.BIT_STRING, new byte[] {2, (byte) 0x04}));
        Instant notAfter = Fixtures.certificate("ca").getNotAfter().toInstant();
        List<X509CRL> lists = List.of(list("ca-c07"), list("ca-none"));

        assertThat(
                        ofAnchor(
                                lists,
                                Fixtures.authority(
                                        notAfter, Extension.authority(1), signsCertificatesAlone)))
                .isInstanceOf(RevocationStatus.Unknown.class);
        assertThat(
                        ofAnchor(
                                lists,
                                Fixtures.authority(
                                        notAfter,
                                        Extension.authority(1),
                                        Extension.signsCertificates())))
                .as("with cRLSign")
                .isInstanceOf(RevocationStatus.Revoked.class);
        assertThat(ofAnchor(lists, Fixtures.authority(notAfter, Extension.authority(1))))
                .as("without a key usage")
                .isInstanceOf(RevocationStatus.Revoked.class);
    }

    private static RevocationStatus ofAnchor(List<X509CRL> lists, X509Certificate anchor)
            throws UnreadableException {
        ChainVerdict verdict = new TrustAnchors(List.of(anchor)).judge(chain("c07"), NOW);
        return new RevocationEvidence(lists, Map.of()).statusOf(trusted(verdict), NOW);
    }

    @Test
    void anOldListVouchesForNobodyAndStillRevokes() throws UnreadableException {
        assertThat(status(List.of(list("ca-stale")), "c07"))
                .isInstanceOf(RevocationStatus.Unknown.class);
        assertThat(status(List.of(list("ca-stale-c07")), "c07"))
                .isEqualTo(new RevocationStatus.Revoked(Fixtures.certificate("c07")));
    }

    @Test
    void everyCertificateOfThePathNeedsAList() throws UnreadableException {
        assertThat(status(List.of(list("ca-none")), "c07-sub", "sub"))
                .as("no list of the intermediate")
                .isInstanceOf(RevocationStatus.Unknown.class);
    }

    /// As a session names it, of which no more is at hand.
    private static boolean names(RevocationEvidence evidence, X509Certificate... known)
            throws UnreadableException {
        X509Certificate revoked = Fixtures.certificate("c07");
        byte[] issuer = revoked.getIssuerX500Principal().getEncoded();
        return evidence.names(
                name -> Arrays.equals(name, issuer),
                revoked.getSerialNumber(),
                () -> List.of(known));
    }

    @Test
    void aListOfAnAuthorityThatIsNotAtHandNamesNobodyUnlessItIsTheOperatorsOwn()
            throws UnreadableException {
        List<X509CRL> lists = List.of(list("ca-c07"));
        RevocationEvidence fetched = new RevocationEvidence(lists, Map.of());
        assertThat(names(fetched)).isFalse();
        assertThat(names(RevocationEvidence.ofOperator(lists))).isTrue();
        assertThat(names(RevocationEvidence.NONE.and(RevocationEvidence.ofOperator(lists))))
                .isTrue();
        assertThat(names(fetched, Fixtures.anchors().certificates().getFirst())).isTrue();
    }

    @Test
    void onceAnAuthorityWasMetInATrustedPathItsListsCountAndLaterOnesToo()
            throws UnreadableException {
        RevocationEvidence before = new RevocationEvidence(List.of(list("ca-none")), Map.of());
        ChainVerdict.Trusted path = trusted(Fixtures.anchors().judge(chain("c07"), NOW));
        assertThat(before.learn(path, before.statusOf(path, NOW), NOW)).isTrue();
        assertThat(before.learn(path, before.statusOf(path, NOW), NOW)).as("again").isFalse();
        RevocationEvidence fetched = new RevocationEvidence(List.of(list("ca-c07")), Map.of());
        assertThat(names(fetched)).isFalse();
        assertThat(names(fetched.remembering(before))).isTrue();
    }

    /// RFC 5280 section 5.3.1: certificateHold ends.
    @Test
    void whatWasFoundRevokedIsSoUntilItIsFoundGoodLater() throws UnreadableException {
        ChainVerdict.Trusted path = trusted(Fixtures.anchors().judge(chain("c07"), NOW));
        RevocationStatus revoked = new RevocationStatus.Revoked(path.leaf());
        RevocationEvidence own = new RevocationEvidence(List.of(), Map.of());

        assertThat(own.learn(path, revoked, NOW)).isTrue();
        assertThat(own.learn(path, revoked, NOW)).as("again").isFalse();
        assertThat(names(own)).isTrue();
        own.learn(path, new RevocationStatus.Unknown(path.leaf(), path.anchor()), NOW);
        assertThat(names(own)).as("who does not answer takes nothing back").isTrue();

        RevocationEvidence later = new RevocationEvidence(List.of(), Map.of()).remembering(own);
        assertThat(names(later)).as("other lists do not end it").isTrue();
        assertThat(later.learn(path, new RevocationStatus.Good(NOW), NOW.plusSeconds(1))).isTrue();
        assertThat(names(later)).isFalse();
        assertThat(names(own.remembering(later))).as("what was found later counts").isFalse();
        assertThat(names(later.remembering(own))).isFalse();
    }

    @Test
    void whatAListSaysEndsWithTheList() throws UnreadableException {
        ChainVerdict.Trusted path = trusted(Fixtures.anchors().judge(chain("c07"), NOW));
        RevocationEvidence listed = new RevocationEvidence(List.of(list("ca-c07")), Map.of());
        listed.learn(path, listed.statusOf(path, NOW), NOW);
        assertThat(names(listed)).isTrue();

        assertThat(names(new RevocationEvidence(List.of(), Map.of()).remembering(listed)))
                .isFalse();
    }

    @Test
    void nothingIsLearnedByWhatEverybodyShares() throws UnreadableException {
        ChainVerdict.Trusted path = trusted(Fixtures.anchors().judge(chain("c07"), NOW));
        RevocationStatus revoked = new RevocationStatus.Revoked(path.leaf());

        assertThat(RevocationEvidence.NONE.learn(path, revoked, NOW)).isFalse();
        assertThat(names(RevocationEvidence.NONE)).isFalse();
    }

    /// The list claims another issuer's name; the name is not enough.
    @Test
    void aListWithAChangedOctetIsNobodys() throws UnreadableException {
        byte[] good = Pem.parse(Fixtures.read("ca-none.crl")).getFirst().content();
        assertThat(good[UNUSED_BITS - 2]).as("tag of the BIT STRING").isEqualTo((byte) 3);
        for (int i = 0; i < good.length; i++) {
            if (i == UNUSED_BITS) {
                continue;
            }
            byte[] changed = good.clone();
            changed[i] ^= 1;
            X509CRL list;
            try {
                list = RevocationEvidence.decodeList(changed);
            } catch (UnreadableException e) {
                continue;
            }
            assertThat(status(List.of(list), "c07"))
                    .as("octet %d", i)
                    .isInstanceOf(RevocationStatus.Unknown.class);
        }
        assertThatExceptionOfType(UnreadableException.class)
                .isThrownBy(
                        () -> RevocationEvidence.decodeList(Arrays.copyOf(good, good.length / 2)));
    }
}
