package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.ike.failover.AddressScope;
import dev.postern.ike.failover.ClientPolicy;
import dev.postern.ike.failover.NamedGateway;
import dev.postern.ike.failover.Rank;
import dev.postern.wire.Identity;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/// Gateways by address, by name and by domain, with their priorities, in a client's file.
class ListedGatewaysTest {
    private static final String TOP =
            """
            identity = "alice@example"
            psk-file = "alice.psk"
            secure-domain = "example"
            remote-subnets = ["10.1.0.0/24"]
            """;

    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void write() {
        workspace = Workspace.in(directory);
    }

    @Test
    void aNameADomainAndAnAddressKeepTheirPlaces() throws Exception {
        ClientConfiguration client =
                workspace.client(
                        TOP
                                + """
                                [[gateway]]
                                identity = "gw-a.example"
                                address = "gw-a.example"
                                [[gateway]]
                                identity = "vpn.example"
                                domain = "VPN.example"
                                priority = 30
                                weight = 7
                                [[gateway]]
                                identity = "gw-b.example"
                                address = "192.0.2.2"
                                [discovery]
                                identities = ["gw-1.vpn.example"]
                                addresses = "any"
                                servers = ["127.0.0.1:5353"]
                                shortest = "2s"
                                longest = "1h"
                                """);
        ClientPolicy policy = client.policy(List.of(), List.of());
        assertThat(policy.discovery().ranks()).containsExactly(new Rank(31, 1));
        assertThat(policy.discovery().names())
                .extracting(each -> each.name().owner(), NamedGateway::rank)
                .containsExactly(
                        tuple("gw-a.example", new Rank(0, 1)),
                        tuple("_isakmp._udp.vpn.example", new Rank(30, 7)));
        assertThat(policy.discovery().scope()).isEqualTo(AddressScope.ANY);
        assertThat(policy.profile().acceptedGateways())
                .contains(Identity.fqdn("gw-1.vpn.example"), Identity.fqdn("gw-b.example"));
    }

    @Test
    void theServiceCanBeAnother() throws Exception {
        ClientConfiguration client =
                workspace.client(
                        TOP
                                + """
                                [[gateway]]
                                identity = "vpn.example"
                                domain = "vpn.example"
                                [discovery]
                                service = "ipsec-nat-t"
                                """);
        assertThat(client.gateways().getFirst().name())
                .asString()
                .isEqualTo("_ipsec-nat-t._udp.vpn.example");
    }

    @Test
    void whatDoesNotFitTogetherIsSaidAllAtOnce() {
        assertThatThrownBy(() ->
                        workspace.client(
                                TOP
                                        + """
                                        [[gateway]]
                                        identity = "gw-a.example"
                                        [[gateway]]
                                        identity = "gw-b.example"
                                        address = "192.0.2.2"
                                        domain = "vpn.example"
                                        [[gateway]]
                                        identity = "gw-c.example"
                                        domain = "vpn.example"
                                        port = 4501
                                        priority = 70000
                                        [discovery]
                                        shortest = "1m"
                                        longest = "10s"
                                        """))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("gateway[0].address: missing")
                .hasMessageContaining("means nothing beside address")
                .hasMessageContaining("means nothing with domain")
                .hasMessageContaining("70000")
                .hasMessageContaining("is shorter than shortest");
    }
}
