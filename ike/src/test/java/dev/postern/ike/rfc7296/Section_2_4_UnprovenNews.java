package dev.postern.ike.rfc7296;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.LivenessPolicy;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// "a node MUST NOT conclude that the other endpoint has failed based on any routing information
/// (e.g., ICMP messages) or IKE messages that arrive without cryptographic protection" (section
/// 2.4): it checks for itself.
class Section_2_4_UnprovenNews {
    private final World world = new World(241);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings settings = new ClientSettings();
    private Node gateway = world.add(gatewaySettings);
    private Node client = world.add(settings);
    private Header request = new Header(0, 0, ExchangeType.INFORMATIONAL, true, false, 2);

    @BeforeEach
    void connect() {
        settings.liveness = new LivenessPolicy(0, RetransmissionSchedule.QUICK, true);
        client.initiate(1, settings.profile(), gateway);
        world.settle();
        Header auth = world.carried().getLast().header();
        request = new Header(auth.spiI(), auth.spiR(), ExchangeType.INFORMATIONAL, true, false, 2);
    }

    private void clear(InetSocketAddress from, Node to, Header header, NotifyType type) {
        byte[] octets = MessageCodec.encode(header, List.of(Payload.Notify.of(type)));
        world.deliver(new Datagram(from, to.address(), octets));
        world.settle();
    }

    private void unknownSpi(InetSocketAddress from) {
        clear(from, client, request.toResponse(), NotifyType.INVALID_IKE_SPI);
    }

    private long checks() {
        return world.carried().stream()
                .filter(datagram -> datagram.from().equals(client.address()))
                .filter(datagram -> datagram.header().exchange() == ExchangeType.INFORMATIONAL)
                .count();
    }

    @Test
    void aGatewayThatIsSaidNotToKnowUsIsCheckedAndStays() {
        unknownSpi(gateway.address());
        assertThat(client.count(Counter.DOUBTED_BY_CLEAR_NOTIFY)).isEqualTo(1);
        assertThat(checks()).isEqualTo(1);
        assertThat(client.events(Event.PeerAlive.class)).hasSize(1);
        world.advance(Duration.ofMinutes(1));
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
    }

    @Test
    void aFloodOfThemIsOneCheckInTenSeconds() {
        for (int i = 0; i < 1_000; i++) {
            unknownSpi(gateway.address());
        }
        assertThat(checks()).isEqualTo(1);
        world.advance(Duration.ofSeconds(10));
        unknownSpi(gateway.address());
        assertThat(checks()).isEqualTo(2);
    }

    @Test
    void aGatewayThatHasGoneIsFoundOutByTheCheckAlone() {
        gateway.die();
        unknownSpi(gateway.address());
        assertThat(client.events(Event.PeerUnresponsive.class)).isEmpty();
        world.advance(Duration.ofSeconds(5));
        assertThat(client.events(Event.PeerUnresponsive.class)).hasSize(1);
    }

    @Test
    void fromElsewhereOrOfAnotherKindTheyAreDropped() {
        unknownSpi(new InetSocketAddress("203.0.113.66", 4500));
        clear(gateway.address(), client, request.toResponse(), NotifyType.AUTHENTICATION_FAILED);
        assertThat(checks()).isZero();
        assertThat(client.count(Counter.DROPPED_NOT_PROTECTED)).isEqualTo(2);
    }

    @Test
    void aGatewayIsMadeToDoNothing() {
        int sent = world.carried().size();
        clear(client.address(), gateway, request, NotifyType.INVALID_IKE_SPI);
        world.advance(Duration.ofSeconds(5));
        assertThat(world.carried()).hasSize(sent);
        assertThat(gateway.count(Counter.DROPPED_NOT_PROTECTED)).isEqualTo(1);
    }
}
