package dev.postern.ike.world;

import dev.postern.pki.CertificateChain;
import dev.postern.pki.Credentials;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.TrustAnchors;
import dev.postern.pki.UnreadableException;
import dev.postern.wire.Identity;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A certificate authority of the tests.
public final class Authority {
    private static final Instant BEGINS = Instant.ofEpochSecond(World.EPOCH - 86_400);
    private static final Instant ENDS = Instant.ofEpochSecond(World.EPOCH + 365L * 86_400);

    private final KeyPair keys;
    private final X509Certificate certificate;
    private final List<X509Certificate> above;
    private long lastSerial;

    private Authority(KeyPair keys, X509Certificate certificate, List<X509Certificate> above) {
        this.keys = keys;
        this.certificate = certificate;
        this.above = above;
    }

    /// A root with a key on P-256.
    public static Authority root(String name) {
        KeyPair keys = keyPair("P-256");
        X500Name subject = new X500Name("CN=" + name);
        X509Certificate certificate =
                sign(builder(subject, subject, keys, 1, ENDS), true, null, keys.getPrivate());
        return new Authority(keys, certificate, List.of());
    }

    /// An authority below this one.
    public Authority intermediate(String name) {
        KeyPair pair = keyPair("P-256");
        X509Certificate issued =
                sign(
                        builder(
                                issuer(),
                                new X500Name("CN=" + name),
                                pair,
                                ++lastSerial + 100,
                                ENDS),
                        true,
                        null,
                        keys.getPrivate());
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(issued);
        chain.addAll(above);
        return new Authority(pair, issued, chain);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public TrustAnchors anchors() {
        return new TrustAnchors(List.of(certificate));
    }

    /// Credentials that name this identity.
    ///
    /// @param key "P-256", "P-384", "P-521", "Ed25519", "Ed448" or "RSA"
    public Credentials issue(Identity identity, String key) {
        return issue(identity, key, ENDS);
    }

    public Credentials issue(Identity identity, String key, Instant ends) {
        return issue(identity, key, ends, "CN=leaf");
    }

    /// Credentials that name a host or mailbox beside a subject, or a subject that is the identity.
    public Credentials issue(Identity identity, String key, Instant ends, String subject) {
        KeyPair pair = keyPair(key);
        boolean named = identity.type() == Identity.DER_ASN1_DN;
        String text = new String(identity.data().array(), StandardCharsets.UTF_8);
        int kind =
                identity.type() == Identity.RFC822_ADDR
                        ? GeneralName.rfc822Name
                        : GeneralName.dNSName;
        X509Certificate leaf =
                sign(
                        builder(
                                issuer(),
                                named
                                        ? X500Name.getInstance(identity.data().array())
                                        : new X500Name(subject),
                                pair,
                                ++lastSerial + 1_000,
                                ends),
                        false,
                        named ? null : new GeneralNames(new GeneralName(kind, text)),
                        keys.getPrivate());
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(leaf);
        chain.addAll(above);
        return credentials(chain, pair.getPrivate());
    }

    /// A list that revokes these, good for a day.
    public RevocationEvidence revoking(Credentials... revoked) {
        return revoking(Stream.of(revoked).map(each -> each.chain().leaf()).toList());
    }

    /// One that revokes an authority below.
    public RevocationEvidence revoking(Authority below) {
        return revoking(List.of(below.certificate()));
    }

    private RevocationEvidence revoking(List<X509Certificate> revoked) {
        return new RevocationEvidence(List.of(list(revoked)), Map.of());
    }

    /// The same as a file that the operator has put beside the gateway.
    public RevocationEvidence fileRevoking(Credentials revoked) {
        return RevocationEvidence.ofOperator(List.of(list(List.of(revoked.chain().leaf()))));
    }

    private X509CRL list(List<X509Certificate> revoked) {
        Instant now = Instant.ofEpochSecond(World.EPOCH);
        X509v2CRLBuilder list = new X509v2CRLBuilder(issuer(), Date.from(now));
        list.setNextUpdate(Date.from(now.plusSeconds(86_400)));
        for (X509Certificate each : revoked) {
            list.addCRLEntry(each.getSerialNumber(), Date.from(now), 1);
        }
        try {
            byte[] der = list.build(signer(keys.getPrivate())).getEncoded();
            return RevocationEvidence.decodeList(der);
        } catch (IOException | UnreadableException e) {
            throw new IllegalStateException(e);
        }
    }

    /// This authority's OCSP response about a certificate of its own, good for an hour from an
    /// instant on.
    public byte[] ocspResponse(X509Certificate about, boolean revoked, Instant from) {
        try {
            DigestCalculator sha1 =
                    new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1);
            X509CertificateHolder own = new X509CertificateHolder(certificate.getEncoded());
            BasicOCSPResp response =
                    new BasicOCSPRespBuilder(new RespID(own.getSubject()))
                            .addResponse(
                                    new CertificateID(sha1, own, about.getSerialNumber()),
                                    revoked
                                            ? new RevokedStatus(Date.from(from.minusSeconds(60)), 1)
                                            : null,
                                    Date.from(from),
                                    Date.from(from.plusSeconds(3_600)),
                                    null)
                            .build(
                                    signer(keys.getPrivate()),
                                    new X509CertificateHolder[0],
                                    Date.from(from));
            return new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, response).getEncoded();
        } catch (IOException
                | OCSPException
                | OperatorCreationException
                | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private X500Name issuer() {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    private static Credentials credentials(List<X509Certificate> chain, PrivateKey key) {
        try {
            StringBuilder pem = new StringBuilder();
            for (X509Certificate each : chain) {
                pem.append(pem("CERTIFICATE", each.getEncoded()));
            }
            return Credentials.of(
                    pem.toString().getBytes(StandardCharsets.US_ASCII),
                    pem("PRIVATE KEY", key.getEncoded()).getBytes(StandardCharsets.US_ASCII),
                    null,
                    new SeededEntropy(7));
        } catch (GeneralSecurityException | UnreadableException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                .formatted(label, Base64.getMimeEncoder().encodeToString(der), label);
    }

    /// The chain that these credentials show, without its intermediates.
    public static Credentials leafOnly(Credentials credentials) {
        return new Credentials(
                new CertificateChain(List.of(credentials.chain().leaf())), credentials.key());
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair pair, long serial, Instant ends) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(serial),
                Date.from(BEGINS),
                Date.from(ends),
                subject,
                pair.getPublic());
    }

    private static X509Certificate sign(
            X509v3CertificateBuilder builder,
            boolean authority,
            @Nullable GeneralNames names,
            PrivateKey key) {
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (names != null) {
                builder.addExtension(Extension.subjectAlternativeName, false, names);
            }
            byte[] der = builder.build(signer(key)).getEncoded();
            return CertificateChain.decode(List.of(der)).leaf();
        } catch (IOException | UnreadableException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ContentSigner signer(PrivateKey key) {
        try {
            return new JcaContentSignerBuilder("SHA256withECDSA").build(key);
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keyPair(String kind) {
        try {
            KeyPairGenerator generator =
                    KeyPairGenerator.getInstance(kind.startsWith("P-") ? "EC" : kind);
            if (kind.startsWith("P-")) {
                generator.initialize(new ECGenParameterSpec("secp" + kind.substring(2) + "r1"));
            } else if (kind.equals("RSA")) {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
