package dev.postern.ike.profile;

import static dev.postern.ike.world.Tunnels.assertMirrored;
import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;

import org.junit.jupiter.api.Test;

/// The resume exchange as it should go: draft section 4.2.1, profile "The exchange".
class Section_4_2_1_ResumeExchange {
    private final World world = new World(1);
    private final ClientSettings settings = new ClientSettings();
    private final Node a = world.add(new GatewaySettings('a'));
    private final Node b = world.add(new GatewaySettings('b'));
    private final Node client = world.add(settings);

    @Test
    void twoMessagesMoveTheSessionToAnotherGateway() {
        client.initiate(1, settings.profile(), a);
        world.settle();
        a.die();
        int before = world.carried().size();

        client.resume(2, settings.profile(), b, client.lastTicket());
        world.settle();

        assertTunnel(client, b);
        assertMirrored(client.installed().getLast(), b.installed().getLast());
        assertThat(client.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        assertThat(client.lastEstablished().gatewaySwitchCount()).isEqualTo(1);
        assertThat(client.lastEstablished().innerAddresses()).containsExactly(Net.ip(10, 77, 0, 2));
        assertThat(b.events(Event.SessionConfirmed.class)).hasSize(1);
        assertThat(world.carried().size() - before).isEqualTo(4);
    }
}
