package dev.postern.eap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.wire.EapPacket;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.Random;

/// RFC 3748 sections 4.1 and 4.2: identifiers, and when Success and Failure count. T-EAP-7.
class Section_4_2_SuccessAndFailure {
    private static EapPeer bob() {
        return new EapPeer("bob", Conversations.msChapV2Peer("bob", "über"));
    }

    private static EapServer server() {
        return Conversations.server(true, Conversations.msChapV2Server());
    }

    @Test
    void successBeforeAnythingIsRefused() {
        assertThat(Conversations.reason(bob().on(EapPacket.success(1).encode())))
                .contains("before the method");
    }

    @Test
    void successAfterTheIdentityAloneIsRefused() {
        EapPeer peer = bob();
        peer.on(EapPacket.request(1, EapPacket.IDENTITY, Octets.EMPTY).encode());
        assertThat(peer.on(EapPacket.success(1).encode())).isInstanceOf(EapOutcome.Failure.class);
    }

    @Test
    void successWithAnotherIdentifierIsRefused() {
        EapServer server = server();
        EapPeer peer = bob();
        EapOutcome said = server.begin();
        while (said instanceof EapOutcome.Continue(Octets request)) {
            said = server.onResponse(Conversations.packetOf(peer.on(request)));
        }
        int right = Conversations.decode(said).identifier();

        assertThat(said).isInstanceOf(EapOutcome.Success.class);
        assertThat(Conversations.reason(peer.on(EapPacket.success(right + 1 & 0xff).encode())))
                .contains("identifier");
    }

    @Test
    void failureAlwaysCounts() {
        EapPeer peer = bob();
        assertThat(peer.on(EapPacket.failure(9).encode())).isInstanceOf(EapOutcome.Failure.class);
        assertThat(peer.on(EapPacket.request(1, EapPacket.IDENTITY, Octets.EMPTY).encode()))
                .as("and ends the conversation")
                .isInstanceOf(EapOutcome.Failure.class);
    }

    @Test
    void aResponseWithAnotherIdentifierIsRefused() {
        EapServer server = server();
        int identifier = Conversations.decode(server.begin()).identifier();
        Octets wrong =
                EapPacket.response(identifier + 1, EapPacket.IDENTITY, Octets.ofAscii("bob"))
                        .encode();
        assertThat(Conversations.reason(server.onResponse(wrong))).contains("no response");
    }

    @Test
    void identifiersGoOnFromTwoHundredFiftyFiveWithZero() {
        Conversations.Ends ends =
                Conversations.run(
                        new EapServer(255, true, java.util.List.of(Conversations.msChapV2Server())),
                        bob());
        assertThat(ends.server()).isInstanceOf(EapOutcome.Success.class);
        assertThat(Conversations.decode(ends.server()).identifier()).isEqualTo(1);
    }

    @Test
    void aRequestOrSuccessFromThePeerIsRefused() {
        assertThat(server().onResponse(EapPacket.success(250).encode()))
                .isInstanceOf(EapOutcome.Failure.class);
        EapServer server = server();
        server.begin();
        assertThat(server.onResponse(EapPacket.success(250).encode()))
                .isInstanceOf(EapOutcome.Failure.class);
    }

    @Test
    void lengthFieldsThatLieEndBothEnds() {
        Octets packet = EapPacket.request(1, EapPacket.IDENTITY, Octets.ofAscii("hello")).encode();
        for (int length : new int[] {0, 3, 4, packet.length() + 1, 0xffff}) {
            byte[] lie = packet.array().clone();
            lie[2] = (byte) (length >>> 8);
            lie[3] = (byte) length;
            assertThat(bob().on(Octets.of(lie)))
                    .as("length %d", length)
                    .isInstanceOf(EapOutcome.Failure.class);
            lie[0] = 2;
            EapServer server = server();
            server.begin();
            assertThat(server.onResponse(Octets.of(lie))).isInstanceOf(EapOutcome.Failure.class);
        }
    }

    @Test
    void paddingBeyondTheLengthIsPassedOver() {
        Octets packet = EapPacket.request(1, EapPacket.IDENTITY, Octets.EMPTY).encode();
        byte[] padded = java.util.Arrays.copyOf(packet.array(), 40);
        assertThat(bob().on(Octets.of(padded))).isInstanceOf(EapOutcome.Continue.class);
    }

    @Test
    void noOctetsMakeAnEndThrowOrSucceed() {
        Random random = new Random(42);
        for (int i = 0; i < 50_000; i++) {
            byte[] octets = new byte[random.nextInt(40)];
            random.nextBytes(octets);
            if (octets.length > 4) {
                octets[0] = (byte) (1 + random.nextInt(4));
                octets[2] = 0;
                octets[3] = (byte) octets.length;
                octets[4] = (byte) (random.nextBoolean() ? 26 : random.nextInt(5));
            }
            assertThat(bob().on(Octets.of(octets))).isNotInstanceOf(EapOutcome.Success.class);
            EapServer server = server();
            server.begin();
            assertThat(server.onResponse(Octets.of(octets)))
                    .isNotInstanceOf(EapOutcome.Success.class);
        }
    }
}
