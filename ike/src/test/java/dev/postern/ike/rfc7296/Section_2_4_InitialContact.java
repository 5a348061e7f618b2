package dev.postern.ike.rfc7296;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.Uniqueness;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;

import org.junit.jupiter.api.Test;

/// INITIAL_CONTACT, and what a new IKE SA means for others of the same authenticated identity
/// (section 2.4).
class Section_2_4_InitialContact {
    private final World world = new World(24);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings settings = new ClientSettings();

    /// The device of `settings` again, or another one with the same credentials.
    private ClientSettings sameIdentity(int host) {
        ClientSettings other = new ClientSettings();
        other.host = host;
        other.life = settings.life;
        return other;
    }

    private static LifePolicy policy(Uniqueness uniqueness) {
        return LifePolicy.UNLIMITED.withUniqueness(uniqueness);
    }

    private Node connect(ClientSettings client, Node gateway) {
        Node node = world.add(client);
        node.initiate(1, client.profile(), gateway);
        world.settle();
        return node;
    }

    /// Interop: INITIAL_CONTACT | Postern | Postern initiates
    @Test
    void whatAClientLostWithItsMemoryEndsWhenItConnectsAnew() {
        Node gateway = world.add(gatewaySettings);
        Node before = connect(settings, gateway);
        before.die();
        int sent = world.carried().size();

        Node after = connect(settings, gateway);

        assertThat(gateway.endpoint().size()).isEqualTo(1);
        assertThat(gateway.installed()).hasSize(1);
        assertThat(gateway.lastClosed().reason()).isEqualTo(CloseReason.SUPERSEDED);
        assertThat(gateway.count(Counter.ENDED_BY_INITIAL_CONTACT)).isEqualTo(1);
        assertThat(world.carried().subList(sent, world.carried().size()))
                .as("no Delete goes to a peer that has forgotten the IKE SA")
                .noneMatch(d -> d.header().exchange() == ExchangeType.INFORMATIONAL);
        assertTunnel(after, gateway);
    }

    @Test
    void theOldOneHasEndedBeforeTheNewOneAsksForItsAddress() {
        Node gateway = world.add(gatewaySettings);
        connect(settings, gateway).die();
        int seen = gateway.effects().size();

        connect(settings, gateway);

        String order = gateway.effects().subList(seen, gateway.effects().size()).toString();
        assertThat(order.indexOf("IkeSaClosed")).isBetween(0, order.indexOf("LeaseAddresses"));
    }

    @Test
    void aClientThatHoldsAnIkeSaWithTheGatewayDoesNotSayIt() {
        Node gateway = world.add(gatewaySettings);
        Node client = connect(settings, gateway);

        client.initiate(2, settings.profile(), gateway);
        world.settle();

        assertThat(gateway.endpoint().size()).isEqualTo(2);
        assertThat(gateway.events(Event.IkeSaClosed.class)).isEmpty();
    }

    @Test
    void anIkeSaWithAnotherGatewayIsNoneWithThisOne() {
        Node gateway = world.add(gatewaySettings);
        Node other = world.add(new GatewaySettings('b'));
        connect(settings, gateway).die();
        settings.namedGateway = new GatewaySettings('b').identity();
        Node client = connect(settings, other);

        settings.namedGateway = gatewaySettings.identity();
        client.initiate(2, settings.profile(), gateway);
        world.settle();

        assertThat(gateway.endpoint().size()).isEqualTo(1);
        assertThat(other.endpoint().size()).as("another gateway is not concerned").isEqualTo(1);
        assertTunnel(client, gateway);
    }

    @Test
    void otherIdentitiesAreNotConcerned() {
        Node gateway = world.add(gatewaySettings);
        connect(settings, gateway);
        ClientSettings stranger = new ClientSettings("c08");
        stranger.host = 8;
        stranger.preSharedKey = GatewaySettings.key("another key of another client");

        connect(stranger, gateway);

        assertThat(gateway.endpoint().size()).isEqualTo(2);
    }

    @Test
    void devicesThatShareAnIdentityDoNotSayIt() {
        settings.life = policy(Uniqueness.NEVER);
        Node gateway = world.add(gatewaySettings);
        Node one = connect(settings, gateway);

        Node two = connect(sameIdentity(9), gateway);

        assertThat(gateway.endpoint().size()).isEqualTo(2);
        assertThat(gateway.count(Counter.ENDED_BY_INITIAL_CONTACT)).isZero();
        assertThat(one.installed()).hasSize(1);
        assertThat(two.installed()).hasSize(1);
    }

    @Test
    void aGatewayThatSharesIdentitiesDoesNotHeedIt() {
        gatewaySettings.life = policy(Uniqueness.NEVER);
        Node gateway = world.add(gatewaySettings);
        connect(settings, gateway);

        connect(sameIdentity(9), gateway);

        assertThat(gateway.endpoint().size()).isEqualTo(2);
    }

    /// Interop: uniqueness: the newer session replaces the older | Postern | Postern initiates
    @Test
    void aGatewayThatReplacesDoesNotNeedIt() {
        settings.life = policy(Uniqueness.NEVER);
        gatewaySettings.life = policy(Uniqueness.REPLACE);
        Node gateway = world.add(gatewaySettings);
        connect(settings, gateway);

        Node second = connect(sameIdentity(9), gateway);

        assertThat(gateway.endpoint().size()).isEqualTo(1);
        assertTunnel(second, gateway);
    }

    /// Interop: uniqueness: the older session keeps the newer out | Postern | Postern initiates
    @Test
    void aGatewayThatKeepsRefusesAnotherDevice() {
        settings.life = policy(Uniqueness.NEVER);
        gatewaySettings.life = policy(Uniqueness.KEEP);
        Node gateway = world.add(gatewaySettings);
        Node first = connect(settings, gateway);

        Node second = connect(sameIdentity(9), gateway);

        assertThat(second.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(gateway.count(Counter.REFUSED_NOT_UNIQUE)).isEqualTo(1);
        assertTunnel(first, gateway);
    }

    @Test
    void aGatewayThatKeepsAdmitsAClientThatHasLostItsMemory() {
        gatewaySettings.life = policy(Uniqueness.KEEP);
        Node gateway = world.add(gatewaySettings);
        connect(settings, gateway).die();

        Node after = connect(sameIdentity(9), gateway);

        assertThat(gateway.endpoint().size()).isEqualTo(1);
        assertTunnel(after, gateway);
    }

    @Test
    void aGatewayThatKeepsAdmitsAClientThatReauthenticates() {
        gatewaySettings.life = policy(Uniqueness.KEEP);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(settings, gateway);

        client.initiate(2, settings.profile(), gateway);
        world.settle();

        assertThat(client.events(Event.IkeSaEstablished.class)).hasSize(2);
        assertThat(gateway.count(Counter.REFUSED_NOT_UNIQUE)).isZero();
    }

    @Test
    void aClientThatDoesNotProveItselfEndsNothing() {
        Node gateway = world.add(gatewaySettings);
        Node client = connect(settings, gateway);
        ClientSettings impostor = sameIdentity(9);
        impostor.preSharedKey = GatewaySettings.key("guessed");

        connect(impostor, gateway);

        assertThat(gateway.count(Counter.ENDED_BY_INITIAL_CONTACT)).isZero();
        assertTunnel(client, gateway);
    }

    @Test
    void aResumeEndsItsOwnSessionAloneWhateverThePolicy() {
        settings.life = policy(Uniqueness.NEVER);
        gatewaySettings.life = policy(Uniqueness.NEVER);
        GatewaySettings otherSettings = new GatewaySettings('b');
        otherSettings.life = policy(Uniqueness.REPLACE);
        otherSettings.poolNetwork = 78;
        Node gateway = world.add(gatewaySettings);
        Node other = world.add(otherSettings);
        Node first = connect(settings, other);
        Node second = connect(sameIdentity(9), gateway);

        second.resume(2, settings.profile(), other, second.lastTicket());
        world.settle();

        assertThat(other.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        assertThat(other.endpoint().size()).isEqualTo(2);
        assertThat(other.count(Counter.ENDED_BY_INITIAL_CONTACT)).isZero();
        assertThat(first.installed()).hasSize(1);
    }

    @Test
    void aResumeThatNobodyConfirmsKeepsNobodyOut() {
        gatewaySettings.life = policy(Uniqueness.KEEP);
        settings.life = policy(Uniqueness.NEVER);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(settings, world.add(new GatewaySettings('b')));
        world.setFate(d -> d.from().equals(gateway.address()) ? Fate.lost() : Fate.delivered());
        client.resume(2, settings.profile(), gateway, client.lastTicket());
        world.settle();
        assertThat(gateway.endpoint().size()).as("provisional").isEqualTo(1);
        world.setFate(Fate.DELIVER);

        Node elsewhere = connect(sameIdentity(9), gateway);

        assertTunnel(elsewhere, gateway);
        assertThat(gateway.count(Counter.REFUSED_NOT_UNIQUE)).isZero();
    }
}
