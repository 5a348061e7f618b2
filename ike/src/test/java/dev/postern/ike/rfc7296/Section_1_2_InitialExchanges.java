package dev.postern.ike.rfc7296;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.negotiate.SuiteNames;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.wire.Identity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;

/// IKE_SA_INIT and IKE_AUTH with a pre-shared key, as they should go.
class Section_1_2_InitialExchanges {
    private final World world = new World(1);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    static List<String> everySuite() {
        List<String> names = new ArrayList<>();
        List<String> encryptions =
                List.of(
                        "aes128gcm16-",
                        "aes256gcm16-",
                        "chacha20poly1305-",
                        "aes128-sha256-",
                        "aes256-sha384-",
                        "aes256-sha512-");
        for (String encryption : encryptions) {
            for (String prf : List.of("prfsha256", "prfsha384", "prfsha512")) {
                names.add(encryption + prf + "-x25519");
            }
        }
        for (String group : List.of("ecp256", "ecp384", "modp2048")) {
            names.add("aes128gcm16-prfsha256-" + group);
            names.add("aes256-sha384-prfsha512-" + group);
        }
        return names;
    }

    @ParameterizedTest
    @MethodSource("everySuite")
    void fourMessagesEstablishATunnelWithEverySuite(String name) {
        IkeSuite suite = SuiteNames.ikeSuite(name);
        gatewaySettings.ikeSuites = List.of(suite);
        clientSettings.ikeSuites = List.of(suite);
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertTunnel(client, gateway);
        assertThat(world.carried()).hasSize(4);
        assertThat(suite).hasToString(name);
    }

    @ParameterizedTest
    @MethodSource("everyEspSuite")
    void theChildSaGetsEveryEspSuite(String name) {
        gatewaySettings.espSuites = Suites.esp(name);
        clientSettings.espSuites = Suites.esp(name);
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertTunnel(client, gateway);
        assertThat(client.installed().getFirst().encryption())
                .isEqualTo(clientSettings.espSuites.getFirst().encryption());
        assertThat(client.installed().getFirst().extendedSequenceNumbers())
                .isEqualTo(name.endsWith("-esn"));
    }

    static List<String> everyEspSuite() {
        return List.of("aes128gcm16", "aes256gcm16-esn", "chacha20poly1305-noesn");
    }

    @Test
    void bothSidesTellWhoThePeerIsAndWhichAddressTheClientGot() {
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        Event.IkeSaEstablished ours = client.lastEstablished();
        Event.IkeSaEstablished theirs = gateway.lastEstablished();
        assertThat(ours.handle()).isEqualTo(1);
        assertThat(ours.peer()).isEqualTo(Identity.fqdn("gw-a.example"));
        assertThat(theirs.peer()).isEqualTo(Identity.fqdn("c07.example"));
        assertThat(ours.origin()).isEqualTo(Event.Origin.FULL_EXCHANGE);
        assertThat(theirs.provisional()).isFalse();
        assertThat(ours.innerAddresses()).containsExactly(Net.ip(10, 77, 0, 2));
        assertThat(theirs.innerAddresses()).containsExactly(Net.ip(10, 77, 0, 2));
        assertThat(gateway.installed().getFirst().assignedAddresses())
                .containsExactly(Net.ip(10, 77, 0, 2));
        assertThat(gateway.count(Counter.ESTABLISHED_FULL)).isEqualTo(1);
        assertThat(gateway.endpoint().halfOpen()).isZero();
    }
}
