package dev.postern.ike.rfc7296;

import static dev.postern.ike.world.InitiatorByHand.find;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Versions that we do not speak, and payloads that we do not know.
class Section_2_5_VersionsAndCriticalPayloads {
    private static final Payload CRITICAL = new Payload.Unknown(250, true, Octets.ofHex("0102"));
    private static final Payload HARMLESS = new Payload.Unknown(250, false, Octets.ofHex("0102"));

    private final World world = new World(25);
    private final Node gateway = world.add(new GatewaySettings('a'));

    private byte[] init(int version) {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        byte[] octets = peer.init(peer.initPayloads());
        octets[17] = (byte) version;
        return octets;
    }

    private List<Datagram> send(byte[] octets) {
        return new InitiatorByHand(world, gateway, 1).send(octets);
    }

    @Test
    void aRequestOfAHigherMajorVersionIsToldThatWeSpeakTwo() {
        List<Datagram> back = send(init(0x30));
        assertThat(back).hasSize(1);
        assertThat(back.getFirst().message().payloads())
                .containsExactly(
                        Payload.Notify.of(NotifyType.INVALID_MAJOR_VERSION, Octets.ofHex("02")));
        assertThat(back.getFirst().header().response()).isTrue();
        assertThat(gateway.count(Counter.REFUSED_MAJOR_VERSION)).isEqualTo(1);
        assertThat(gateway.count(Counter.MALFORMED_VERSION)).isEqualTo(1);
    }

    @Test
    void tenSuchAnswersASecondAreEnough() {
        byte[] octets = init(0x30);
        int answers = 0;
        for (int i = 0; i < 50; i++) {
            answers += send(octets).size();
        }
        assertThat(answers).isEqualTo(10);
        world.advance(Duration.ofSeconds(1));
        assertThat(send(octets)).hasSize(1);
        assertThat(gateway.count(Counter.MALFORMED_VERSION)).isEqualTo(51);
    }

    @Test
    void aResponseOfAHigherVersionIsNotAnswered() {
        byte[] octets = init(0x30);
        octets[19] |= 0x20;
        assertThat(send(octets)).isEmpty();
    }

    @Test
    void aLowerMajorVersionIsDropped() {
        assertThat(send(init(0x10))).isEmpty();
        assertThat(send(init(0x00))).isEmpty();
        assertThat(gateway.count(Counter.MALFORMED_VERSION)).isEqualTo(2);
    }

    @Test
    void aHigherMinorVersionIsSpokenTo() {
        assertThat(send(init(0x2f))).hasSize(1);
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(1);
    }

    @Test
    void anUnknownCriticalPayloadInIkeSaInitIsNamedAndNothingIsKept() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        List<Payload> payloads = new ArrayList<>(peer.initPayloads());
        payloads.add(CRITICAL);
        List<Datagram> back = peer.send(peer.init(payloads));
        assertThat(back.getFirst().message().payloads())
                .containsExactly(
                        Payload.Notify.of(
                                NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, Octets.ofHex("fa")));
        assertThat(gateway.endpoint().size()).isZero();
    }

    @Test
    void anUnknownPayloadThatIsNotCriticalIsSkippedEverywhere() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        List<Payload> init = new ArrayList<>(peer.initPayloads());
        init.addFirst(HARMLESS);
        peer.begin(init);
        List<Payload> auth = new ArrayList<>(peer.authPayloads());
        auth.add(2, HARMLESS);
        peer.request(ExchangeType.IKE_AUTH, 1, auth);
        assertThat(peer.request(ExchangeType.INFORMATIONAL, 2, List.of(HARMLESS))).isEmpty();
        assertThat(gateway.events(Event.IkeSaEstablished.class)).hasSize(1);
    }

    @Test
    void anUnknownCriticalPayloadInIkeAuthEndsTheAttempt() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        List<Payload> auth = new ArrayList<>(peer.authPayloads());
        auth.add(CRITICAL);
        Payload.Notify notify =
                find(peer.request(ExchangeType.IKE_AUTH, 1, auth), Payload.Notify.class);
        assertThat(notify.type()).isEqualTo(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD.code());
        assertThat(notify.data()).isEqualTo(Octets.ofHex("fa"));
        assertThat(gateway.events(Event.IkeSaEstablished.class)).isEmpty();
    }

    @Test
    void anUnknownCriticalPayloadInARequestIsNamedAndTheIkeSaStands() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();
        Payload.Notify notify =
                find(
                        peer.request(
                                ExchangeType.INFORMATIONAL,
                                2,
                                List.of(new Payload.Delete(1, List.of()), CRITICAL)),
                        Payload.Notify.class);
        assertThat(notify.type()).isEqualTo(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD.code());
        assertThat(gateway.endpoint().size()).as("nothing of it was done").isEqualTo(1);
        assertThat(peer.request(ExchangeType.INFORMATIONAL, 3, List.of())).isEmpty();
    }

    @Test
    void anUnknownCriticalPayloadInAnAnswerEndsTheClientsIkeSa() {
        ClientSettings settings = new ClientSettings();
        Node client = world.add(settings);
        client.initiate(1, settings.profile(), gateway);
        GatewayByHand byHand = new GatewayByHand(world, client, gateway).begin();
        List<Payload> answer = new ArrayList<>(byHand.authPayloads());
        answer.add(CRITICAL);
        byHand.answerAuth(answer);
        assertThat(client.lastClosed().reason())
                .isEqualTo(CloseReason.UNSUPPORTED_CRITICAL_PAYLOAD);
        assertThat(client.installed()).isEmpty();
    }

    @Test
    void anUnknownCriticalPayloadInAClearAnswerIsPassedOver() {
        ClientSettings settings = new ClientSettings();
        Node client = world.add(settings);
        client.initiate(1, settings.profile(), gateway);
        GatewayByHand byHand = new GatewayByHand(world, client, gateway);
        List<Payload> answer = new ArrayList<>(byHand.initPayloads());
        answer.add(CRITICAL);
        byHand.send(byHand.clear(7, answer));
        assertThat(world.carried()).hasSize(1);
        assertThat(client.count(Counter.REFUSED_CRITICAL_PAYLOAD)).isEqualTo(1);
    }
}
