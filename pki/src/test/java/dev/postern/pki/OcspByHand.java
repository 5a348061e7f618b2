package dev.postern.pki;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Date;

/// An OCSP response that the authority "ca" signs, whatever it says.
final class OcspByHand {
    static final AlgorithmIdentifier SHA_1 = CertificateID.HASH_SHA1;

    private final BasicOCSPRespBuilder answers;

    OcspByHand() throws Exception {
        X509CertificateHolder issuer = new X509CertificateHolder(Fixtures.der("ca"));
        answers = new BasicOCSPRespBuilder(new RespID(issuer.getSubject()));
    }

    static AlgorithmIdentifier hash(String objectIdentifier) {
        return new AlgorithmIdentifier(new ASN1ObjectIdentifier(objectIdentifier));
    }

    /// What names the certificate of this number of an issuer.
    static CertificateID id(String issuer, X509Certificate numbered, AlgorithmIdentifier hash)
            throws Exception {
        return new CertificateID(
                new JcaDigestCalculatorProviderBuilder().build().get(hash),
                new X509CertificateHolder(Fixtures.der(issuer)),
                numbered.getSerialNumber());
    }

    OcspByHand good(CertificateID id, Instant thisUpdate, @Nullable Instant nextUpdate) {
        answers.addResponse(
                id,
                null,
                Date.from(thisUpdate),
                nextUpdate == null ? null : Date.from(nextUpdate),
                null);
        return this;
    }

    byte[] encoded(Instant producedAt) throws Exception {
        byte[] encoded = Pem.parse(Fixtures.read("ca.key.pem")).getFirst().content();
        PrivateKey secret =
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        return new OCSPRespBuilder()
                .build(
                        OCSPRespBuilder.SUCCESSFUL,
                        answers.build(
                                new JcaContentSignerBuilder("SHA256withECDSA").build(secret),
                                new X509CertificateHolder[0],
                                Date.from(producedAt)))
                .getEncoded();
    }
}
