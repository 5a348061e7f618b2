package dev.postern.pki;

import static dev.postern.pki.Fixtures.NOW;
import static dev.postern.pki.Fixtures.chain;
import static dev.postern.pki.Fixtures.trusted;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/// What a list of the right issuer covers, and which lists count not at all: RFC 5280 sections 5.2
/// and 6.3.3.
class Rfc5280_5_2_ListExtensionsTest {
    private static final Instant NEXT = NOW.plusSeconds(86_400);

    private static X509v2CRLBuilder listOf(X509Certificate issuer, Instant thisUpdate) {
        return new JcaX509v2CRLBuilder(issuer, Date.from(thisUpdate))
                .setNextUpdate(Date.from(NEXT));
    }

    private static X509v2CRLBuilder current() throws UnreadableException {
        return listOf(Fixtures.certificate("ca"), NOW.minusSeconds(60));
    }

    private static RevocationStatus status(X509v2CRLBuilder list, String key, String... names)
            throws Exception {
        byte[] encoded = Pem.parse(Fixtures.read(key + ".key.pem")).getFirst().content();
        PrivateKey secret =
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        byte[] der =
                list.build(new JcaContentSignerBuilder("SHA256withECDSA").build(secret))
                        .getEncoded();
        return new RevocationEvidence(List.of(RevocationEvidence.decodeList(der)), Map.of())
                .statusOf(trusted(Fixtures.anchors().judge(chain(names), NOW)), NOW);
    }

    private static X509v2CRLBuilder revoking(X509v2CRLBuilder list) throws UnreadableException {
        return list.addCRLEntry(
                Fixtures.certificate("c07").getSerialNumber(),
                Date.from(NOW.minusSeconds(90)),
                CRLReason.keyCompromise);
    }

    @Test
    void aPlainListCoversEverything() throws Exception {
        assertThat(status(current(), "ca", "c07")).isInstanceOf(RevocationStatus.Good.class);
        assertThat(status(revoking(current()), "ca", "c07"))
                .isInstanceOf(RevocationStatus.Revoked.class);
    }

    @Test
    void aListOfTomorrowVouchesForNobodyYet() throws Exception {
        X509v2CRLBuilder early = listOf(Fixtures.certificate("ca"), NOW.plusSeconds(60));

        assertThat(status(early, "ca", "c07")).isInstanceOf(RevocationStatus.Unknown.class);
    }

    /// Section 5.2: "If a CRL contains a critical extension that the application cannot process,
    /// then the application MUST NOT use that CRL to determine the status of certificates."
    @Test
    void aListWithAnUnknownCriticalExtensionIsNotUsed() throws Exception {
        ASN1ObjectIdentifier unknown = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.7");
        X509v2CRLBuilder strange = current().addExtension(unknown, true, DERNull.INSTANCE);
        X509v2CRLBuilder harmless = current().addExtension(unknown, false, DERNull.INSTANCE);

        assertThat(status(strange, "ca", "c07")).isInstanceOf(RevocationStatus.Unknown.class);
        assertThat(status(harmless, "ca", "c07")).isInstanceOf(RevocationStatus.Good.class);
    }

    /// Section 5.2.5.
    @ParameterizedTest(
            name = "users {0}, authorities {1}, indirect {2}, attributes {3}: covers {4}")
    @CsvSource({
        "true,  false, false, false, true",
        "false, true,  false, false, false",
        "false, false, true,  false, false",
        "false, false, false, true,  false"
    })
    void aListOfSomeCertificatesVouchesForThoseAlone(
            boolean users,
            boolean authorities,
            boolean indirect,
            boolean attributes,
            boolean covers)
            throws Exception {
        ASN1Encodable point =
                new IssuingDistributionPoint(null, users, authorities, null, indirect, attributes);
        X509v2CRLBuilder partial =
                current().addExtension(Extension.issuingDistributionPoint, true, point);

        assertThat(status(partial, "ca", "c07"))
                .isInstanceOf(
                        covers ? RevocationStatus.Good.class : RevocationStatus.Unknown.class);
    }

    /// Section 5.2.4: it tells what has changed, and not what was revoked before.
    @Test
    void aDeltaVouchesForNobody() throws Exception {
        X509v2CRLBuilder delta =
                current().addExtension(Extension.deltaCRLIndicator, true, new ASN1Integer(1));

        assertThat(status(delta, "ca", "c07")).isInstanceOf(RevocationStatus.Unknown.class);
    }
}
