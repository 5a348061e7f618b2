package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;

import dev.postern.ike.Answer;
import dev.postern.ike.voucher.SignedVoucher;
import dev.postern.ike.voucher.VoucherAnchor;
import dev.postern.ike.voucher.VoucherChain;
import dev.postern.voucher.VoucherReader;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;

/// Tokens by which a gateway vouches for another (failover profile, "Vouchers"): of strangers, and
/// of a gateway that signs whatever it likes.
final class VoucherFuzz {
    static final long NOW = 1_767_225_600L;

    /// The example key of RFC 7515 appendix A.3, which is nobody's.
    private static final ECKey KEY =
            new ECKey.Builder(
                            Curve.P_256,
                            Base64URL.from("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                            Base64URL.from("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"))
                    .d(Base64URL.from("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"))
                    .build();

    private static final GatewayList.Entry TARGET =
            new GatewayList.Address(Octets.ofHex("c0000202"), 0);

    /// Nobody has this key but the gateway that the client knows: whatever a stranger sends, the
    /// client does not go.
    @FuzzTest
    void aToken(byte[] octets) {
        VoucherAnchor known =
                new VoucherAnchor(
                        Identity.fqdn("gw-a.example"),
                        "vpn.example",
                        Octets.ofHex("ab".repeat(32)),
                        Octets.ofHex("cd".repeat(32)));
        assertThat(judge(known, List.of(Octets.of(octets))))
                .isNotInstanceOf(VoucherChain.Verdict.Trusted.class);
    }

    /// Claims of the gateway itself: read or refused, and believed only where they say what a
    /// voucher says.
    @FuzzTest
    void claims(byte[] claims) throws JOSEException, ParseException {
        if (judgeOwn(claims) instanceof VoucherChain.Verdict.Trusted trusted) {
            assertThat(trusted.gateway()).isEqualTo(TARGET);
            assertThat(JSONObjectUtils.parse(new String(claims, StandardCharsets.UTF_8)))
                    .containsKeys("exp", "nbf", "iat", "jti", "cnf");
        }
    }

    /// What a client thinks of a token with these claims that the gateway it knows has signed.
    static VoucherChain.Verdict judgeOwn(byte[] claims) throws JOSEException {
        Octets token = Octets.of(sign(claims).getBytes(StandardCharsets.US_ASCII));
        VoucherAnchor known =
                new VoucherAnchor(
                        Identity.fqdn("gw-a.example"),
                        "vpn.example",
                        Octets.of(KEY.computeThumbprint().decode()),
                        Octets.EMPTY);
        return judge(known, List.of(token));
    }

    static String sign(byte[] claims) throws JOSEException {
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("postern-gateway-voucher+jwt"))
                        .jwk(KEY.toPublicJWK())
                        .build();
        JWSObject token = new JWSObject(header, new Payload(claims));
        token.sign(new ECDSASigner(KEY));
        return token.serialize();
    }

    private static VoucherChain.Verdict judge(VoucherAnchor known, List<Octets> tokens) {
        return switch (VoucherReader.read(tokens, NOW)) {
            case Answer.VouchersRead(List<SignedVoucher> vouchers) -> {
                assertThat(vouchers).hasSameSizeAs(tokens);
                assertThat(vouchers.toString()).isNotEmpty();
                yield VoucherChain.judge(known, TARGET, vouchers, NOW);
            }
            case Answer.VouchersUnreadable(String reason) -> {
                // A stranger's words are nobody's log.
                assertThat(reason).matches("[a-zA-Z0-9', -]+");
                yield new VoucherChain.Verdict.Refused(VoucherChain.Fault.UNREADABLE);
            }
        };
    }
}
