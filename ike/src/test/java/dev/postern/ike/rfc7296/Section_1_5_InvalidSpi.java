package dev.postern.ike.rfc7296;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.FurtherChildSa;
import dev.postern.ike.Input;
import dev.postern.ike.LifePolicy.ChildKeyExchange;
import dev.postern.ike.Lifetime;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Cluster;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Protocol;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// A packet with an SPI that the receiver does not know, from a peer with which it has an IKE SA:
/// one of them has a Child SA that the other lacks. Here the member of a cluster that carries on
/// goes by a record that is older than the last rekeying.
class Section_1_5_InvalidSpi {
    private final World world = new World(7_150);
    private final ClientSettings settings = new ClientSettings();
    private final Cluster cluster = new Cluster(world, 'a', _ -> {});
    private Node client = world.add(settings);

    private void connect() {
        client.initiate(1, settings.profile(), cluster.active());
        world.settle();
        pass(2);
    }

    private void pass(long seconds) {
        world.advance(Duration.ofSeconds(seconds));
    }

    /// The client rekeys its Child SA, and the standby does not hear of it any more.
    private Node failOverAfterARekeying() {
        connect();
        cluster.active().standby().cutOff();
        int before = client.installed().getFirst().inboundSpi();
        client.give(new Input.RekeyChildSa(before));
        world.settle();
        pass(10);
        assertThat(client.installed()).hasSize(1);
        assertThat(client.installed().getFirst().inboundSpi()).isNotEqualTo(before);
        Node member = cluster.failOver();
        pass(1);
        assertThat(member.installed()).hasSize(1);
        assertThat(spis(client)).doesNotContain(member.installed().getFirst().outboundSpi());
        return member;
    }

    private static Set<Integer> spis(Node node) {
        return node.installed().stream()
                .map(ChildSaInstallation::inboundSpi)
                .collect(Collectors.toSet());
    }

    private static void wayward(Node receiver, int spi, InetSocketAddress from) {
        receiver.give(new Input.WaywardPackets(List.of(new Input.Wayward(spi, from))));
    }

    private static void packetFromTo(Node sender, Node receiver) {
        wayward(receiver, sender.installed().getFirst().outboundSpi(), sender.address());
    }

    /// Each Child SA of one is one of the other.
    private void assertAgree(Node member) {
        assertThat(client.installed()).isNotEmpty();
        assertThat(client.installed().stream().map(ChildSaInstallation::outboundSpi))
                .containsExactlyInAnyOrderElementsOf(spis(member));
        assertThat(member.installed().stream().map(ChildSaInstallation::outboundSpi))
                .containsExactlyInAnyOrderElementsOf(spis(client));
        assertThat(client.events(Event.IkeSaEstablished.class)).as("the same IKE SA").hasSize(1);
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
        assertThat(member.events(Event.IkeSaClosed.class)).isEmpty();
    }

    private long sentBy(Node node, Predicate<Header> wanted) {
        return world.carried().stream()
                .filter(datagram -> datagram.from().equals(node.address()))
                .map(Datagram::header)
                .filter(wanted)
                .count();
    }

    private long requestsBy(Node node, ExchangeType exchange) {
        return sentBy(node, header -> !header.response() && header.exchange() == exchange);
    }

    @Test
    void aClientMakesTheChildSaAgainThatItsGatewayLacks() {
        Node member = failOverAfterARekeying();
        packetFromTo(client, member);
        pass(1);
        assertThat(client.count(Counter.INVALID_SPI_HEARD)).isEqualTo(1);
        assertThat(spis(member)).contains(client.installed().getFirst().outboundSpi());
        assertThat(client.isActive(client.installed().getFirst())).isTrue();
        // The one that the member had from the record goes when it is rekeyed, after a while.
        pass(600);
        assertAgree(member);
        assertThat(client.installed()).hasSize(1);
    }

    @Test
    void aGatewayForgetsTheChildSaThatItsClientLacksAndTheClientLooksAtItsOwn() {
        Node member = failOverAfterARekeying();
        packetFromTo(member, client);
        pass(1);
        assertThat(member.count(Counter.INVALID_SPI_HEARD)).isEqualTo(1);
        pass(5);
        assertAgree(member);
        assertThat(client.installed()).hasSize(1);
        pass(600);
        assertAgree(member);
        assertThat(client.installed()).hasSize(1);
    }

    @Test
    void bothFindOutAtOnce() {
        Node member = failOverAfterARekeying();
        packetFromTo(member, client);
        packetFromTo(client, member);
        pass(30);
        pass(600);
        assertAgree(member);
        assertThat(client.installed()).hasSize(1);
    }

    /// The gateway has begun a rekeying, and fails before it has the answer.
    @Test
    void aRekeyingThatIsHalfDoneIsDoneAgain() {
        connect();
        cluster.active().standby().cutOff();
        InetSocketAddress lost = client.address();
        world.setFate(datagram -> datagram.from().equals(lost) ? Fate.lost() : Fate.delivered());
        cluster.active()
                .give(new Input.RekeyChildSa(cluster.active().installed().getFirst().inboundSpi()));
        world.advance(Duration.ofMillis(100));
        assertThat(client.installed()).as("the old one and its successor").hasSize(2);
        world.setFate(Fate.DELIVER);
        Node member = cluster.failOver();
        pass(900);
        assertAgree(member);
        assertThat(client.installed()).hasSize(1);
    }

    @Test
    void whoeverForgesPacketsCausesFewMessagesAndNothingElse() {
        connect();
        Node gateway = cluster.active();
        Set<Integer> before = spis(client);
        long said = requestsBy(gateway, ExchangeType.INFORMATIONAL);
        for (int i = 1; i <= 3600; i++) {
            wayward(gateway, 0x7000_0000 + i, client.address());
            wayward(client, 0x7000_0000 + i, gateway.address());
            pass(1);
        }
        assertThat(requestsBy(gateway, ExchangeType.INFORMATIONAL) - said).isBetween(1L, 20L);
        assertThat(requestsBy(client, ExchangeType.CREATE_CHILD_SA)).isZero();
        assertThat(requestsBy(gateway, ExchangeType.CREATE_CHILD_SA)).isZero();
        assertThat(spis(client)).isEqualTo(before);
        assertAgree(gateway);
    }

    /// A request that nobody answers ends the IKE SA.
    @Test
    void aPeerThatSleepsIsNotToldForAForgedPacket() {
        connect();
        pass(60);
        int before = world.carried().size();
        wayward(cluster.active(), 0x7000_0001, client.address());
        pass(600);
        assertThat(world.carried()).hasSize(before);
        assertThat(cluster.active().events(Event.IkeSaClosed.class)).isEmpty();
    }

    /// More than may be made of one and the same in succession.
    @Test
    void manyThatAreLackingAtOnceAreAllMadeAgainAtOnce() {
        List<FurtherChildSa> further = new ArrayList<>();
        List<TrafficSelector> networks = new ArrayList<>(List.of(Net.subnet(10, 1, 0, 0, 16)));
        for (int i = 2; i <= 6; i++) {
            networks.add(Net.subnet(10, i, 0, 0, 16));
            further.add(
                    new FurtherChildSa(
                            "net" + i, List.of(), List.of(networks.getLast()), Lifetime.UNLIMITED));
        }
        Cluster wide = new Cluster(world, 'b', member -> member.localSelectors = networks);
        settings.remoteSelectors = List.of(networks.getFirst());
        settings.furtherChildSas = further;
        client = world.add(settings);
        client.initiate(1, settings.profile(), wide.active());
        pass(5);
        assertThat(client.installed()).hasSize(6);
        wide.active().standby().cutOff();
        client.installed()
                .forEach(child -> client.give(new Input.RekeyChildSa(child.inboundSpi())));
        pass(10);
        assertThat(client.installed()).hasSize(6);
        Node member = wide.failOver();
        pass(1);
        for (ChildSaInstallation lacking : List.copyOf(client.installed())) {
            wayward(member, lacking.outboundSpi(), client.address());
            pass(1);
            assertThat(client.installed()).as("made again at once").hasSize(6);
        }
        pass(2);
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
        assertThat(client.count(Counter.INVALID_SPI_HEARD)).isEqualTo(6);
        assertThat(spis(member))
                .containsAll(
                        client.installed().stream().map(ChildSaInstallation::outboundSpi).toList());
    }

    @Test
    void packetsFromOtherAddressesAreNobodys() {
        connect();
        int before = world.carried().size();
        wayward(cluster.active(), 0x7000_0001, new InetSocketAddress("203.0.113.66", 4500));
        pass(5);
        assertThat(world.carried()).hasSize(before);
    }

    @Test
    void aPacketThatCameBeforeItsSaIsNoNews() {
        connect();
        int before = world.carried().size();
        packetFromTo(client, cluster.active());
        pass(5);
        assertThat(world.carried()).hasSize(before);
    }

    private GatewayByHand standing() {
        GatewaySettings there = new GatewaySettings('x');
        Node seat = world.add(there);
        GatewayByHand gateway = new GatewayByHand(world, client, seat);
        client.initiate(1, settings.profile(), seat);
        gateway.begin();
        gateway.answerAuth(gateway.authPayloads());
        assertThat(client.installed()).hasSize(1);
        return gateway;
    }

    @Test
    void theMessageNamesTheSpiInTheNotificationAndInTheDelete() {
        GatewayByHand gateway = standing();
        wayward(client, 0x7000_0001, client.installed().getFirst().path().remote());
        assertThat(gateway.open(gateway.received()))
                .containsExactly(
                        Payload.Notify.of(NotifyType.INVALID_SPI, Octets.ofInt(0x7000_0001)),
                        new Payload.Delete(Protocol.ESP, List.of(Octets.ofInt(0x7000_0001))));
    }

    /// As other peers may say it, without a Delete; and as none of them should, again and again.
    @Test
    void aPeerThatLacksWhateverItHasJustMadeIsLeft() {
        settings.life = settings.life.withChildKeyExchange(ChildKeyExchange.NEVER);
        client = world.add(settings);
        GatewayByHand gateway = standing();
        int made = 0;
        for (int i = 0; i < 20 && client.events(Event.IkeSaClosed.class).isEmpty(); i++) {
            int spi = client.installed().getFirst().outboundSpi();
            gateway.send(
                    gateway.seal(
                            ExchangeType.INFORMATIONAL,
                            false,
                            i,
                            List.of(Payload.Notify.of(NotifyType.INVALID_SPI, Octets.ofInt(spi)))));
            for (int second = 0; second < 16 && !asks(gateway); second++) {
                pass(1);
            }
            if (asks(gateway)) {
                Header asked = gateway.received().header();
                made++;
                gateway.send(
                        gateway.seal(
                                ExchangeType.CREATE_CHILD_SA,
                                true,
                                asked.messageId(),
                                childSa(0xdecade02 + i)));
                assertThat(client.installed()).hasSize(1);
            }
        }
        assertThat(made).isBetween(2, 6);
        assertThat(requestsBy(client, ExchangeType.INFORMATIONAL)).as("a Delete").isPositive();
    }

    private static boolean asks(GatewayByHand gateway) {
        return gateway.received().header().exchange() == ExchangeType.CREATE_CHILD_SA;
    }

    private static List<Payload> childSa(int spi) {
        return List.of(
                InitiatorByHand.esp(spi),
                new Payload.Nonce(Octets.of(new byte[32])),
                new Payload.TsInitiator(List.of(TrafficSelector.host(Net.ip(10, 77, 0, 5)))),
                new Payload.TsResponder(List.of(Net.subnet(10, 1, 0, 0, 16))));
    }
}
