package dev.postern.ike.rfc7296;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.Lifetime;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.function.Consumer;

/// Soft and hard lifetimes by time, octets and packets (section 2.8, RFC 4301 section 4.4.2.1, RFC
/// 4303 section 3.3.3).
class Section_2_8_Lifetimes {
    private static final Lifetime CHILD_BY_USE =
            new Lifetime(0, 0, 0, 1_000_000, 2_000_000, 5_000, 6_000);

    private final World world = new World(29);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    private Node connect(Node gateway) {
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        return client;
    }

    private static int spi(Node node) {
        return node.installed().getLast().inboundSpi();
    }

    /// Interop: soft lifetimes by time | Postern | Postern initiates
    @Test
    void bothKindsOfSaAreRekeyedWithinTheLastTenthOfTheirLifetimes() {
        clientSettings.life =
                LifePolicy.UNLIMITED.withLifetimes(
                        Lifetime.ofSeconds(14_400), Lifetime.ofSeconds(3_600));
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);

        world.advance(Duration.ofSeconds(3_600 * 9 / 10 - 1));
        assertThat(client.events(Event.ChildSaEstablished.class)).isEmpty();
        world.advance(Duration.ofSeconds(3_600 / 10 + 2));
        assertThat(client.events(Event.ChildSaEstablished.class)).hasSize(1);
        assertThat(client.events(Event.IkeSaRekeyed.class)).isEmpty();

        world.advance(Duration.ofHours(24));
        assertThat(client.events(Event.ChildSaEstablished.class).size()).isBetween(24, 29);
        assertThat(client.events(Event.IkeSaRekeyed.class).size()).isBetween(6, 7);
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
        assertThat(gateway.endpoint().size()).isEqualTo(1);
        assertTunnel(client, gateway);
    }

    @Test
    void peersWithTheSameLifetimesDoNotRekeyTwice() {
        clientSettings.life =
                LifePolicy.UNLIMITED.withLifetimes(
                        Lifetime.ofSeconds(14_400), Lifetime.ofSeconds(3_600));
        gatewaySettings.life = clientSettings.life;
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);

        world.advance(Duration.ofSeconds(3_605));

        assertThat(client.events(Event.ChildSaEstablished.class)).hasSize(1);
        assertThat(gateway.events(Event.ChildSaEstablished.class)).hasSize(1);
    }

    @Test
    void anIkeSaThatCannotBeRekeyedEndsAtItsHardLifetime() {
        clientSettings.life =
                LifePolicy.UNLIMITED.withLifetimes(Lifetime.ofSeconds(1_000), Lifetime.UNLIMITED);
        gatewaySettings.ikeSuites = Suites.ike("aes256gcm16-prfsha384-x25519");
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        world.setFate(d ->
                d.from().equals(gateway.address())
                                && d.header().exchange() == ExchangeType.CREATE_CHILD_SA
                        ? Fate.lost()
                        : Fate.delivered());

        world.advance(Duration.ofSeconds(1_102));

        assertThat(client.endpoint().size()).isZero();
        assertThat(client.installed()).isEmpty();
        assertThat(client.lastClosed().reason())
                .isIn(CloseReason.LIFETIME, CloseReason.PEER_UNRESPONSIVE);
    }

    /// A limit without a soft one before it: nothing but the hard one can end the SA.
    private static Lifetime hardOnly(Duration time, long octets, long packets) {
        return new Lifetime(0, 0, time.toNanos(), 0, octets, 0, packets);
    }

    @Test
    void anIkeSaEndsAtItsHardLifetimeAndThePeerIsTold() {
        gatewaySettings.life =
                LifePolicy.UNLIMITED.withLifetimes(
                        hardOnly(Duration.ofSeconds(1_000), 0, 0), Lifetime.UNLIMITED);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);

        world.advance(Duration.ofSeconds(999));
        assertThat(gateway.events(Event.IkeSaClosed.class)).isEmpty();
        assertTunnel(client, gateway);
        world.advance(Duration.ofSeconds(2));

        assertThat(gateway.lastClosed().reason()).isEqualTo(CloseReason.LIFETIME);
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.DELETED_BY_PEER);
        assertThat(gateway.installed()).isEmpty();
        assertThat(client.installed()).isEmpty();
        assertThat(gateway.endpoint().size()).isZero();
    }

    @Test
    void aRekeyedIkeSaHasAHardLifetimeOfItsOwn() {
        gatewaySettings.life =
                LifePolicy.UNLIMITED.withLifetimes(
                        hardOnly(Duration.ofSeconds(1_000), 0, 0), Lifetime.UNLIMITED);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);

        world.advance(Duration.ofMinutes(15));
        client.give(new Input.RekeyIkeSa(1));
        world.advance(Duration.ofSeconds(990));
        assertThat(gateway.events(Event.IkeSaClosed.class)).isEmpty();
        world.advance(Duration.ofSeconds(20));
        assertThat(gateway.lastClosed().reason()).isEqualTo(CloseReason.LIFETIME);
    }

    /// Its IKE SA stands, and the peer's half goes by our Delete.
    private void assertChildSaEnds(Lifetime lifetime, Consumer<Node> use) {
        gatewaySettings.life = LifePolicy.UNLIMITED.withLifetimes(Lifetime.UNLIMITED, lifetime);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        int first = spi(client);

        use.accept(gateway);
        world.settle();

        assertThat(gateway.count(Counter.EXPIRED_CHILD_SA)).isEqualTo(1);
        assertThat(gateway.events(Event.ChildSaClosed.class)).hasSize(1);
        assertThat(gateway.installed()).isEmpty();
        assertThat(client.installed()).extracting(each -> each.inboundSpi()).doesNotContain(first);
        assertThat(client.events(Event.ChildSaClosed.class)).hasSize(1);
        assertThat(gateway.endpoint().size()).isEqualTo(1);
        assertThat(client.endpoint().size()).isEqualTo(1);
    }

    /// Interop: hard lifetime by time | Postern | Postern initiates
    @Test
    void aChildSaEndsAtItsHardLifetimeByTime() {
        assertChildSaEnds(
                hardOnly(Duration.ofSeconds(300), 0, 0),
                gateway -> {
                    world.advance(Duration.ofSeconds(299));
                    assertThat(gateway.installed()).hasSize(1);
                    world.advance(Duration.ofSeconds(2));
                });
    }

    /// Interop: hard lifetime by octets | Postern | Postern initiates
    @Test
    void aChildSaEndsAtItsHardLifetimeByOctets() {
        assertChildSaEnds(
                hardOnly(Duration.ZERO, 2_000_000, 0),
                gateway -> {
                    gateway.give(new Input.ChildSaUsed(spi(gateway), 1_999_999, 1_000_000));
                    assertThat(gateway.installed()).hasSize(1);
                    gateway.give(new Input.ChildSaUsed(spi(gateway), 2_000_000, 1_000_000));
                });
    }

    /// Interop: hard lifetime by packets | Postern | Postern initiates
    @Test
    void aChildSaEndsAtItsHardLifetimeByPackets() {
        assertChildSaEnds(
                hardOnly(Duration.ZERO, 0, 6_000),
                gateway -> {
                    gateway.give(new Input.ChildSaUsed(spi(gateway), 1L << 40, 5_999));
                    assertThat(gateway.installed()).hasSize(1);
                    gateway.give(new Input.ChildSaUsed(spi(gateway), 1L << 40, 6_000));
                });
    }

    /// No packet is sealed beyond the limit while the peer is slow to answer, or does not.
    @Test
    void aChildSaLeavesTheDataPlaneAtItsHardLifetimeWhateverThePeerSays() {
        gatewaySettings.life =
                LifePolicy.UNLIMITED.withLifetimes(
                        Lifetime.UNLIMITED, hardOnly(Duration.ZERO, 0, 6_000));
        Node gateway = world.add(gatewaySettings);
        connect(gateway);
        world.setFate(_ -> Fate.lost());

        gateway.give(new Input.ChildSaUsed(spi(gateway), 1, 6_000));

        assertThat(gateway.installed()).isEmpty();
        assertThat(gateway.endpoint().size()).isEqualTo(1);
    }

    /// Interop: soft lifetimes by octets and packets | Postern | Postern initiates
    @Test
    void octetsAndPacketsAreLimitsToo() {
        clientSettings.life = LifePolicy.UNLIMITED.withLifetimes(Lifetime.UNLIMITED, CHILD_BY_USE);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        int first = spi(client);

        client.give(new Input.ChildSaUsed(first, 999_999, 4_999));
        world.settle();
        assertThat(spi(client)).isEqualTo(first);
        client.give(new Input.ChildSaUsed(first, 1_000_000, 4_999));
        world.settle();
        int second = spi(client);
        assertThat(second).isNotEqualTo(first);
        client.give(new Input.ChildSaUsed(second, 10, 5_000));
        world.settle();
        assertThat(spi(client)).isNotEqualTo(second);
        assertTunnel(client, gateway);
    }

    @Test
    void aChildSaBeyondItsHardLimitIsDeletedAtBothPeers() {
        gatewaySettings.life = LifePolicy.UNLIMITED.withLifetimes(Lifetime.UNLIMITED, CHILD_BY_USE);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);

        gateway.give(new Input.ChildSaUsed(spi(gateway), 2_000_000, 1));
        world.settle();

        assertThat(client.installed()).isEmpty();
        assertThat(gateway.installed()).isEmpty();
        assertThat(client.endpoint().size()).isEqualTo(1);
    }

    @Test
    void aClientWhoseLastChildSaHasEndedAsksForTheSameAgain() {
        clientSettings.life = LifePolicy.UNLIMITED.withLifetimes(Lifetime.UNLIMITED, CHILD_BY_USE);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        int first = spi(client);

        client.give(new Input.ChildSaUsed(first, 2_000_000, 1));
        world.settle();

        assertThat(client.installed()).hasSize(1);
        assertThat(spi(client)).isNotEqualTo(first);
        assertThat(client.events(Event.IkeSaEstablished.class)).hasSize(1);
        assertTunnel(client, gateway);
    }

    @Test
    void aClientWhoseLastChildSaThePeerHasDeletedAsksForTheSameSomeTimeLater() {
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);

        gateway.give(new Input.CloseChildSa(spi(gateway)));
        world.advance(Duration.ofSeconds(4));
        assertThat(client.installed()).isEmpty();

        world.advance(Duration.ofSeconds(12));
        assertThat(client.installed()).hasSize(1);
        assertTunnel(client, gateway);
    }

    @Test
    void aClientThatClosesItsOnlyChildSaItselfDoesNotAskForAnother() {
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);

        client.give(new Input.CloseChildSa(spi(client)));
        world.advance(Duration.ofMinutes(1));

        assertThat(client.installed()).isEmpty();
        assertThat(client.endpoint().size()).isEqualTo(1);
    }

    @Test
    void aChildSaWithShortSequenceNumbersIsRekeyedBeforeTheyEnd() {
        clientSettings.espSuites = Suites.esp("aes256gcm16-noesn");
        gatewaySettings.espSuites = Suites.esp("aes256gcm16-noesn");
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        int first = spi(client);

        client.give(new Input.ChildSaUsed(first, 1, (3L << 30) - 1));
        world.settle();
        assertThat(spi(client)).isEqualTo(first);
        client.give(new Input.ChildSaUsed(first, 1, 3L << 30));
        world.settle();
        assertThat(spi(client)).isNotEqualTo(first);
    }
}
