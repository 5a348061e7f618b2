package dev.postern.voucher;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SigningKey;
import dev.postern.ike.voucher.Voucher;
import dev.postern.pki.Credentials;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Signs vouchers with a gateway's key: that of its certificate, or in a domain of pre-shared keys
/// one whose public half its clients get in N(VOUCHER_KEY). Any thread.
public final class VoucherSigner {
    static final JOSEObjectType TYPE = new JOSEObjectType("postern-gateway-voucher+jwt");
    static final String GATEWAYS = "gw";
    static final String CONFIRMATION = "cnf";
    static final String KEY_THUMBPRINT = "jkt";
    static final String CERTIFICATE_THUMBPRINT = "x5t#S256";

    private final SigningKey key;
    private final @Nullable X509Certificate certificate;
    private final PublicJwk publicKey;
    private final Octets thumbprint;
    private final Octets fingerprint;

    private VoucherSigner(
            SigningKey key,
            @Nullable X509Certificate certificate,
            PublicJwk publicKey,
            Octets thumbprint,
            Octets fingerprint) {
        this.key = key;
        this.certificate = certificate;
        this.publicKey = publicKey;
        this.thumbprint = thumbprint;
        this.fingerprint = fingerprint;
    }

    /// @param credentials whose key signs; not closed before this is done with
    /// @param certified whether the certificate is the one that clients know the gateway by, and
    ///   not only what brought the key
    /// @throws IllegalArgumentException in words, where a key of this kind signs no vouchers
    public static VoucherSigner of(Credentials credentials, boolean certified) {
        X509Certificate leaf = credentials.chain().leaf();
        return certified
                ? of(
                        credentials.key(),
                        leaf.getPublicKey(),
                        leaf,
                        Octets.of(credentials.chain().fingerprint()))
                : of(credentials.key(), leaf.getPublicKey());
    }

    /// Without a certificate.
    public static VoucherSigner of(SigningKey key, PublicKey publicKey) {
        return of(key, publicKey, null, Octets.EMPTY);
    }

    private static VoucherSigner of(
            SigningKey key,
            PublicKey publicKey,
            @Nullable X509Certificate certificate,
            Octets fingerprint) {
        PublicJwk jwk = PublicJwk.of(publicKey);
        if (jwk == null) {
            throw new IllegalArgumentException(
                    "the key is of the kind "
                            + publicKey.getAlgorithm()
                            + "; vouchers are signed by RSA, P-256, P-384, P-521 or Ed25519");
        }
        try {
            return new VoucherSigner(key, certificate, jwk, jwk.thumbprint(), fingerprint);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("the key has no thumbprint", e);
        }
    }

    /// What N(VOUCHER_KEY) carries: the public key, a JWK in canonical form.
    public Octets publicKey() {
        return publicKey.canonical();
    }

    /// The thumbprint by which a voucher names this gateway's key.
    public Octets thumbprint() {
        return thumbprint;
    }

    /// The same for its certificate; empty where clients do not know it by one.
    public Octets fingerprint() {
        return fingerprint;
    }

    /// A token of this voucher.
    public Octets sign(Voucher voucher, Entropy entropy) {
        try {
            SignedJWT token = new SignedJWT(header(), claims(voucher));
            token.sign(new Bridge(entropy));
            return Octets.of(token.serialize().getBytes(StandardCharsets.US_ASCII));
        } catch (JOSEException e) {
            throw new IllegalStateException("a voucher could not be signed", e);
        }
    }

    private JWSHeader header() throws JOSEException {
        JWSHeader.Builder header = new JWSHeader.Builder(publicKey.algorithm()).type(TYPE);
        try {
            return certificate == null
                    ? header.jwk(publicKey.jwk()).build()
                    : header.x509CertChain(List.of(Base64.encode(certificate.getEncoded())))
                            .build();
        } catch (CertificateEncodingException e) {
            throw new JOSEException("a certificate that was decoded does not encode", e);
        }
    }

    private static JWTClaimsSet claims(Voucher voucher) {
        Map<String, Object> confirmation = new LinkedHashMap<>();
        confirmation.put(KEY_THUMBPRINT, text(voucher.successorKey()));
        if (!voucher.successorCertificate().isEmpty()) {
            confirmation.put(CERTIFICATE_THUMBPRINT, text(voucher.successorCertificate()));
        }
        return new JWTClaimsSet.Builder()
                .issuer(IdentityClaim.encode(voucher.issuer()))
                .subject(IdentityClaim.encode(voucher.successor()))
                .audience(voucher.domain())
                .claim(GATEWAYS, text(GatewayList.encode(voucher.addresses())))
                .claim(CONFIRMATION, confirmation)
                .issueTime(date(voucher.issuedAt()))
                .notBeforeTime(date(voucher.notBefore()))
                .expirationTime(date(voucher.expiresAt()))
                .jwtID(voucher.id())
                .build();
    }

    private static String text(Octets octets) {
        return Base64URL.encode(octets.array()).toString();
    }

    private static Date date(long epochSeconds) {
        return Date.from(Instant.ofEpochSecond(epochSeconds));
    }

    /// Our keys, in the library's terms.
    private final class Bridge implements JWSSigner {
        private final Entropy entropy;
        private final JCAContext context = new JCAContext();

        Bridge(Entropy entropy) {
            this.entropy = entropy;
        }

        @Override
        public Base64URL sign(JWSHeader header, byte[] signingInput) throws JOSEException {
            byte[] signature = key.sign(publicKey.scheme(), entropy, signingInput);
            return Base64URL.encode(
                    publicKey.isEcdsa()
                            ? ECDSA.transcodeSignatureToConcat(
                                    signature,
                                    ECDSA.getSignatureByteArrayLength(publicKey.algorithm()))
                            : signature);
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return Set.of(publicKey.algorithm());
        }

        @Override
        public JCAContext getJCAContext() {
            return context;
        }
    }
}
