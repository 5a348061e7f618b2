package dev.postern.pki;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/// Certificates that an authority has signed by RSASSA-PSS (RFC 4055 section 3.1), with parameters
/// that are right and with such as broke others: T-CERT-4 and T-CERT-6. The signature is true in
/// all of them.
class PssCertificatesTest {
    private static final Instant BEGIN = Instant.parse("2025-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("2030-01-01T00:00:00Z");
    private static final PSSParameterSpec SHA256 =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
    private static final ASN1Encodable HASH =
            new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256, DERNull.INSTANCE);
    private static final ASN1Encodable MASK =
            new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, HASH);

    private static KeyPair authorityPair;
    private static KeyPair leafPair;
    private static TrustAnchors anchors;

    /// Signs truly, and says of the signature what it is told to.
    private record Signer(AlgorithmIdentifier algorithm, ByteArrayOutputStream text)
            implements ContentSigner {
        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return algorithm;
        }

        @Override
        public OutputStream getOutputStream() {
            return text;
        }

        @Override
        public byte[] getSignature() {
            try {
                Signature signature = Signature.getInstance("RSASSA-PSS");
                signature.setParameter(SHA256);
                signature.initSign(authorityPair.getPrivate());
                signature.update(text.toByteArray());
                return signature.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static byte[] certificate(
            String subject, KeyPair pair, boolean authority, AlgorithmIdentifier algorithm)
            throws Exception {
        return new X509v3CertificateBuilder(
                        new X500Name("CN=Authority"),
                        BigInteger.TWO,
                        Date.from(BEGIN),
                        Date.from(END),
                        new X500Name(subject),
                        SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()))
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(authority))
                .build(new Signer(algorithm, new ByteArrayOutputStream()))
                .getEncoded();
    }

    private static ASN1Encodable tagged(int tag, ASN1Encodable value) {
        return new DERTaggedObject(true, tag, value);
    }

    private static AlgorithmIdentifier pss(ASN1Encodable... parameters) {
        return new AlgorithmIdentifier(
                PKCSObjectIdentifiers.id_RSASSA_PSS, new DERSequence(parameters));
    }

    private static AlgorithmIdentifier withSalt(BigInteger length) {
        return pss(tagged(0, HASH), tagged(1, MASK), tagged(2, new ASN1Integer(length)));
    }

    private static AlgorithmIdentifier withMask(ASN1Encodable mask) {
        return pss(
                tagged(0, HASH),
                tagged(1, mask),
                tagged(2, new ASN1Integer(BigInteger.valueOf(32))));
    }

    private static ChainVerdict judge(byte[] certificate) throws UnreadableException {
        return anchors.judge(CertificateChain.decode(List.of(certificate)), Fixtures.NOW);
    }

    private static ChainVerdict judge(AlgorithmIdentifier algorithm) throws Exception {
        return judge(certificate("CN=peer", leafPair, false, algorithm));
    }

    /// Unreadable, or read and refused; never anything else.
    private static void assertUseless(String what, AlgorithmIdentifier algorithm) throws Exception {
        byte[] certificate = certificate("CN=peer", leafPair, false, algorithm);
        try {
            assertThat(judge(certificate)).as(what).isInstanceOf(ChainVerdict.Refused.class);
        } catch (UnreadableException e) {
            assertThat(e).as(what).hasMessageContaining("certificate");
        }
    }

    @BeforeAll
    static void makeTheAuthority() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        authorityPair = generator.generateKeyPair();
        leafPair = generator.generateKeyPair();
        byte[] root =
                certificate("CN=Authority", authorityPair, true, withSalt(BigInteger.valueOf(32)));
        anchors = new TrustAnchors(CertificateChain.decode(List.of(root)).certificates());
    }

    @Test
    void theRightParametersAreTrusted() throws Exception {
        Fixtures.trusted(judge(withSalt(BigInteger.valueOf(32))));
    }

    /// A salt longer than the key, than an `int` and than a `long`, one below zero, and a short
    /// one.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "20",
                "31",
                "33",
                "223",
                "2147483647",
                "2147483648",
                "4294967328",
                "18446744073709551648",
                "-1",
                "-2147483648"
            })
    void tCert4ASaltOfAnotherLengthThanTheSignaturesIsRefused(String length) throws Exception {
        assertUseless(length, withSalt(new BigInteger(length)));
    }

    @Test
    void tCert6AMaskWithoutItsHashOrOfAnotherKindIsRefused() throws Exception {
        Map<String, AlgorithmIdentifier> algorithms =
                Map.of(
                        "no hash of the mask",
                        withMask(new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1)),
                        "NULL for the hash of the mask",
                        withMask(
                                new AlgorithmIdentifier(
                                        PKCSObjectIdentifiers.id_mgf1, DERNull.INSTANCE)),
                        "an empty hash of the mask",
                        withMask(
                                new AlgorithmIdentifier(
                                        PKCSObjectIdentifiers.id_mgf1, new DERSequence())),
                        "an empty mask",
                        withMask(new DERSequence()),
                        "a mask that is a hash",
                        withMask(HASH),
                        "a number for the mask",
                        withMask(new ASN1Integer(BigInteger.ONE)),
                        "no mask",
                        pss(tagged(0, HASH), tagged(2, new ASN1Integer(BigInteger.valueOf(32)))),
                        "no hash",
                        pss(tagged(1, MASK), tagged(2, new ASN1Integer(BigInteger.valueOf(32)))));
        for (Map.Entry<String, AlgorithmIdentifier> each : algorithms.entrySet()) {
            assertUseless(each.getKey(), each.getValue());
        }
    }

    @Test
    void tCert6NoParametersAtAllAreRefused() throws Exception {
        assertUseless("none", new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSASSA_PSS));
        assertUseless(
                "NULL",
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSASSA_PSS, DERNull.INSTANCE));
        assertUseless("all by default", pss());
    }
}
