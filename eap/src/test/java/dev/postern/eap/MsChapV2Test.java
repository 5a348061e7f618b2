package dev.postern.eap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.eap.Conversations.Ends;
import dev.postern.wire.EapPacket;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

/// EAP-MSCHAPv2 between both ends of ours, draft-kamath-pppext-eap-mschapv2.
class MsChapV2Test {
    private static Ends run(String user, String password, boolean asksIdentity) {
        return Conversations.run(
                Conversations.server(asksIdentity, Conversations.msChapV2Server()),
                new EapPeer(user, Conversations.msChapV2Peer(user, password)));
    }

    private static EapOutcome.Success success(EapOutcome outcome) {
        assertThat(outcome).isInstanceOf(EapOutcome.Success.class);
        return (EapOutcome.Success) outcome;
    }

    @Test
    void bothEndsComeToTheSameKey() {
        Ends ends = run(Conversations.ALICE, "wonderland", true);

        assertThat(success(ends.server()).identity()).isEqualTo(Conversations.ALICE);
        assertThat(success(ends.server()).msk()).isEqualTo(success(ends.peer()).msk());
        assertThat(success(ends.server()).msk()).isNotNull();
        assertThat(ends.requests()).as("identity, challenge, success").isEqualTo(3);
        assertThat(success(ends.server()).mutual()).as("open to guessing").isFalse();
    }

    @Test
    void anIdentityRequestIsNotNeeded() {
        assertThat(success(run("bob", "über", false).server()).identity()).isEqualTo("bob");
    }

    @Test
    void aWrongPasswordAndAnUnknownUserGetTheSameAnswer() {
        Ends wrong = run(Conversations.ALICE, "looking glass", true);
        Ends unknown = run("mallory@example.org", "wonderland", true);

        assertThat(Conversations.reason(wrong.server())).contains("wrong password of alice");
        assertThat(Conversations.reason(unknown.server())).contains("no such user");
        assertThat(Conversations.reason(wrong.peer()))
                .isEqualTo("the server refused the password of alice@example.org (error 691)");
        assertThat(Conversations.packetOf(wrong.server()))
                .isEqualTo(Conversations.packetOf(unknown.server()));
    }

    @Test
    void aServerWithoutThePasswordIsRefused() {
        EapPeer peer = new EapPeer("alice", Conversations.msChapV2Peer("alice", "wonderland"));
        Octets challenge = new MsChapV2Packet.Challenge(7, new byte[16], "impostor").encode();
        peer.on(EapPacket.request(1, EapPacket.MSCHAPV2, challenge).encode());
        Octets lie = new MsChapV2Packet.Success(7, "S=" + "0".repeat(40) + " M=hello").encode();

        EapOutcome outcome = peer.on(EapPacket.request(2, EapPacket.MSCHAPV2, lie).encode());

        assertThat(Conversations.reason(outcome)).contains("does not know the password");
    }

    @Test
    void aSuccessThatEndsWithAZeroOctetAsStrongSwansDoesIsTaken() {
        MsChapV2Server server = Conversations.msChapV2Server();
        MsChapV2Peer peer = Conversations.msChapV2Peer("bob", "über");
        Octets challenge = ((MethodStep.Send) server.begin("")).data();
        Octets response = ((MethodStep.Send) peer.onRequest(challenge)).data();
        byte[] success = ((MethodStep.Send) server.onResponse(response)).data().array();
        byte[] longer = java.util.Arrays.copyOf(success, success.length + 1);
        longer[3]++;

        assertThat(peer.onRequest(Octets.of(longer))).isInstanceOf(MethodStep.Send.class);
        assertThat(peer.proven()).isNotNull();
    }

    @Test
    void thePeerAcknowledgesSuccessWithOneOctet() {
        MsChapV2Server server = Conversations.msChapV2Server();
        MsChapV2Peer peer = Conversations.msChapV2Peer("bob", "über");
        Octets challenge = ((MethodStep.Send) server.begin("")).data();
        Octets response = ((MethodStep.Send) peer.onRequest(challenge)).data();
        Octets success = ((MethodStep.Send) server.onResponse(response)).data();

        assertThat(((MethodStep.Send) peer.onRequest(success)).data())
                .isEqualTo(Octets.ofHex("03"));
        assertThat(challenge.slice(0, 1)).isEqualTo(Octets.ofHex("01"));
        assertThat(response.at(4)).as("Value-Size").isEqualTo(49);
        assertThat(response.at(2) << 8 | response.at(3)).isEqualTo(response.length());
    }
}
