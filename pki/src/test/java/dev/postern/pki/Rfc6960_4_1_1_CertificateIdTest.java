package dev.postern.pki;

import static dev.postern.pki.Fixtures.NOW;
import static dev.postern.pki.Fixtures.chain;
import static dev.postern.pki.Fixtures.trusted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.pki.OcspResponse.Single;

import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Which certificate an answer is about, RFC 6960 section 4.1.1: issuerNameHash, issuerKeyHash and
/// serialNumber together name it. The certificate here is "c07", which "ca" has issued.
class Rfc6960_4_1_1_CertificateIdTest {
    private static final Instant SOON = NOW.plus(Duration.ofHours(1));
    private static final Instant LATER = NOW.plus(Duration.ofHours(9));

    private static @Nullable Single about(CertificateID id) throws Exception {
        return OcspResponse.decode(new OcspByHand().good(id, NOW, SOON).encoded(NOW))
                .about(Fixtures.certificate("c07"), Fixtures.certificate("ca"));
    }

    private static CertificateID id(String issuer, AlgorithmIdentifier hash) throws Exception {
        return OcspByHand.id(issuer, Fixtures.certificate("c07"), hash);
    }

    /// SHA-1, and SHA-256, SHA-384 and SHA-512.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.3.14.3.2.26",
                "2.16.840.1.101.3.4.2.1",
                "2.16.840.1.101.3.4.2.2",
                "2.16.840.1.101.3.4.2.3"
            })
    void theHashesMayBeOfAnyAlgorithmThatIsKnown(String algorithm) throws Exception {
        AlgorithmIdentifier hash = OcspByHand.hash(algorithm);
        assertThat(about(id("ca", hash))).isNotNull();
        assertThat(about(id("other", hash))).isNull();
    }

    @Test
    void hashesOfAnUnknownAlgorithmNameNobody() throws Exception {
        CertificateID known = id("ca", OcspByHand.SHA_1);
        assertThat(about(with(known, OcspByHand.hash("1.2.840.113549.2.5"), known))).isNull();
    }

    @Test
    void nameKeyAndNumberHaveToBeThoseOfTheCertificate() throws Exception {
        CertificateID right = id("ca", OcspByHand.SHA_1);
        CertificateID wrong = id("other", OcspByHand.SHA_1);
        assertThat(about(with(right, OcspByHand.SHA_1, right))).isNotNull();
        assertThat(about(with(wrong, OcspByHand.SHA_1, right))).as("another name").isNull();
        assertThat(about(with(right, OcspByHand.SHA_1, wrong))).as("another key").isNull();
        X509Certificate another = Fixtures.certificate("c07-rsa");
        assertThat(about(OcspByHand.id("ca", another, OcspByHand.SHA_1)))
                .as("another number")
                .isNull();
    }

    /// The name of one issuer and the key of another.
    private static CertificateID with(
            CertificateID name, AlgorithmIdentifier hash, CertificateID key) {
        return new CertificateID(
                new CertID(
                        hash,
                        name.toASN1Primitive().getIssuerNameHash(),
                        key.toASN1Primitive().getIssuerKeyHash(),
                        name.toASN1Primitive().getSerialNumber()));
    }

    @Test
    void withoutTheIssuersCertificateItsNameHasToDo() throws Exception {
        CertificateID right = id("ca", OcspByHand.SHA_1);
        CertificateID wrong = id("other", OcspByHand.SHA_1);
        X509Certificate certificate = Fixtures.certificate("c07");
        for (CertificateID key : List.of(right, wrong)) {
            byte[] encoded =
                    new OcspByHand()
                            .good(with(right, OcspByHand.SHA_1, key), NOW, SOON)
                            .encoded(NOW);
            assertThat(OcspResponse.decode(encoded).about(certificate, null)).isNotNull();
        }
        byte[] encoded = new OcspByHand().good(wrong, NOW, SOON).encoded(NOW);
        assertThat(OcspResponse.decode(encoded).about(certificate, null)).isNull();
    }

    /// A responder may answer for several authorities at once, and both have a certificate of this
    /// number.
    @Test
    void theAnswerAboutAnotherAuthoritysCertificateIsNotOurs() throws Exception {
        CertificateID ours = id("ca", OcspByHand.SHA_1);
        CertificateID another = id("other", OcspByHand.SHA_1);
        CertificateID namesake = with(ours, OcspByHand.SHA_1, another);
        for (CertificateID theirs : List.of(another, namesake)) {
            byte[] theirsFirst =
                    new OcspByHand().good(theirs, NOW, LATER).good(ours, NOW, SOON).encoded(NOW);
            byte[] oursFirst =
                    new OcspByHand().good(ours, NOW, SOON).good(theirs, NOW, LATER).encoded(NOW);
            byte[] theirsAlone = new OcspByHand().good(theirs, NOW, LATER).encoded(NOW);

            assertThat(status(theirsFirst)).isEqualTo(new RevocationStatus.Good(SOON));
            assertThat(status(oursFirst)).isEqualTo(new RevocationStatus.Good(SOON));
            assertThat(status(theirsAlone)).isInstanceOf(RevocationStatus.Unknown.class);
        }
    }

    /// The platform, which judges who has signed a response, finds answers by SHA-1 alone.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2.16.840.1.101.3.4.2.1",
                "2.16.840.1.101.3.4.2.2",
                "2.16.840.1.101.3.4.2.3"
            })
    void anAnswerByOtherHashesThanThoseThatWeAskByVouchesForNobody(String algorithm)
            throws Exception {
        CertificateID id = id("ca", OcspByHand.hash(algorithm));
        byte[] response = new OcspByHand().good(id, NOW, SOON).encoded(NOW);
        assertThat(status(response)).isInstanceOf(RevocationStatus.Unknown.class);
    }

    private static RevocationStatus status(byte[] response) throws Exception {
        return new RevocationEvidence(List.of(), Map.of(Fixtures.certificate("c07"), response))
                .statusOf(trusted(Fixtures.anchors().judge(chain("c07"), NOW)), NOW);
    }

    @Test
    void aRequestNamesACertificateAsOthersDo() throws Exception {
        assertThat(
                        CertificateId.of(Fixtures.certificate("c07"), Fixtures.certificate("ca"))
                                .encoded())
                .isEqualTo(id("ca", OcspByHand.SHA_1).toASN1Primitive().getEncoded("DER"));
    }
}
