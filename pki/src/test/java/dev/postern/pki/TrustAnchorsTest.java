package dev.postern.pki;

import static dev.postern.pki.Fixtures.NOW;
import static dev.postern.pki.Fixtures.anchors;
import static dev.postern.pki.Fixtures.chain;
import static dev.postern.pki.Fixtures.reason;
import static dev.postern.pki.Fixtures.trusted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.pki.ChainVerdict.Reason;
import dev.postern.pki.issue.Extension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// Which chains are trusted: RFC 5280 section 6, RFC 4945 section 5, T-CERT-2 and T-CERT-9.
class TrustAnchorsTest {
    private static final Instant LATE = Instant.parse("2059-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({"c07", "c07-rsa", "c07-ed", "c07-p521"})
    void aCertificateOfTheAuthorityIsTrustedUntilItExpires(String name) throws UnreadableException {
        ChainVerdict.Trusted verdict = trusted(anchors().judge(chain(name), NOW));
        assertThat(verdict.leaf()).isEqualTo(Fixtures.certificate(name));
        assertThat(verdict.notAfter()).isEqualTo(Instant.parse("2060-01-01T00:00:00Z"));
    }

    @Test
    void anIntermediateMustBeSentAlongInAnyOrder() throws UnreadableException {
        ChainVerdict.Trusted verdict = trusted(anchors().judge(chain("c07-sub", "sub"), NOW));
        assertThat(verdict.path()).hasSize(2);
        trusted(anchors().judge(chain("c07-sub", "other", "sub", "ca"), NOW));
        assertThat(reason(anchors().judge(chain("c07-sub"), NOW))).isEqualTo(Reason.NO_PATH);
    }

    @Test
    void anotherAuthoritysCertificateIsUntrustedEvenIfItIsSentAlong() throws UnreadableException {
        assertThat(reason(anchors().judge(chain("c07-other"), NOW))).isEqualTo(Reason.NO_PATH);
        assertThat(reason(anchors().judge(chain("c07-other", "other"), NOW)))
                .isEqualTo(Reason.NO_PATH);
    }

    @Test
    void whoIsNoAuthorityVouchesForNobody() throws UnreadableException {
        assertThat(anchors().judge(chain("c07-nobody", "c07"), NOW))
                .isInstanceOf(ChainVerdict.Refused.class);
    }

    /// Interop: certificates before and after their time | OpenSSL | neither
    @Test
    void expiryIsJudgedAtTheInstantThatIsPassedIn() throws UnreadableException {
        assertThat(reason(anchors().judge(chain("c07-expired"), NOW))).isEqualTo(Reason.EXPIRED);
        TrustAnchors anchors = anchors();
        CertificateChain brief = chain("c07-short");
        Instant end = Instant.parse("2026-01-01T02:00:00Z");
        assertThat(trusted(anchors.judge(brief, NOW)).notAfter()).isEqualTo(end);
        trusted(anchors.judge(brief, end));
        assertThat(reason(anchors.judge(brief, end.plusSeconds(1)))).isEqualTo(Reason.EXPIRED);
        assertThat(reason(anchors.judge(brief, Instant.parse("2019-12-31T23:59:59Z"))))
                .isEqualTo(Reason.NOT_YET_VALID);
        trusted(anchors.judge(brief, NOW));
    }

    /// Section 6.2 of RFC 5280 lets an implementation limit the paths of a trust anchor; section
    /// 6.1 itself does not look at how long one is valid.
    @Test
    void anAuthorityThatHasExpiredVouchesForNobody() throws UnreadableException {
        Instant end = NOW.plusSeconds(60);
        TrustAnchors anchors =
                new TrustAnchors(
                        List.of(
                                Fixtures.authority(
                                        end,
                                        Extension.authority(1),
                                        Extension.signsCertificates())));

        assertThat(anchors.judge(chain("c07"), end.plusSeconds(1)))
                .isEqualTo(
                        new ChainVerdict.Refused(
                                Reason.EXPIRED,
                                "the authority CN=Test CA expired at 2026-01-01T00:01:00Z"));
        assertThat(trusted(anchors.judge(chain("c07"), end)).notAfter())
                .as("no longer than the authority itself")
                .isEqualTo(end);
        assertThat(reason(anchors.judge(chain("c07"), end.plusSeconds(1))))
                .as("once it was trusted")
                .isEqualTo(Reason.EXPIRED);
    }

    @Test
    void anAuthorityThatIsNotValidYetVouchesForNobody() throws UnreadableException {
        Instant begin = NOW.plusSeconds(60);
        TrustAnchors anchors = new TrustAnchors(List.of(authority(begin, LATE)));

        assertThat(anchors.judge(chain("c07"), begin.minusSeconds(1)))
                .isEqualTo(
                        new ChainVerdict.Refused(
                                Reason.NOT_YET_VALID,
                                "the authority CN=Test CA is valid from 2026-01-01T00:01:00Z"));
        trusted(anchors.judge(chain("c07"), begin));
        assertThat(reason(anchors.judge(chain("c07"), begin.minusSeconds(1))))
                .as("once it was trusted")
                .isEqualTo(Reason.NOT_YET_VALID);
    }

    /// An authority is renewed with the key that it has, and both certificates are in the file.
    @Test
    void ofTwoCertificatesOfAnAuthorityTheOneThatIsValidCounts() throws UnreadableException {
        Instant change = NOW.plusSeconds(60);
        X509Certificate older = authority(NOW, change);
        X509Certificate newer = authority(change.plusSeconds(1), LATE);
        for (List<X509Certificate> both : List.of(List.of(older, newer), List.of(newer, older))) {
            TrustAnchors anchors = new TrustAnchors(both);
            assertThat(trusted(anchors.judge(chain("c07"), NOW)).anchor()).isEqualTo(older);
            assertThat(trusted(anchors.judge(chain("c07"), change.plusSeconds(1))).anchor())
                    .isEqualTo(newer);
        }
    }

    @Test
    void anAuthorityThatDoesNotVouchIsNotBlamedForItsTimes() throws UnreadableException {
        TrustAnchors anchors = new TrustAnchors(List.of(authority(NOW, NOW.plusSeconds(60))));

        assertThat(reason(anchors.judge(chain("c07-other"), NOW.plusSeconds(61))))
                .isEqualTo(Reason.NO_PATH);
    }

    private static X509Certificate authority(Instant notBefore, Instant notAfter)
            throws UnreadableException {
        return Fixtures.authority(
                notBefore, notAfter, Extension.authority(1), Extension.signsCertificates());
    }

    /// Interop: name constraints of an authority between | OpenSSL | neither
    @Test
    void tCert2NameConstraintsPermitAndExclude() throws UnreadableException {
        trusted(anchors().judge(chain("good", "narrow"), NOW));
        // To a builder of paths a path outside the constraints is none.
        assertThat(reason(anchors().judge(chain("outside", "narrow"), NOW)))
                .isIn(Reason.NAME_CONSTRAINT, Reason.NO_PATH);
        assertThat(reason(anchors().judge(chain("excluded", "narrow"), NOW)))
                .isIn(Reason.NAME_CONSTRAINT, Reason.NO_PATH);
    }

    /// RFC 5937: the authority that is trusted itself has constraints.
    ///
    /// Interop: name constraints of a trust anchor (RFC 5937) | OpenSSL | neither
    @Test
    void tCert2NameConstraintsOfATrustAnchorBindToo() throws UnreadableException {
        TrustAnchors narrow = new TrustAnchors(List.of(Fixtures.certificate("narrow")));
        trusted(narrow.judge(chain("good"), NOW));
        assertThat(reason(narrow.judge(chain("outside"), NOW))).isEqualTo(Reason.NAME_CONSTRAINT);
        assertThat(reason(narrow.judge(chain("excluded"), NOW))).isEqualTo(Reason.NAME_CONSTRAINT);
    }

    @Test
    void aKeyThatIsNotForSigningOrNotForIkeIsRefused() throws UnreadableException {
        assertThat(reason(anchors().judge(chain("c07-encipher"), NOW)))
                .isEqualTo(Reason.NOT_ALLOWED);
        assertThat(reason(anchors().judge(chain("c07-code"), NOW))).isEqualTo(Reason.NOT_ALLOWED);
    }

    @Test
    void anAuthoritysOwnCertificateProvesNobody() throws UnreadableException {
        assertThat(reason(anchors().judge(chain("sub"), NOW))).isEqualTo(Reason.NOT_ALLOWED);
        assertThat(reason(anchors().judge(chain("ca"), NOW))).isEqualTo(Reason.NOT_ALLOWED);
    }

    @Test
    void tooManyOrTooLongCertificatesAreNotLookedAt() throws UnreadableException {
        List<byte[]> many = Collections.nCopies(11, Fixtures.der("c07"));
        assertThatExceptionOfType(UnreadableException.class)
                .isThrownBy(() -> CertificateChain.decode(many));
        assertThatExceptionOfType(UnreadableException.class)
                .isThrownBy(() -> CertificateChain.decode(List.of()));
        assertThatExceptionOfType(UnreadableException.class)
                .isThrownBy(() -> CertificateChain.decode(List.of(new byte[20_000])))
                .withMessageContaining("20000 octets");
    }

    @Test
    void theAuthoritiesOfCertreqAreHashesOfTheirKeys()
            throws UnreadableException, NoSuchAlgorithmException {
        byte[] key = Fixtures.certificate("ca").getPublicKey().getEncoded();
        assertThat(anchors().authorities())
                .isEqualTo(MessageDigest.getInstance("SHA-1").digest(key));
    }

    /// T-CERT-9 and its kin: an octet is changed anywhere, or the end is missing.
    @Test
    void tCert9AChangedOrCutCertificateIsNeverTrustedAndNeverThrowsAnythingElse()
            throws UnreadableException {
        byte[] good = Fixtures.der("c07");
        TrustAnchors anchors = anchors();
        int judged = 0;
        for (int i = 0; i < good.length; i++) {
            byte[] changed = good.clone();
            changed[i] ^= (byte) 0x55;
            try {
                CertificateChain chain = CertificateChain.decode(List.of(changed));
                judged++;
                assertThat(anchors.judge(chain, NOW))
                        .as("octet %d", i)
                        .isInstanceOf(ChainVerdict.Refused.class);
            } catch (UnreadableException e) {
                assertThat(e).hasMessageContaining("certificate");
            }
            byte[] cut = Arrays.copyOf(good, i);
            assertThatExceptionOfType(UnreadableException.class)
                    .isThrownBy(() -> CertificateChain.decode(List.of(cut)));
        }
        assertThat(judged).as("some of them decode").isPositive();
        byte[] longer = Arrays.copyOf(good, good.length + 1);
        assertThatExceptionOfType(UnreadableException.class)
                .isThrownBy(() -> CertificateChain.decode(List.of(longer)))
                .withMessageContaining("follow");
    }
}
