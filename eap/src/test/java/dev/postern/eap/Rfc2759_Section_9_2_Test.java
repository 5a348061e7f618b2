package dev.postern.eap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SecretBytes;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// The example of RFC 2759 section 9.2, and of RFC 3079 section 3.5.3, which goes on from it.
class Rfc2759_Section_9_2_Test {
    private static final byte[] SERVER_CHALLENGE = hex("5b5d7c7d7b3f2f3e3c2c602132262628");
    private static final byte[] PEER_CHALLENGE = hex("21402324255e262a28295f2b3a337c7e");
    private static final byte[] NT_RESPONSE =
            hex("82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df");

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static SecretBytes passwordHash() {
        return MsChapV2.passwordHash(
                SecretBytes.owning("clientPass".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void thePasswordsHash() {
        assertThat(passwordHash().expose()).isEqualTo(hex("44ebba8d5312b8d611474411f56989ae"));
    }

    @Test
    void theChallengeHash() {
        byte[] hash = MsChapV2.challengeHash(PEER_CHALLENGE, SERVER_CHALLENGE, "User");
        assertThat(hash).isEqualTo(hex("d02e4386bce91226"));
        assertThat(MsChapV2.challengeHash(PEER_CHALLENGE, SERVER_CHALLENGE, "DOMAIN\\User"))
                .as("without the domain")
                .isEqualTo(hash);
    }

    @Test
    void theResponse() {
        assertThat(MsChapV2.ntResponse(passwordHash(), hex("d02e4386bce91226")))
                .isEqualTo(NT_RESPONSE);
    }

    @Test
    void theServersProof() {
        assertThat(
                        MsChapV2.authenticatorResponse(
                                passwordHash(), NT_RESPONSE, hex("d02e4386bce91226")))
                .isEqualTo("S=407A5589115FD0D6209F510FE9C04566932CDA56");
    }

    @Test
    void theServersSendKeyIsTheSecondPartOfTheMsk() {
        byte[] msk = MsChapV2.masterSessionKey(passwordHash(), NT_RESPONSE).expose();
        assertThat(HexFormat.of().formatHex(msk, 16, 32))
                .as("SendStartKey128 with IsServer true")
                .isEqualTo("8b7cdc149b993a1ba118cb153f56dccb");
        assertThat(HexFormat.of().formatHex(msk, 32, 64)).isEqualTo("00".repeat(32));
        assertThat(msk).hasSize(64);
    }
}
