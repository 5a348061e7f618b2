package dev.postern.ike.rfc5723;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;

import org.junit.jupiter.api.Test;

/// IKE_SESSION_RESUME and the IKE_AUTH after it.
class Section_4_3_Resume {
    private final World world = new World(1);
    private final ClientSettings settings = new ClientSettings();
    private final Node a = world.add(new GatewaySettings('a'));
    private final Node client = world.add(settings);

    @Test
    void fourMessagesResumeTheSessionAtTheSameGateway() {
        settings.resumption = Suites.RFC_5723;
        client.initiate(1, settings.profile(), a);
        world.settle();

        client.resume(2, settings.profile(), a, client.lastTicket());
        world.settle();

        assertTunnel(client, a);
        assertThat(client.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_RFC_5723);
        assertThat(a.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_RFC_5723);
        assertThat(world.carried()).hasSize(8);
    }
}
