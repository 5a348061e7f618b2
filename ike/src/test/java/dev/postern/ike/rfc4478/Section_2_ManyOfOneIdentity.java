package dev.postern.ike.rfc4478;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.Uniqueness;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// An identity that so many devices share that a gateway finds them by their addresses: what is
/// told apart among few is told apart among many (section 2, RFC 7296 sections 2.4 and 2.8.3).
class Section_2_ManyOfOneIdentity {
    private static final int DEVICES = 40;

    private final World world = new World(4480);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final Node gateway;
    private final List<ClientSettings> settings = new ArrayList<>();
    private final List<Node> devices = new ArrayList<>();
    private final Node client;

    Section_2_ManyOfOneIdentity() {
        gatewaySettings.life = LifePolicy.UNLIMITED.withUniqueness(Uniqueness.NEVER);
        gateway = world.add(gatewaySettings);
        for (int host = 0; host < DEVICES; host++) {
            connect(10 + host);
        }
        client = devices.get(DEVICES / 2);
    }

    private Node connect(int host) {
        ClientSettings device = new ClientSettings();
        device.host = host;
        device.life = gatewaySettings.life;
        Node node = world.add(device);
        settings.add(device);
        devices.add(node);
        node.initiate(1, device.profile(), gateway);
        world.settle();
        return node;
    }

    private void authenticateAnew(Node node) {
        node.give(
                new Input.Reauthenticate(
                        new Input.Initiate(
                                2,
                                settings.get(devices.indexOf(node)).profile(),
                                node.pathTo(gateway)),
                        1));
        world.settle();
    }

    private ChildSaInstallation newest() {
        return gateway.installed().getLast();
    }

    /// As a NAT makes it: nothing but the source of the next request says so.
    private void comesFrom(Node node, int port) {
        world.moveTo(node, new InetSocketAddress(node.address().getAddress(), port));
        node.give(new Input.Probe(1, settings.get(devices.indexOf(node)).exchangeSchedule));
        world.settle();
    }

    private void assertTheAddressGoesOver() {
        var before = client.lastEstablished();
        int installed = gateway.installed().size();
        authenticateAnew(client);
        assertThat(client.lastEstablished().handle()).isEqualTo(2);
        assertThat(client.lastEstablished().innerAddresses()).isEqualTo(before.innerAddresses());
        assertThat(gateway.installed()).hasSize(installed + 1);
        assertThat(gateway.isActive(newest())).as("before the client has shown it").isFalse();
    }

    @Test
    void theInnerAddressGoesOverAndTheOldChildSaCarriesOn() {
        assertTheAddressGoesOver();
        client.give(new Input.Close(1, false));
        world.settle();
        assertTunnel(client, gateway);
        assertThat(gateway.endpoint().size()).isEqualTo(DEVICES);
    }

    @Test
    void soItDoesForAClientThatItsNatHasMoved() {
        comesFrom(client, 31_000);
        assertTheAddressGoesOver();
        client.give(new Input.Close(1, false));
        world.settle();
        assertTunnel(client, gateway);
    }

    @Test
    void theNewChildSaSealsAfterTheOldOneWentAlthoughBothHaveMoved() {
        assertTheAddressGoesOver();
        ChildSaInstallation waiting = newest();
        world.moveTo(client, new InetSocketAddress(client.address().getAddress(), 31_001));
        client.give(new Input.CloseChildSa(client.installed().getFirst().inboundSpi()));
        client.give(new Input.Probe(2, settings.getFirst().exchangeSchedule));
        world.settle();
        assertThat(gateway.isActive(waiting)).isTrue();
        assertTunnel(client, gateway);
    }

    @Test
    void anotherDeviceAuthenticatesAnewBesideOneThatHasMoved() {
        Node other = devices.getFirst();
        comesFrom(client, 31_002);
        var before = other.lastEstablished();
        authenticateAnew(other);
        assertThat(other.lastEstablished().innerAddresses()).isEqualTo(before.innerAddresses());
        other.give(new Input.Close(1, false));
        world.settle();
        assertTunnel(other, gateway);
    }

    @Test
    void aGatewayThatKeepsAdmitsManyBehindOneNatAndNobodyElse() {
        GatewaySettings keeping = new GatewaySettings('b');
        keeping.life = LifePolicy.UNLIMITED.withUniqueness(Uniqueness.KEEP);
        Node strict = world.add(keeping);
        InetAddress nat = client.address().getAddress();
        for (int i = 0; i < DEVICES; i++) {
            world.moveTo(devices.get(i), new InetSocketAddress(nat, 32_000 + i));
            devices.get(i).initiate(3, settings.get(i).profile(), strict);
            world.settle();
        }
        assertThat(strict.endpoint().size()).isEqualTo(DEVICES);
        world.moveTo(client, new InetSocketAddress(InetAddress.ofLiteral("192.0.2.99"), 4500));
        client.initiate(4, settings.getFirst().profile(), strict);
        world.settle();
        assertThat(strict.count(Counter.REFUSED_NOT_UNIQUE)).isEqualTo(1);
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }
}
