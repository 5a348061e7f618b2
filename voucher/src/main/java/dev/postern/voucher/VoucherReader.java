package dev.postern.voucher;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import dev.postern.crypto.Hash;
import dev.postern.crypto.InvalidKeyException;
import dev.postern.ike.Answer;
import dev.postern.ike.voucher.SignedVoucher;
import dev.postern.ike.voucher.Voucher;
import dev.postern.ike.voucher.VoucherChain;
import dev.postern.pki.CertificateChain;
import dev.postern.pki.UnreadableException;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads tokens: each is a JWT of our type, signed by the key that it carries, with the one
/// algorithm that this key is for. Everything else is refused, whatever its header says (RFC 8725
/// sections 2.1 and 3.1). Any thread.
public final class VoucherReader {
    /// More than these parameters are not understood, and refused.
    private static final Set<String> UNDERSTOOD = Set.of("typ", "alg", "jwk", "x5c");

    private VoucherReader() {}

    /// A reason in words.
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        private final String reason;

        RefusedException(String reason) {
            super(reason);
            this.reason = reason;
        }
    }

    /// The answer to [dev.postern.ike.Ask.VerifyVouchers].
    public static Answer.OfVouchers read(List<Octets> tokens, long nowSeconds) {
        List<SignedVoucher> vouchers = new ArrayList<>();
        for (Octets token : tokens) {
            try {
                vouchers.add(read(token, nowSeconds));
            } catch (RefusedException e) {
                return new Answer.VouchersUnreadable(e.reason);
            } catch (ParseException | JOSEException | MalformedException | RuntimeException e) {
                // The library's words may quote what a stranger has sent.
                return new Answer.VouchersUnreadable("a voucher is not a well-formed token");
            }
        }
        return new Answer.VouchersRead(vouchers);
    }

    private static SignedVoucher read(Octets token, long nowSeconds)
            throws RefusedException, ParseException, JOSEException, MalformedException {
        if (token.length() > VoucherChain.LONGEST_TOKEN) {
            throw new RefusedException("a voucher is longer than any that is real");
        }
        SignedJWT jwt = SignedJWT.parse(new String(token.array(), StandardCharsets.ISO_8859_1));
        JWSHeader header = jwt.getHeader();
        if (!VoucherSigner.TYPE.equals(header.getType())) {
            throw new RefusedException("a token of another type than a voucher");
        }
        if (!UNDERSTOOD.containsAll(header.toJSONObject().keySet())) {
            throw new RefusedException("a voucher whose header asks for what is not understood");
        }
        X509Certificate certificate = certificate(header, nowSeconds);
        PublicJwk key = key(header, certificate);
        if (!header.getAlgorithm().equals(key.algorithm())) {
            throw new RefusedException("a voucher's algorithm is not the one of its key");
        }
        if (!verifies(jwt, key)) {
            throw new RefusedException("a voucher's signature does not verify");
        }
        return new SignedVoucher(
                key.thumbprint(),
                certificate == null
                        ? Octets.EMPTY
                        : digest(header.getX509CertChain().getFirst().decode()),
                voucher(jwt.getJWTClaimsSet()));
    }

    private static Octets digest(byte[] octets) {
        return Octets.of(Hash.SHA_256.digest(octets));
    }

    private static @Nullable X509Certificate certificate(JWSHeader header, long nowSeconds)
            throws RefusedException {
        List<Base64> chain = header.getX509CertChain();
        if (chain == null) {
            return null;
        }
        if (chain.size() != 1) {
            throw new RefusedException("a voucher with " + chain.size() + " certificates, not one");
        }
        try {
            X509Certificate leaf =
                    CertificateChain.decode(List.of(chain.getFirst().decode())).leaf();
            Instant now = Instant.ofEpochSecond(nowSeconds);
            if (now.isBefore(leaf.getNotBefore().toInstant())
                    || now.isAfter(leaf.getNotAfter().toInstant())) {
                throw new RefusedException("a voucher whose signer's certificate is not valid now");
            }
            return leaf;
        } catch (UnreadableException e) {
            throw new RefusedException("a voucher whose certificate is unreadable");
        }
    }

    private static PublicJwk key(JWSHeader header, @Nullable X509Certificate certificate)
            throws RefusedException {
        if ((header.getJWK() == null) == (certificate == null)) {
            throw new RefusedException("a voucher has either a key or a certificate");
        }
        PublicJwk key =
                certificate == null
                        ? PublicJwk.of(header.getJWK())
                        : PublicJwk.of(certificate.getPublicKey());
        if (key == null) {
            throw new RefusedException("a voucher's key is of a kind that signs none");
        }
        return key;
    }

    private static boolean verifies(SignedJWT jwt, PublicJwk key)
            throws RefusedException, JOSEException {
        Base64URL signature = jwt.getSignature();
        byte[] octets = signature.decode();
        if (key.isEcdsa()) {
            if (octets.length != ECDSA.getSignatureByteArrayLength(key.algorithm())) {
                return false;
            }
            octets = ECDSA.transcodeSignatureToDER(octets);
        }
        try {
            return key.verificationKey().verify(key.scheme(), octets, jwt.getSigningInput());
        } catch (InvalidKeyException e) {
            throw new RefusedException("a voucher's key is weak or malformed");
        }
    }

    private static Voucher voucher(JWTClaimsSet claims)
            throws RefusedException, ParseException, MalformedException {
        Identity issuer = IdentityClaim.decode(claims.getIssuer());
        Identity successor = IdentityClaim.decode(claims.getSubject());
        Map<String, Object> confirmation = claims.getJSONObjectClaim(VoucherSigner.CONFIRMATION);
        if (issuer == null
                || successor == null
                || claims.getAudience().size() != 1
                || claims.getJWTID() == null
                || confirmation == null) {
            throw new RefusedException("a voucher lacks a claim");
        }
        return new Voucher(
                issuer,
                claims.getAudience().getFirst(),
                successor,
                GatewayList.decode(octets(claims.getStringClaim(VoucherSigner.GATEWAYS))),
                octets(confirmation.get(VoucherSigner.KEY_THUMBPRINT)),
                confirmation.get(VoucherSigner.CERTIFICATE_THUMBPRINT) == null
                        ? Octets.EMPTY
                        : octets(confirmation.get(VoucherSigner.CERTIFICATE_THUMBPRINT)),
                seconds(claims.getIssueTime()),
                seconds(claims.getNotBeforeTime()),
                seconds(claims.getExpirationTime()),
                claims.getJWTID());
    }

    private static Octets octets(@Nullable Object text) throws RefusedException {
        if (!(text instanceof String base64) || base64.isEmpty()) {
            throw new RefusedException("a voucher lacks a claim");
        }
        return Octets.of(new Base64URL(base64).decode());
    }

    private static long seconds(@Nullable Date date) throws RefusedException {
        if (date == null) {
            throw new RefusedException("a voucher lacks a time");
        }
        return date.toInstant().getEpochSecond();
    }
}
