package dev.postern.pki.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SecretBytes;
import dev.postern.crypto.SigningKey;
import dev.postern.pki.CertificateChain;
import dev.postern.pki.Credentials;
import dev.postern.pki.UnreadableException;
import dev.postern.wire.Identity;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.net.InetAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import javax.security.auth.x500.X500Principal;

/// What is issued, as Bouncy Castle reads it.
class AuthorityTest {
    private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant END = Instant.parse("2049-12-31T23:59:59Z");
    private static final Instant LATER = Instant.parse("2050-01-01T00:00:00Z");
    private static final Entropy ENTROPY = new Random(5)::nextBytes;

    private static KeyPair pair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static X509Certificate root(KeyPair pair, Extension... more) throws Exception {
        try (SigningKey key = SigningKey.of(SecretBytes.owning(pair.getPrivate().getEncoded()))) {
            List<Extension> extensions =
                    new ArrayList<>(List.of(Extension.authority(1), Extension.signsCertificates()));
            extensions.addAll(List.of(more));
            return Authority.selfSigned(
                    new Draft(
                            Draft.commonName("Root, \"quoted\" + ünïcode"),
                            pair.getPublic().getEncoded(),
                            BEGIN,
                            LATER,
                            extensions),
                    key,
                    ENTROPY);
        }
    }

    private static Authority authority(X509Certificate root, KeyPair pair) throws Exception {
        return Authority.of(credentials(root, pair), ENTROPY);
    }

    private static Credentials credentials(X509Certificate certificate, KeyPair pair)
            throws Exception {
        return new Credentials(
                new CertificateChain(List.of(certificate)),
                SigningKey.of(SecretBytes.owning(pair.getPrivate().getEncoded())));
    }

    private static X509Certificate leaf(Authority authority, String name, Extension... extensions)
            throws Exception {
        return authority.issue(
                new Draft(
                        Draft.commonName(name),
                        pair().getPublic().getEncoded(),
                        BEGIN,
                        END,
                        List.of(extensions)));
    }

    private static X509CertificateHolder read(X509Certificate certificate) throws Exception {
        return new X509CertificateHolder(certificate.getEncoded());
    }

    @Test
    void aRootSignsItself() throws Exception {
        KeyPair pair = pair();
        X509CertificateHolder root = read(root(pair));
        assertThat(
                        root.isSignatureValid(
                                new JcaContentVerifierProviderBuilder().build(pair.getPublic())))
                .isTrue();
        assertThat(root.getSubject()).isEqualTo(root.getIssuer());
        assertThat(root.getSubject().getRDNs()[0].getFirst().getValue().toString())
                .isEqualTo("Root, \"quoted\" + ünïcode");
        Extensions extensions = root.getExtensions();
        assertThat(BasicConstraints.fromExtensions(extensions).isCA()).isTrue();
        assertThat(BasicConstraints.fromExtensions(extensions).getPathLenConstraint()).isOne();
        assertThat(
                        KeyUsage.fromExtensions(extensions)
                                .hasUsages(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                .isTrue();
        assertThat(KeyUsage.fromExtensions(extensions).hasUsages(KeyUsage.digitalSignature))
                .isFalse();
    }

    /// RFC 5280 section 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on.
    @Test
    void timesAreWrittenAsTheirYearWants() throws Exception {
        KeyPair pair = pair();
        X509Certificate root = root(pair);
        assertThat(root.getNotBefore().toInstant()).isEqualTo(BEGIN);
        assertThat(root.getNotAfter().toInstant()).isEqualTo(LATER);
        assertThat(read(root).toASN1Structure().getEndDate().toASN1Primitive())
                .isInstanceOf(org.bouncycastle.asn1.ASN1GeneralizedTime.class);
        X509Certificate leaf = leaf(authority(root, pair), "leaf");
        assertThat(leaf.getNotAfter().toInstant()).isEqualTo(END);
        assertThat(read(leaf).toASN1Structure().getEndDate().toASN1Primitive())
                .isInstanceOf(org.bouncycastle.asn1.ASN1UTCTime.class);
    }

    @Test
    void namesOfEveryKindStandInACertificate() throws Exception {
        KeyPair pair = pair();
        X509Certificate leaf =
                leaf(
                        authority(root(pair), pair),
                        "gw1.example.net",
                        Extension.noAuthority(),
                        Extension.signs(),
                        Extension.names(
                                List.of(
                                        Identity.fqdn("gw1.example.net"),
                                        Identity.email("vpn@example.net"),
                                        Identity.address(InetAddress.ofLiteral("192.0.2.1")),
                                        Identity.address(InetAddress.ofLiteral("2001:db8::1"))),
                                false));
        GeneralNames names =
                GeneralNames.fromExtensions(
                        read(leaf).getExtensions(),
                        org.bouncycastle.asn1.x509.Extension.subjectAlternativeName);
        assertThat(names.getNames())
                .containsExactly(
                        new GeneralName(GeneralName.dNSName, "gw1.example.net"),
                        new GeneralName(GeneralName.rfc822Name, "vpn@example.net"),
                        new GeneralName(GeneralName.iPAddress, "192.0.2.1"),
                        new GeneralName(GeneralName.iPAddress, "2001:db8::1"));
        assertThat(leaf.getBasicConstraints()).isNegative();
        assertThat(leaf.getKeyUsage())
                .containsExactly(true, false, false, false, false, false, false, false, false);
    }

    @Test
    void aNameThatIsTooLongForASubjectLeavesItEmpty() {
        assertThat(Draft.commonName("a".repeat(64)).getName()).startsWith("CN=aaa");
        assertThat(Draft.commonName("a".repeat(65))).isEqualTo(new X500Principal(""));
    }

    @Test
    void everySerialNumberIsAnother() throws Exception {
        KeyPair pair = pair();
        Authority authority = authority(root(pair), pair);
        X509Certificate one = leaf(authority, "one");
        assertThat(one.getSerialNumber())
                .isPositive()
                .isNotEqualTo(leaf(authority, "one").getSerialNumber());
        assertThat(one.getSerialNumber().bitLength()).isBetween(64, 128);
    }

    @Test
    void constraintsOfNamesAreReadAsTheyWereMeant() throws Exception {
        Extension constraints =
                Extension.nameConstraints(
                        List.of(
                                NameSubtree.parse("example.net"),
                                NameSubtree.parse("@example.net")),
                        List.of(NameSubtree.parse("10.1.2.3/8")));
        X509CertificateHolder root = read(root(pair(), constraints));
        NameConstraints read =
                NameConstraints.getInstance(
                        root.getExtension(org.bouncycastle.asn1.x509.Extension.nameConstraints)
                                .getParsedValue());
        assertThat(Stream.of(read.getPermittedSubtrees()).map(each -> each.getBase().toString()))
                .containsExactly("2: example.net", "1: example.net");
        assertThat(
                        Stream.of(read.getExcludedSubtrees())
                                .map(each -> each.getBase().getName().toString()))
                .containsExactly("#0a000000ff000000");
    }

    @Test
    void aListHoldsWhatIsRevokedAndWhy() throws Exception {
        KeyPair pair = pair();
        Authority authority = authority(root(pair), pair);
        BigInteger serial = new BigInteger("1234567890123456789012345678901234567890");
        X509CRLHolder list =
                new X509CRLHolder(
                        authority.list(
                                List.of(
                                        new Revoked(serial, BEGIN, Revoked.Reason.KEY_COMPROMISE),
                                        new Revoked(
                                                BigInteger.ONE, BEGIN, Revoked.Reason.UNSPECIFIED)),
                                BigInteger.valueOf(300),
                                BEGIN,
                                END));
        assertThat(
                        list.isSignatureValid(
                                new JcaContentVerifierProviderBuilder().build(pair.getPublic())))
                .isTrue();
        assertThat(list.getThisUpdate().toInstant()).isEqualTo(BEGIN);
        assertThat(list.getNextUpdate().toInstant()).isEqualTo(END);
        assertThat(
                        CRLNumber.getInstance(
                                        list.getExtension(
                                                        org.bouncycastle.asn1.x509.Extension
                                                                .cRLNumber)
                                                .getParsedValue())
                                .getCRLNumber())
                .isEqualTo(300);
        assertThat(
                        list.getRevokedCertificate(serial)
                                .getExtension(org.bouncycastle.asn1.x509.Extension.reasonCode)
                                .getParsedValue())
                .isEqualTo(CRLReason.lookup(CRLReason.keyCompromise).toASN1Primitive());
        assertThat(list.getRevokedCertificate(BigInteger.ONE).hasExtensions()).isFalse();
        assertThat(
                        new X509CRLHolder(authority.list(List.of(), BigInteger.ONE, BEGIN, LATER))
                                .getRevokedCertificates()
                                .size())
                .isZero();
    }

    @Test
    void whoIsNoAuthorityIssuesNothing() throws Exception {
        KeyPair pair = pair();
        KeyPair other = pair();
        X509Certificate leaf =
                authority(root(pair), pair)
                        .issue(
                                new Draft(
                                        Draft.commonName("leaf"),
                                        other.getPublic().getEncoded(),
                                        BEGIN,
                                        END,
                                        List.of(Extension.noAuthority())));
        assertThatExceptionOfType(UnreadableException.class)
                .isThrownBy(() -> authority(leaf, other))
                .withMessageContaining("CN=leaf is not an authority");
    }

    @Test
    void aRequestBringsItsKeyOnlyWithItsOwnSignature() throws Exception {
        KeyPair pair = pair();
        byte[] request =
                new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), pair.getPublic())
                        .build(
                                new JcaContentSignerBuilder("SHA256withECDSA")
                                        .build(pair.getPrivate()))
                        .getEncoded();
        assertThat(SignedRequest.of(request).subjectPublicKeyInfo())
                .isEqualTo(pair.getPublic().getEncoded());
        byte[] stolen =
                new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), pair.getPublic())
                        .build(
                                new JcaContentSignerBuilder("SHA256withECDSA")
                                        .build(pair().getPrivate()))
                        .getEncoded();
        assertThatExceptionOfType(UnreadableException.class)
                .isThrownBy(() -> SignedRequest.of(stolen))
                .withMessageContaining("not that of its own key");
        for (int length = 0; length < request.length; length++) {
            byte[] prefix = Arrays.copyOf(request, length);
            assertThatExceptionOfType(UnreadableException.class)
                    .isThrownBy(() -> SignedRequest.of(prefix));
        }
    }
}
