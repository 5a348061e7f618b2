package dev.postern.voucher;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;

import dev.postern.crypto.InvalidKeyException;
import dev.postern.crypto.SignatureScheme;
import dev.postern.crypto.VerificationKey;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.HexFormat;

/// A public key that verifies vouchers, as a JWK (RFC 7517). One kind of key has one algorithm
/// here: P-256, P-384 and P-521 sign by ECDSA with the hash of their size, RSA by PSS with SHA-256,
/// Ed25519 by itself.
final class PublicJwk {
    private static final byte[] ED25519_PREFIX =
            HexFormat.of().parseHex("302a300506032b6570032100");

    private final JWK jwk;
    private final JWSAlgorithm algorithm;
    private final SignatureScheme scheme;

    private PublicJwk(JWK jwk, JWSAlgorithm algorithm, SignatureScheme scheme) {
        this.jwk = jwk;
        this.algorithm = algorithm;
        this.scheme = scheme;
    }

    /// Null for a key of a kind that signs no vouchers.
    static @Nullable PublicJwk of(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa -> of(new RSAKey.Builder(rsa).build());
            case ECPublicKey ec -> {
                Curve curve = Curve.forECParameterSpec(ec.getParams());
                yield curve == null ? null : of(new ECKey.Builder(curve, ec).build());
            }
            case EdECPublicKey edwards -> ofEdwards(edwards.getEncoded());
            default -> null;
        };
    }

    private static @Nullable PublicJwk ofEdwards(byte[] info) {
        boolean ed25519 =
                info.length == ED25519_PREFIX.length + 32
                        && Arrays.equals(
                                info,
                                0,
                                ED25519_PREFIX.length,
                                ED25519_PREFIX,
                                0,
                                ED25519_PREFIX.length);
        if (!ed25519) {
            return null;
        }
        byte[] point = Arrays.copyOfRange(info, ED25519_PREFIX.length, info.length);
        return of(new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point)).build());
    }

    /// Null for a key of a kind that signs no vouchers, and for one that is not public.
    static @Nullable PublicJwk of(JWK jwk) {
        if (jwk.isPrivate()) {
            return null;
        }
        return switch (jwk) {
            case RSAKey _ -> new PublicJwk(jwk, JWSAlgorithm.PS256, SignatureScheme.RSA_PSS_SHA256);
            case ECKey ec when ec.getCurve().equals(Curve.P_256) ->
                    new PublicJwk(jwk, JWSAlgorithm.ES256, SignatureScheme.ECDSA_SHA256);
            case ECKey ec when ec.getCurve().equals(Curve.P_384) ->
                    new PublicJwk(jwk, JWSAlgorithm.ES384, SignatureScheme.ECDSA_SHA384);
            case ECKey ec when ec.getCurve().equals(Curve.P_521) ->
                    new PublicJwk(jwk, JWSAlgorithm.ES512, SignatureScheme.ECDSA_SHA512);
            case OctetKeyPair pair when pair.getCurve().equals(Curve.Ed25519) ->
                    new PublicJwk(jwk, JWSAlgorithm.EdDSA, SignatureScheme.ED25519);
            default -> null;
        };
    }

    JWK jwk() {
        return jwk;
    }

    /// The one algorithm that this key is for.
    JWSAlgorithm algorithm() {
        return algorithm;
    }

    SignatureScheme scheme() {
        return scheme;
    }

    /// Whether signatures are two numbers side by side, where others have them in DER.
    boolean isEcdsa() {
        return jwk instanceof ECKey;
    }

    /// What N(VOUCHER_KEY) carries, and what the thumbprint digests (RFC 7638 section 3).
    Octets canonical() {
        return Octets.of(
                JSONObjectUtils.toJSONString(jwk.getRequiredParams())
                        .getBytes(StandardCharsets.UTF_8));
    }

    Octets thumbprint() throws JOSEException {
        return Octets.of(jwk.computeThumbprint().decode());
    }

    VerificationKey verificationKey() throws JOSEException, InvalidKeyException {
        return VerificationKey.of(
                switch (jwk) {
                    case RSAKey rsa -> rsa.toRSAPublicKey().getEncoded();
                    case ECKey ec -> ec.toECPublicKey().getEncoded();
                    case OctetKeyPair pair -> join(ED25519_PREFIX, pair.getDecodedX());
                    default -> throw new IllegalStateException("a key of another kind was let in");
                });
    }

    private static byte[] join(byte[] one, byte[] other) {
        byte[] joined = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, joined, one.length, other.length);
        return joined;
    }
}
