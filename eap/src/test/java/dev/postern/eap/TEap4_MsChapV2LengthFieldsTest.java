package dev.postern.eap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// T-EAP-4: each length field of EAP-MSCHAPv2, at both ends.
class TEap4_MsChapV2LengthFieldsTest {
    private static final Octets CHALLENGE =
            new MsChapV2Packet.Challenge(9, new byte[16], "gw").encode();
    private static final Octets RESPONSE =
            new MsChapV2Packet.Response(9, new byte[16], new byte[24], "alice").encode();
    private static final Octets SUCCESS = new MsChapV2Packet.Success(9, "S=00").encode();
    private static final Octets FAILURE = new MsChapV2Packet.Failure(9, "E=691").encode();
    private static final List<Octets> ALL = List.of(CHALLENGE, RESPONSE, SUCCESS, FAILURE);

    private static Octets with(Octets packet, int at, int value) {
        byte[] changed = packet.array().clone();
        changed[at] = (byte) value;
        return Octets.of(changed);
    }

    private static void assertMalformed(Octets data) {
        assertThatThrownBy(() -> MsChapV2Packet.decode(data))
                .as(data.toString())
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void everyPrefixIsMalformedButTheAcknowledgements() {
        for (Octets packet : ALL) {
            for (int length = 0; length < packet.length(); length++) {
                Octets prefix = packet.slice(0, length);
                if (length != 1 || packet.at(0) < MsChapV2Packet.SUCCESS) {
                    assertMalformed(prefix);
                }
            }
        }
    }

    @Test
    void anMsLengthBelowItsOwnHeaderOrBeyondThePacketIsMalformed() {
        for (Octets packet : ALL) {
            for (int length : new int[] {0, 1, 3, packet.length() + 1, 0xffff}) {
                assertMalformed(with(with(packet, 2, length >>> 8), 3, length));
            }
        }
    }

    @Test
    void anyOtherValueSizeIsMalformed() {
        for (int size = 0; size < 256; size++) {
            if (size != 16) {
                assertMalformed(with(CHALLENGE, 4, size));
            }
            if (size != 49) {
                assertMalformed(with(RESPONSE, 4, size));
            }
        }
    }

    @Test
    void aNameThatIsTooLongOrNoTextIsMalformed() {
        assertMalformed(new MsChapV2Packet.Challenge(9, new byte[16], "a".repeat(254)).encode());
        assertMalformed(with(RESPONSE, RESPONSE.length() - 1, 0xff));
        assertMalformed(with(RESPONSE, RESPONSE.length() - 1, 0));
        assertMalformed(with(RESPONSE, RESPONSE.length() - 1, '\n'));
    }

    @Test
    void changedOctetsEndAnEndAndNeverThrow() {
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = ALL.get(i % ALL.size()).array().clone();
            octets[random.nextInt(octets.length)] = (byte) random.nextInt();
            Octets data = Octets.of(Arrays.copyOf(octets, random.nextInt(octets.length + 9)));
            MsChapV2Server server = Conversations.msChapV2Server();
            MethodStep first = server.begin("");
            MethodStep answer = server.onResponse(data);
            assertThat(first).isInstanceOf(MethodStep.Send.class);
            assertThat(answer).isNotInstanceOf(MethodStep.Proven.class);
            try (MsChapV2Peer peer = Conversations.msChapV2Peer("a", "b")) {
                peer.onRequest(data);
                assertThat(peer.proven()).isNull();
            }
        }
    }
}
