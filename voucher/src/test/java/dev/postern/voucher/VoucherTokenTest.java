package dev.postern.voucher;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import dev.postern.crypto.Hash;
import dev.postern.ike.Answer;
import dev.postern.ike.voucher.SignedVoucher;
import dev.postern.ike.voucher.Voucher;
import dev.postern.ike.voucher.VoucherChain;
import dev.postern.pki.Credentials;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Tokens that hold, and everything that somebody may try with one (RFC 8725 section 2).
final class VoucherTokenTest {
    private static final Voucher VOUCHER =
            new Voucher(
                    Identity.fqdn("gw-a.example"),
                    "vpn.example",
                    Identity.fqdn("gw-b.example"),
                    List.of(
                            new GatewayList.Address(Octets.ofHex("c0000202"), 0),
                            new GatewayList.Name("gw-b.example")),
                    Octets.ofHex("ab".repeat(32)),
                    Octets.ofHex("cd".repeat(32)),
                    Keys.NOW,
                    Keys.NOW - 300,
                    Keys.NOW + 86_400,
                    "0123456789abcdef");

    private final Credentials credentials = Keys.of("P-256", "gw-a.example");

    private static Answer.OfVouchers read(Octets token) {
        return VoucherReader.read(List.of(token), Keys.NOW);
    }

    private static SignedVoucher readable(Octets token) {
        assertThat(read(token)).isInstanceOf(Answer.VouchersRead.class);
        return ((Answer.VouchersRead) read(token)).vouchers().getFirst();
    }

    private static void assertRefused(Octets token, String reason) {
        assertThat(read(token)).isEqualTo(new Answer.VouchersUnreadable(reason));
    }

    private static Octets octets(String token) {
        return Octets.of(token.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(Octets token) {
        return new String(token.array(), StandardCharsets.US_ASCII);
    }

    private Octets token() {
        return VoucherSigner.of(credentials, false).sign(VOUCHER, Keys.entropy(7));
    }

    /// A token by the library's own signers, with these claims.
    private static Octets signed(JWSHeader header, JWSSigner signer, JWTClaimsSet claims) {
        try {
            SignedJWT jwt = new SignedJWT(header, claims);
            jwt.sign(signer);
            return octets(jwt.serialize());
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new AssertionError("a token could not be signed", e);
        }
    }

    private JWTClaimsSet claims() {
        try {
            return SignedJWT.parse(text(token())).getJWTClaimsSet();
        } catch (java.text.ParseException e) {
            throw new AssertionError("our own token does not parse", e);
        }
    }

    private static JWSHeader.Builder header(JWSAlgorithm algorithm) {
        return new JWSHeader.Builder(algorithm).type(VoucherSigner.TYPE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "P-256", "P-384", "P-521", "Ed25519"})
    void aVoucherComesBackAsItWasSigned(String kind) {
        Credentials keys = Keys.of(kind, "gw-a.example");
        VoucherSigner signer = VoucherSigner.of(keys, false);
        SignedVoucher read = readable(signer.sign(VOUCHER, Keys.entropy(3)));
        assertThat(read.voucher()).isEqualTo(VOUCHER);
        assertThat(read.signerKey()).isEqualTo(signer.thumbprint());
        assertThat(read.signerCertificate()).isEqualTo(Octets.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "P-256", "P-384", "P-521", "Ed25519"})
    void aCertificateIsShownWhereClientsKnowItsGatewayByIt(String kind) {
        Credentials keys = Keys.of(kind, "gw-a.example");
        VoucherSigner signer = VoucherSigner.of(keys, true);
        Octets token = signer.sign(VOUCHER, Keys.entropy(3));
        assertThat(token.length()).isLessThan(VoucherChain.LONGEST_TOKEN);
        SignedVoucher read = readable(token);
        assertThat(read.signerKey()).isEqualTo(signer.thumbprint());
        assertThat(read.signerCertificate())
                .isEqualTo(Octets.of(keys.chain().fingerprint()))
                .isEqualTo(signer.fingerprint());
    }

    /// The digest of what N(VOUCHER_KEY) carries is the thumbprint, with nothing parsed in between.
    @ParameterizedTest
    @ValueSource(strings = {"RSA", "P-256", "P-384", "P-521", "Ed25519"})
    void theThumbprintIsTheDigestOfTheKeyThatClientsAreShown(String kind) {
        VoucherSigner signer = VoucherSigner.of(Keys.of(kind, "gw-a.example"), false);
        assertThat(Octets.of(Hash.SHA_256.digest(signer.publicKey().array())))
                .isEqualTo(signer.thumbprint());
    }

    /// RFC 7638 section 3: the members that are required, in lexicographic order, without spaces.
    @Test
    void theKeyIsShownInTheFormThatTheSpecificationDigests() {
        assertThat(text(VoucherSigner.of(credentials, false).publicKey()))
                .matches(
                        "\\{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"[\\w-]{43}\",\"y\":\"[\\w-]{43}\"}");
    }

    @Test
    void theHeaderNamesTypeAlgorithmAndKey() throws Exception {
        JWSHeader header = SignedJWT.parse(text(token())).getHeader();
        assertThat(header.getType().getType()).isEqualTo("postern-gateway-voucher+jwt");
        assertThat(header.getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
        assertThat(header.getJWK().isPrivate()).isFalse();
    }

    @Test
    void theAlgorithmNoneIsRefused() {
        String[] parts = text(token()).split("\\.", -1);
        String none =
                Base64URL.encode(
                                "{\"typ\":\"postern-gateway-voucher+jwt\",\"alg\":\"none\"}"
                                        .getBytes(StandardCharsets.US_ASCII))
                        .toString();
        for (String signature : List.of("", parts[2])) {
            assertRefused(
                    octets(none + "." + parts[1] + "." + signature),
                    "a voucher is not a well-formed token");
        }
    }

    /// The public key as the secret of a MAC: who takes the algorithm from the header falls for it.
    @Test
    void aMacUnderThePublicKeyIsRefused() throws Exception {
        PublicJwk key = PublicJwk.of(credentials.chain().leaf().getPublicKey());
        assertThat(key).isNotNull();
        MACSigner mac =
                new MACSigner(
                        Arrays.copyOf(credentials.chain().leaf().getPublicKey().getEncoded(), 91));
        assertRefused(
                signed(header(JWSAlgorithm.HS256).jwk(key.jwk()).build(), mac, claims()),
                "a voucher's algorithm is not the one of its key");
    }

    @Test
    void anotherAlgorithmOfTheSameKeyIsRefused() throws Exception {
        RSAKey rsa = new RSAKeyGenerator(2048).generate();
        assertRefused(
                signed(
                        header(JWSAlgorithm.RS256).jwk(rsa.toPublicJWK()).build(),
                        new RSASSASigner(rsa),
                        claims()),
                "a voucher's algorithm is not the one of its key");
        readable(
                signed(
                        header(JWSAlgorithm.PS256).jwk(rsa.toPublicJWK()).build(),
                        new RSASSASigner(rsa),
                        claims()));
    }

    @Test
    void aSignatureOfAnotherKeyIsRefused() throws Exception {
        ECKey other = new ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_256).generate();
        PublicJwk shown = PublicJwk.of(credentials.chain().leaf().getPublicKey());
        assertThat(shown).isNotNull();
        assertRefused(
                signed(
                        header(JWSAlgorithm.ES256).jwk(shown.jwk()).build(),
                        new ECDSASigner(other),
                        claims()),
                "a voucher's signature does not verify");
    }

    @Test
    void anotherCertificateThanTheSignersIsRefused() throws Exception {
        ECKey other = new ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_256).generate();
        Base64 certificate = Base64.encode(credentials.chain().leaf().getEncoded());
        assertRefused(
                signed(
                        header(JWSAlgorithm.ES256).x509CertChain(List.of(certificate)).build(),
                        new ECDSASigner(other),
                        claims()),
                "a voucher's signature does not verify");
    }

    @Test
    void aKeyAndACertificateTogetherAreRefused() throws Exception {
        ECKey other = new ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_256).generate();
        Base64 certificate = Base64.encode(credentials.chain().leaf().getEncoded());
        assertRefused(
                signed(
                        header(JWSAlgorithm.ES256)
                                .jwk(other.toPublicJWK())
                                .x509CertChain(List.of(certificate))
                                .build(),
                        new ECDSASigner(other),
                        claims()),
                "a voucher has either a key or a certificate");
    }

    @Test
    void aTokenOfAnotherTypeIsRefused() throws Exception {
        ECKey key = new ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_256).generate();
        assertRefused(
                signed(
                        new JWSHeader.Builder(JWSAlgorithm.ES256).jwk(key.toPublicJWK()).build(),
                        new ECDSASigner(key),
                        claims()),
                "a token of another type than a voucher");
    }

    @Test
    void aHeaderThatPointsElsewhereIsRefused() throws Exception {
        ECKey key = new ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_256).generate();
        assertRefused(
                signed(
                        header(JWSAlgorithm.ES256)
                                .jwk(key.toPublicJWK())
                                .jwkURL(java.net.URI.create("https://192.0.2.9/keys"))
                                .build(),
                        new ECDSASigner(key),
                        claims()),
                "a voucher whose header asks for what is not understood");
    }

    @Test
    void aCertificateThatHasExpiredSignsNothing() {
        Octets token = VoucherSigner.of(credentials, true).sign(VOUCHER, Keys.entropy(1));
        assertThat(VoucherReader.read(List.of(token), Keys.NOW + 2 * 86_400))
                .isEqualTo(
                        new Answer.VouchersUnreadable(
                                "a voucher whose signer's certificate is not valid now"));
    }

    @Test
    void aClaimThatIsMissingIsRefused() throws Exception {
        ECKey key = new ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_256).generate();
        JWSHeader header = header(JWSAlgorithm.ES256).jwk(key.toPublicJWK()).build();
        for (String claim : List.of("iss", "sub", "aud", "gw", "cnf", "iat", "nbf", "exp", "jti")) {
            JWTClaimsSet without = new JWTClaimsSet.Builder(claims()).claim(claim, null).build();
            assertThat(read(signed(header, new ECDSASigner(key), without)))
                    .as(claim)
                    .isInstanceOf(Answer.VouchersUnreadable.class);
        }
        readable(signed(header, new ECDSASigner(key), claims()));
    }

    @Test
    void everyPrefixOfATokenIsRefused() {
        String token = text(token());
        for (int length = 0; length < token.length(); length++) {
            assertThat(read(octets(token.substring(0, length))))
                    .isInstanceOf(Answer.VouchersUnreadable.class);
        }
    }

    /// Anything may come back but an exception, and nothing that was changed is believed.
    @Test
    void aChangedOctetIsRefused() {
        String token = text(token());
        int signature = token.lastIndexOf('.');
        Random random = new Random(9);
        for (int i = 0; i < 300; i++) {
            byte[] octets = token.getBytes(StandardCharsets.US_ASCII);
            int place = random.nextInt(signature);
            octets[place] ^= (byte) (1 + random.nextInt(255));
            assertThat(read(Octets.of(octets))).isInstanceOf(Answer.VouchersUnreadable.class);
        }
    }

    @Test
    void aTokenThatIsTooLongIsNotParsed() {
        assertRefused(
                octets("a".repeat(VoucherChain.LONGEST_TOKEN + 1)),
                "a voucher is longer than any that is real");
    }

    @Test
    void oneBadTokenSpoilsAll() {
        assertThat(VoucherReader.read(List.of(token(), octets("x.y.z")), Keys.NOW))
                .isInstanceOf(Answer.VouchersUnreadable.class);
    }

    @Test
    void aPrivateKeyInTheHeaderIsRefused() throws Exception {
        ECKey key = new ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_256).generate();
        assertThat(PublicJwk.of((JWK) key)).isNull();
    }

    @Test
    void identitiesOfEveryKindComeBack() {
        List<Identity> identities = new ArrayList<>();
        identities.add(Identity.fqdn("gw-a.example"));
        identities.add(Identity.email("gw@example.org"));
        identities.add(new Identity(Identity.IPV4_ADDR, Octets.ofHex("c0000201")));
        identities.add(new Identity(Identity.IPV6_ADDR, Octets.ofHex("20".repeat(16))));
        identities.add(Identity.keyId(Octets.ofHex("00ff3a")));
        identities.add(new Identity(Identity.DER_ASN1_DN, Octets.ofHex("3000")));
        for (Identity identity : identities) {
            assertThat(IdentityClaim.decode(IdentityClaim.encode(identity))).isEqualTo(identity);
        }
        for (String bad : List.of("", "gw-a", "host:x", "keyid:xyz", "ipv4:c")) {
            assertThat(IdentityClaim.decode(bad)).as(bad).isNull();
        }
        assertThat(IdentityClaim.decode(null)).isNull();
    }
}
