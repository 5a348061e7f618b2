package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.ChildMode;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// `mode = "transport"`, which takes the place of everything that is said about subnets.
class TransportModeTest {
    private static final String CLIENT =
            """
            identity = "alice@example"
            psk-file = "alice.psk"
            secure-domain = "example"
            mode = "transport"
            [[gateway]]
            identity = "gw-a.example"
            address = "192.0.2.1"
            """;

    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void writeTheFilesThatAreNamed() {
        workspace = Workspace.in(directory);
    }

    @Test
    void aClientOffersWhateverItsOwnAddressIs() throws ConfigurationException {
        ClientConfiguration client = workspace.client(CLIENT);
        assertThat(client.isTransport()).isTrue();
        assertThat(client.requestsAddress()).isFalse();
        var profile = client.initiatorProfile(client.gateways().getFirst());
        assertThat(profile.mode()).isEqualTo(ChildMode.TRANSPORT);
        assertThat(profile.localSelectors())
                .extracting(TrafficSelector::toString)
                .containsExactly(
                        "0.0.0.0-255.255.255.255",
                        "0:0:0:0:0:0:0:0-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    }

    @Test
    void subnetsAndAddressesMeanNothingAtAClient() {
        String beyond =
                CLIENT.replace(
                        "mode", "request-address = true\nremote-subnets = [\"10.1.0.0/24\"]\nmode");
        assertThat(workspace.problemsOfClient(beyond))
                .hasSize(2)
                .allMatch(problem -> problem.contains("means nothing with mode = \"transport\""))
                .anyMatch(problem -> problem.startsWith("client.toml:4: request-address"))
                .anyMatch(problem -> problem.startsWith("client.toml:5: remote-subnets"));
    }

    @Test
    void aProbeIsNoHost() {
        assertThat(
                        workspace.problemsOfClient(
                                CLIENT
                                        + "[inside]\n"
                                        + "mode = \"probe\"\n"
                                        + "probe-target = \"10.1.0.1\"\n"))
                .anyMatch(problem -> problem.contains("is not for mode = \"transport\""));
    }

    @Test
    void aGatewaysProfileNamesNoSubnets() {
        String text = Workspace.GATEWAY;
        assertThat(
                        workspace.problemsOfGateway(
                                text.replace(
                                        "local-subnets", "mode = \"transport\"\nlocal-subnets")))
                .isNotEmpty()
                .allMatch(problem -> problem.contains("means nothing with mode = \"transport\""));
    }
}
