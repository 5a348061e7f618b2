package dev.postern.ike.rfc4478;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Input;
import dev.postern.ike.Uniqueness;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;

import org.junit.jupiter.api.Test;

import java.util.List;

/// The Initial exchange that repeats the authentication beside the IKE SA that stands: the client
/// keeps its inner address, and neither side sends what the other cannot open (section 2, RFC 7296
/// section 2.8.3).
class Section_2_RepeatedInitialExchange {
    private final World world = new World(4479);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final Node gateway = world.add(gatewaySettings);
    private final ClientSettings settings = new ClientSettings();
    private final Node client = world.add(settings);

    private void connect() {
        client.initiate(1, settings.profile(), gateway);
        world.settle();
    }

    private void authenticateAnew() {
        client.give(
                new Input.Reauthenticate(
                        new Input.Initiate(2, settings.profile(), client.pathTo(gateway)), 1));
        world.settle();
    }

    private ChildSaInstallation newest() {
        return gateway.installed().getLast();
    }

    @Test
    void theInnerAddressGoesOver() {
        connect();
        var before = client.lastEstablished();

        authenticateAnew();

        var after = client.lastEstablished();
        assertThat(after.handle()).isEqualTo(2);
        assertThat(after.innerAddresses()).isEqualTo(before.innerAddresses());
        assertThat(after.sessionId()).isNotEqualTo(before.sessionId());
        assertThat(gateway.endpoint().size()).as("the client deletes the old one").isEqualTo(2);
    }

    @Test
    void theGatewaySealsUnderTheNewKeysWhenTheClientHasShownThatItHasThem() {
        connect();
        authenticateAnew();
        assertThat(gateway.installed()).hasSize(2);
        assertThat(gateway.isActive(newest())).isFalse();
        assertThat(client.isActive(client.installed().getLast())).isTrue();

        gateway.give(new Input.PacketVerified(newest().inboundSpi()));

        assertThat(gateway.isActive(newest())).isTrue();
    }

    @Test
    void aRequestUnderTheNewIkeSaShowsItAsWell() {
        connect();
        authenticateAnew();

        client.give(new Input.Probe(2, settings.exchangeSchedule));
        world.settle();

        assertTunnel(client, gateway);
    }

    @Test
    void theDeleteOfTheOldIkeSaShowsItAsWell() {
        connect();
        authenticateAnew();

        client.give(new Input.Close(1, false));
        world.settle();

        assertThat(gateway.installed()).hasSize(1);
        assertTunnel(client, gateway);
    }

    @Test
    void aDeleteOfTheOldChildSaAloneShowsItAsWell() {
        connect();
        int old = client.installed().getFirst().inboundSpi();
        authenticateAnew();

        client.give(new Input.CloseChildSa(old));
        world.settle();

        assertThat(gateway.installed()).hasSize(1);
        assertTunnel(client, gateway);
    }

    @Test
    void anotherDeviceOfTheSameIdentityGetsAnAddressOfItsOwn() {
        settings.life = settings.life.withUniqueness(Uniqueness.NEVER);
        gatewaySettings.life = settings.life;
        connect();
        ClientSettings other = new ClientSettings();
        other.host = 8;
        other.life = settings.life;
        Node device = world.add(other);
        device.initiate(1, other.profile(), gateway);
        world.settle();

        assertThat(device.lastEstablished().innerAddresses())
                .doesNotContainAnyElementsOf(client.lastEstablished().innerAddresses());
        assertTunnel(device, gateway);
    }

    @Test
    void aSecondConnectionOfTheSameClientGetsAnAddressOfItsOwn() {
        connect();
        List<?> first = client.lastEstablished().innerAddresses();

        client.initiate(2, settings.profile(), gateway);
        world.settle();

        assertThat(client.lastEstablished().innerAddresses()).isNotEqualTo(first);
        assertTunnel(client, gateway);
    }

    @Test
    void aGatewayThatKeepsTheFirstConnectionLetsItsClientAuthenticateAnew() {
        GatewaySettings keeping = new GatewaySettings('b');
        keeping.life = keeping.life.withUniqueness(Uniqueness.KEEP);
        Node strict = world.add(keeping);
        client.initiate(1, settings.profile(), strict);
        world.settle();

        client.give(
                new Input.Reauthenticate(
                        new Input.Initiate(2, settings.profile(), client.pathTo(strict)), 1));
        world.settle();

        assertThat(client.lastEstablished().handle()).isEqualTo(2);
    }
}
