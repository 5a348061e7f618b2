package dev.postern.pki;

import static dev.postern.pki.Fixtures.NOW;
import static dev.postern.pki.Fixtures.chain;
import static dev.postern.pki.Fixtures.trusted;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/// How long an OCSP response counts, RFC 6960 section 4.2.2.1: one whose nextUpdate is past is not
/// to be relied on.
class Rfc6960_4_2_2_1_TimeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /// What "ca" says of "c07".
    private static byte[] good(Instant thisUpdate, @Nullable Instant nextUpdate) throws Exception {
        byte[] encoded = Pem.parse(Fixtures.read("ca.key.pem")).getFirst().content();
        PrivateKey secret =
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        X509CertificateHolder issuer = new X509CertificateHolder(Fixtures.der("ca"));
        CertificateID about =
                new CertificateID(
                        new JcaDigestCalculatorProviderBuilder()
                                .build()
                                .get(CertificateID.HASH_SHA1),
                        issuer,
                        Fixtures.certificate("c07").getSerialNumber());
        return new OCSPRespBuilder()
                .build(
                        OCSPRespBuilder.SUCCESSFUL,
                        new BasicOCSPRespBuilder(new RespID(issuer.getSubject()))
                                .addResponse(
                                        about,
                                        null,
                                        Date.from(thisUpdate),
                                        nextUpdate == null ? null : Date.from(nextUpdate),
                                        null)
                                .build(
                                        new JcaContentSignerBuilder("SHA256withECDSA")
                                                .build(secret),
                                        new X509CertificateHolder[0],
                                        Date.from(thisUpdate)))
                .getEncoded();
    }

    private static RevocationStatus status(byte[] response, Instant at) throws Exception {
        X509Certificate certificate = Fixtures.certificate("c07");
        return new RevocationEvidence(List.of(), Map.of(certificate, response))
                .statusOf(trusted(Fixtures.anchors().judge(chain("c07"), at)), at);
    }

    @Test
    void aResponseVouchesUntilItsNextUpdateAndNotAMomentLonger() throws Exception {
        Instant next = NOW.plus(Duration.ofHours(1));
        byte[] response = good(NOW, next);

        assertThat(status(response, NOW)).isEqualTo(new RevocationStatus.Good(next));
        assertThat(status(response, next.minus(SECOND))).isEqualTo(new RevocationStatus.Good(next));
        assertThat(status(response, next.plus(SECOND)))
                .isInstanceOf(RevocationStatus.Unknown.class);
    }

    /// Without nextUpdate the responder says that it always has newer news; ours is kept for ten
    /// minutes.
    @Test
    void aResponseWithoutNextUpdateVouchesForTenMinutes() throws Exception {
        Instant end = NOW.plus(Duration.ofMinutes(10));
        byte[] response = good(NOW, null);

        assertThat(status(response, end.minus(SECOND))).isEqualTo(new RevocationStatus.Good(end));
        assertThat(status(response, end.plus(SECOND))).isInstanceOf(RevocationStatus.Unknown.class);
    }
}
