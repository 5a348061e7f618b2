package dev.postern.eap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.wire.EapPacket;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 3748 section 5: Identity, Notification, Nak, and how a method is chosen.
class Section_5_3_1_Nak {
    private static final int SIM = 18;

    private static EapPeer bob() {
        return new EapPeer("bob", Conversations.msChapV2Peer("bob", "über"));
    }

    private static ServerMethod tls() {
        return new TlsServer(new TlsByHand(true), 1000);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6, EapPacket.TLS, SIM, 23, 25, EapPacket.EXPANDED})
    void anotherMethodGetsANakThatNamesOurs(int type) {
        EapOutcome answer = bob().on(EapPacket.request(7, type, Octets.ofHex("00ff")).encode());

        EapPacket nak = Conversations.decode(answer);
        assertThat(nak.type()).isEqualTo(EapPacket.NAK);
        assertThat(nak.identifier()).isEqualTo(7);
        assertThat(nak.data()).isEqualTo(Octets.ofHex("1a"));
    }

    @Test
    void aServerTakesTheMethodThatThePeerWants() {
        Conversations.Ends ends =
                Conversations.run(
                        Conversations.server(true, tls(), Conversations.msChapV2Server()), bob());
        assertThat(ends.server()).isInstanceOf(EapOutcome.Success.class);
    }

    @Test
    void aPeerThatWantsWhatWeDoNotSpeakIsRefused() {
        EapServer server = Conversations.server(false, tls());
        int identifier = Conversations.decode(server.begin()).identifier();
        Octets nak = EapPacket.response(identifier, EapPacket.NAK, Octets.ofHex("12171a")).encode();

        assertThat(Conversations.reason(server.onResponse(nak)))
                .contains("none of our EAP methods");
    }

    @Test
    void aNakWithinAMethodIsRefused() {
        EapServer server = Conversations.server(false, Conversations.msChapV2Server(), tls());
        EapPeer peer = bob();
        Octets challenge = Conversations.packetOf(server.begin());
        EapOutcome next = server.onResponse(Conversations.packetOf(peer.on(challenge)));
        int identifier = Conversations.decode(next).identifier();

        Octets nak = EapPacket.response(identifier, EapPacket.NAK, Octets.ofHex("0d")).encode();
        assertThat(Conversations.reason(server.onResponse(nak))).contains("another EAP type");
    }

    @Test
    void aSecondNakIsRefused() {
        EapServer server = Conversations.server(false, tls(), Conversations.msChapV2Server());
        int first = Conversations.decode(server.begin()).identifier();
        EapOutcome next =
                server.onResponse(
                        EapPacket.response(first, EapPacket.NAK, Octets.ofHex("1a")).encode());
        int second = Conversations.decode(next).identifier();

        assertThat(
                        server.onResponse(
                                EapPacket.response(second, EapPacket.NAK, Octets.ofHex("0d"))
                                        .encode()))
                .isInstanceOf(EapOutcome.Failure.class);
    }

    @Test
    void anotherMethodOrIdentityWithinOursIsRefused() {
        for (int type : new int[] {EapPacket.TLS, EapPacket.IDENTITY, EapPacket.NAK}) {
            EapPeer peer = bob();
            Octets challenge = new MsChapV2Packet.Challenge(1, new byte[16], "gw").encode();
            peer.on(EapPacket.request(1, EapPacket.MSCHAPV2, challenge).encode());
            assertThat(peer.on(EapPacket.request(2, type, Octets.EMPTY).encode()))
                    .isInstanceOf(EapOutcome.Failure.class);
        }
    }

    @Test
    void aNotificationIsAcknowledgedAndChangesNothing() {
        EapPeer peer = bob();
        EapOutcome answer =
                peer.on(
                        EapPacket.request(3, EapPacket.NOTIFICATION, Octets.ofAscii("expiring"))
                                .encode());
        assertThat(Conversations.decode(answer))
                .isEqualTo(EapPacket.response(3, EapPacket.NOTIFICATION, Octets.EMPTY));
        assertThat(
                        Conversations.run(
                                        Conversations.server(true, Conversations.msChapV2Server()),
                                        peer)
                                .peer())
                .isInstanceOf(EapOutcome.Success.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "c328", "626f0062", "0a"})
    void anIdentityThatIsNoTextIsRefused(String hex) {
        EapServer server = Conversations.server(true, Conversations.msChapV2Server());
        server.begin();
        Octets response = EapPacket.response(250, EapPacket.IDENTITY, Octets.ofHex(hex)).encode();
        assertThat(Conversations.reason(server.onResponse(response))).contains("identity");
    }
}
