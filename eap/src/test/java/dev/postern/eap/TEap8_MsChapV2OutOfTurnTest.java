package dev.postern.eap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.wire.EapPacket;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

/// T-EAP-8: success, and whatever else, without the state that it needs.
class TEap8_MsChapV2OutOfTurnTest {
    private static final Octets ACKNOWLEDGEMENT = Octets.ofHex("03");

    private final MsChapV2Server server = Conversations.msChapV2Server();
    private final MsChapV2Peer peer = Conversations.msChapV2Peer("bob", "über");

    private static Octets data(MethodStep step) {
        assertThat(step).isInstanceOf(MethodStep.Send.class);
        return ((MethodStep.Send) step).data();
    }

    @Test
    void aPeerThatTakesSuccessBeforeItAnsweredIsNotProven() {
        server.begin("");
        assertThat(server.onResponse(ACKNOWLEDGEMENT)).isInstanceOf(MethodStep.Refused.class);
    }

    @Test
    void aPeerThatTakesSuccessAfterItFailedIsNotProven() {
        Octets challenge = data(server.begin(""));
        Octets response = data(Conversations.msChapV2Peer("bob", "wrong").onRequest(challenge));
        assertThat(data(server.onResponse(response)).at(0)).isEqualTo(MsChapV2Packet.FAILURE);

        assertThat(server.onResponse(ACKNOWLEDGEMENT)).isInstanceOf(MethodStep.Refused.class);
    }

    @Test
    void aSecondResponseGetsNoSecondJudgement() {
        Octets challenge = data(server.begin(""));
        Octets right = data(peer.onRequest(challenge));
        Octets wrong = data(Conversations.msChapV2Peer("bob", "wrong").onRequest(challenge));
        server.onResponse(wrong);

        assertThat(server.onResponse(right)).isInstanceOf(MethodStep.Refused.class);
    }

    @Test
    void aResponseToAnotherChallengeIdIsRefused() {
        Octets challenge = data(server.begin(""));
        byte[] other = challenge.array().clone();
        other[1]++;
        Octets response = data(peer.onRequest(Octets.of(other)));

        assertThat(server.onResponse(response)).isInstanceOf(MethodStep.Refused.class);
    }

    @Test
    void aServerThatSaysSuccessBeforeItsChallengeIsRefused() {
        Octets success = new MsChapV2Packet.Success(1, "S=" + "0".repeat(40)).encode();
        assertThat(peer.onRequest(success)).isInstanceOf(MethodStep.Refused.class);
        assertThat(peer.proven()).isNull();
    }

    @Test
    void aServerThatSaysSuccessWithoutAProofIsRefused() {
        peer.onRequest(new MsChapV2Packet.Challenge(1, new byte[16], "gw").encode());
        assertThat(peer.onRequest(ACKNOWLEDGEMENT)).isInstanceOf(MethodStep.Refused.class);
        assertThat(peer.proven()).isNull();
    }

    @Test
    void eapSuccessRightAfterTheChallengeIsRefused() {
        EapPeer end = new EapPeer("bob", peer);
        Octets challenge = new MsChapV2Packet.Challenge(1, new byte[16], "gw").encode();
        end.on(EapPacket.request(5, EapPacket.MSCHAPV2, challenge).encode());

        assertThat(Conversations.reason(end.on(EapPacket.success(5).encode())))
                .contains("before the method had proven it");
    }
}
