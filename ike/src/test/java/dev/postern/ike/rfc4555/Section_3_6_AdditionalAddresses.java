package dev.postern.ike.rfc4555;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.NetworkPolicy;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A gateway with several addresses says so, when they change too, and its client goes on at
/// another one when the one in use fails (sections 3.4 to 3.6).
class Section_3_6_AdditionalAddresses {
    private static final InetAddress SECOND = Net.ip(192, 0, 2, 99);
    private static final InetAddress THIRD = Net.ip(192, 0, 2, 98);
    private static final InetSocketAddress STRANGER = Net.port4500(Net.ip(203, 0, 113, 66));

    private final World world = new World(36);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    private static List<Path> moves(Node node) {
        return node.effects().stream()
                .filter(Effect.MoveChildSa.class::isInstance)
                .map(effect -> ((Effect.MoveChildSa) effect).path())
                .toList();
    }

    private Node gateway(InetAddress... advertised) {
        gatewaySettings.network = NetworkPolicy.DEFAULT.withMobike(true, List.of(advertised));
        return world.add(gatewaySettings);
    }

    private Node connect(Node gateway) {
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        assertThat(client.installed()).hasSize(1);
        return client;
    }

    private void ask(Node client) {
        client.give(new Input.Probe(1, RetransmissionSchedule.QUICK));
        world.advance(Duration.ofSeconds(5));
    }

    private List<InetAddress> asked(Node client, int since) {
        return world.carried().subList(since, world.carried().size()).stream()
                .filter(one -> one.from().equals(client.address()))
                .map(one -> one.to().getAddress())
                .distinct()
                .toList();
    }

    @Test
    void whenTheAddressInUseFailsTheClientGoesOnAtAnother() {
        Node gateway = gateway(THIRD, SECOND);
        Node client = connect(gateway);
        world.moveTo(gateway, Net.port4500(SECOND));

        ask(client);

        assertThat(moves(client)).extracting(Path::remote).containsExactly(Net.port4500(SECOND));
        assertThat(moves(gateway)).extracting(Path::local).containsExactly(Net.port4500(SECOND));
        assertThat(client.count(Counter.ADDRESSES_UPDATED)).isEqualTo(1);
        assertThat(gateway.count(Counter.ADDRESSES_UPDATED)).isEqualTo(1);
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
        assertThat(client.events(Event.PeerUnresponsive.class)).isEmpty();
    }

    @Test
    void theAddressBeforeIsTriedAgainWhenTheOtherFailsToo() {
        Node gateway = gateway(SECOND);
        InetSocketAddress first = gateway.address();
        Node client = connect(gateway);
        world.moveTo(gateway, Net.port4500(SECOND));
        ask(client);
        world.moveTo(gateway, first);

        ask(client);

        assertThat(moves(client))
                .extracting(Path::remote)
                .containsExactly(Net.port4500(SECOND), first);
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
    }

    @Test
    void whoNamesNoOtherAddressIsAskedAtNone() {
        Node gateway = gateway();
        Node client = connect(gateway);
        InetSocketAddress before = gateway.address();
        world.moveTo(gateway, Net.port4500(SECOND));
        int since = world.carried().size();

        ask(client);

        assertThat(asked(client, since)).containsExactly(before.getAddress());
        assertThat(moves(client)).isEmpty();
    }

    /// Where a client can send nothing, or would send to many.
    @Test
    void whatIsNobodysAddressOrOfAnotherFamilyIsPassedOver() {
        Node gateway =
                gateway(
                        Net.ip(0, 0, 0, 0),
                        Net.ip(224, 0, 0, 5),
                        InetAddress.ofLiteral("2001:db8::9"),
                        SECOND);
        Node client = connect(gateway);
        InetSocketAddress before = gateway.address();
        world.moveTo(gateway, Net.port4500(SECOND));
        int since = world.carried().size();

        ask(client);

        assertThat(asked(client, since)).containsExactly(before.getAddress(), SECOND);
        assertThat(moves(client)).extracting(Path::remote).containsExactly(Net.port4500(SECOND));
    }

    /// A client that asked at all of a long list would ask strangers for long.
    @Test
    void theFirstEightOfALongListAreTried() {
        InetAddress[] named = new InetAddress[12];
        for (int i = 0; i < named.length; i++) {
            named[i] = Net.ip(198, 51, 100, 1 + i);
        }
        Node gateway = gateway(named);
        Node client = connect(gateway);
        InetSocketAddress before = gateway.address();
        world.moveTo(gateway, Net.port4500(SECOND));
        int since = world.carried().size();

        long wait = 100 * Now.NANOS_PER_MILLI;
        client.give(new Input.Probe(1, new RetransmissionSchedule(wait, 1, 3 * named.length)));
        world.advance(Duration.ofSeconds(5));

        List<InetAddress> asked = asked(client, since);
        assertThat(asked).contains(before.getAddress()).contains(Arrays.copyOf(named, 8));
        assertThat(asked).doesNotContain(Arrays.copyOfRange(named, 8, named.length));
    }

    @Test
    void aNewListTakesThePlaceOfTheOldOne() {
        Node gateway = gateway(SECOND);
        Node client = connect(gateway);

        gateway.give(new Input.AdvertiseAddresses(List.of(THIRD)));
        world.settle();
        world.advance(Duration.ofSeconds(1));
        InetSocketAddress before = gateway.address();
        world.moveTo(gateway, Net.port4500(THIRD));
        int since = world.carried().size();
        ask(client);

        assertThat(asked(client, since)).containsExactly(before.getAddress(), THIRD);
        assertThat(moves(client)).extracting(Path::remote).containsExactly(Net.port4500(THIRD));
    }

    /// NO_ADDITIONAL_ADDRESSES.
    @Test
    void anEmptyListEndsIt() {
        Node gateway = gateway(SECOND);
        Node client = connect(gateway);
        int before = world.carried().size();

        gateway.give(new Input.AdvertiseAddresses(List.of()));
        world.advance(Duration.ofSeconds(1));
        assertThat(world.carried()).as("a request and its answer").hasSize(before + 2);
        gateway.give(new Input.AdvertiseAddresses(List.of()));
        world.advance(Duration.ofSeconds(1));
        assertThat(world.carried()).as("it is the same list").hasSize(before + 2);

        world.moveTo(gateway, Net.port4500(SECOND));
        ask(client);
        assertThat(moves(client)).isEmpty();
    }

    /// A source address is nobody's word: what moves a client has come under SK.
    @Test
    void anAnswerFromAnAddressThatNobodyHasNamedMovesNothing() {
        Node gateway = gateway(SECOND);
        Node client = connect(gateway);
        List<Datagram> answers = new ArrayList<>();
        world.setFate(one -> {
            if (one.from().equals(gateway.address())) {
                answers.add(one);
                return Fate.lost();
            }
            return Fate.delivered();
        });
        client.give(new Input.Probe(1, RetransmissionSchedule.QUICK));
        world.settle();
        world.setFate(_ -> Fate.delivered());

        world.deliver(
                new Datagram(STRANGER, client.address(), answers.getFirst().octets().clone()));
        world.settle();

        assertThat(moves(client)).isEmpty();
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
    }

    @Test
    void aClientKnowsTheAddressesOfTheGatewayThatItResumedAt() {
        Node first = gateway();
        GatewaySettings other = new GatewaySettings('b');
        other.network = NetworkPolicy.DEFAULT.withMobike(true, List.of(SECOND));
        Node second = world.add(other);
        Node client = connect(first);
        client.resume(2, clientSettings.profile(), second, client.lastTicket());
        world.advance(Duration.ofSeconds(1));
        world.moveTo(second, Net.port4500(SECOND));

        client.give(new Input.Probe(2, RetransmissionSchedule.QUICK));
        world.advance(Duration.ofSeconds(5));

        assertThat(moves(client)).extracting(Path::remote).contains(Net.port4500(SECOND));
    }

    @Test
    void aListOutlivesARekeying() {
        Node gateway = gateway(SECOND);
        Node client = connect(gateway);
        client.give(new Input.RekeyIkeSa(1));
        world.advance(Duration.ofSeconds(1));
        world.moveTo(gateway, Net.port4500(SECOND));

        ask(client);

        assertThat(moves(client)).extracting(Path::remote).contains(Net.port4500(SECOND));
    }

    @Test
    void listsOfNonsenseAreAnsweredAndPassedOver() {
        Node gateway = gateway();
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        List<Payload> payloads = new ArrayList<>(peer.authPayloads());
        payloads.add(Payload.Notify.of(NotifyType.MOBIKE_SUPPORTED));
        peer.request(ExchangeType.IKE_AUTH, 1, payloads);
        List<Payload> nonsense = new ArrayList<>();
        for (int length : new int[] {0, 3, 4, 5, 16, 17, 300}) {
            nonsense.add(
                    Payload.Notify.of(
                            NotifyType.ADDITIONAL_IP4_ADDRESS, Octets.of(new byte[length])));
            nonsense.add(
                    Payload.Notify.of(
                            NotifyType.ADDITIONAL_IP6_ADDRESS, Octets.of(new byte[length])));
        }
        nonsense.add(Payload.Notify.of(NotifyType.NO_ADDITIONAL_ADDRESSES));

        assertThat(peer.request(ExchangeType.INFORMATIONAL, 2, nonsense)).isEmpty();
        assertThat(moves(gateway)).isEmpty();
    }
}
