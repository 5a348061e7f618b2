package dev.postern.eap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.wire.EapPacket;
import dev.postern.wire.Octets;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// T-ID-1: an EAP identity that is none ends in a refusal or goes on as a name, and never throws.
class TId1_OddEapIdentityTest {
    private static EapOutcome answer(Octets identity) {
        EapServer server = Conversations.server(true, Conversations.msChapV2Server());
        int identifier = Conversations.decode(server.begin()).identifier();
        return server.onResponse(
                EapPacket.response(identifier, EapPacket.IDENTITY, identity).encode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "616c00696365", "1b5b324a", "c328", "ff", "eda080", "0a"})
    void octetsThatAreNoNameAreRefused(String hex) {
        assertThat(answer(Octets.ofHex(hex))).isInstanceOf(EapOutcome.Failure.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {254, 4_096, 60_000})
    void aNameThatIsTooLongIsRefused(int length) {
        assertThat(answer(Octets.of(new byte[length]))).isInstanceOf(EapOutcome.Failure.class);
        assertThat(answer(Octets.ofAscii("a".repeat(length))))
                .isInstanceOf(EapOutcome.Failure.class);
    }

    /// RFC 7542 section 2.4: "@" alone, a realm alone, nothing: names of nobody, whom the method
    /// does not know.
    @ParameterizedTest
    @ValueSource(strings = {"", "@", "@@", "@example.org", "alice@", " "})
    void aNameOfNobodyProvesNobody(String name) {
        assertThat(answer(Octets.ofAscii(name))).isNotInstanceOf(EapOutcome.Success.class);
    }
}
