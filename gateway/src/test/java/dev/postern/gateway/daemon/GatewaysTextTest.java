package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.failover.GatewayOverview;
import dev.postern.ike.failover.GatewaySource;
import dev.postern.ike.failover.Rank;
import dev.postern.wire.Identity;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// What `postern client gateways` prints.
final class GatewaysTextTest {
    private static final long SECOND = 1_000_000_000;
    private static final GatewayOverview.Candidate SERVING =
            new GatewayOverview.Candidate(
                    "gw-a",
                    GatewaySource.CONFIGURED,
                    "",
                    address("192.0.2.1"),
                    Identity.fqdn("gw-a.example"),
                    new Rank(0, 1),
                    true,
                    "serves us",
                    90 * SECOND,
                    0);
    private static final GatewayOverview.Candidate LEARNT =
            new GatewayOverview.Candidate(
                    "\"gw\\b\"",
                    GatewaySource.ANNOUNCED,
                    "gw-a",
                    address("2001:db8::2"),
                    null,
                    null,
                    false,
                    "carries nothing",
                    3 * SECOND,
                    7 * SECOND + 1);
    private static final GatewayOverview.Name NAME =
            new GatewayOverview.Name(
                    "gw.example",
                    GatewaySource.DNS_SERVICE,
                    "no such name",
                    List.of("127.0.0.1: not a gateway's address"),
                    30 * SECOND);

    private static InetSocketAddress address(String text) {
        return new InetSocketAddress(InetAddress.ofLiteral(text), 4500);
    }

    @Test
    void theTableHasEachInItsOrderWithWhereFromAndHowItFaredThere() {
        List<String> table =
                GatewaysText.table(
                        new GatewayOverview(List.of(SERVING, LEARNT), List.of(), List.of(NAME)));
        assertThat(table).hasSize(5);
        assertThat(table.getFirst())
                .containsSubsequence(
                        "ORDER", "GATEWAY", "ADDRESS", "SOURCE", "RANK", "LAST RESULT");
        assertThat(table.get(1))
                .startsWith("1 ")
                .containsSubsequence("gw-a", "192.0.2.1:4500", "0/1", "serves us, 90 s ago");
        assertThat(table.get(2))
                .startsWith("2 ")
                .contains("[2001:db8::2]:4500")
                .endsWith("carries nothing, 3 s ago; avoided for 8 s");
        assertThat(table.get(3)).contains("gw.example", "no such name", "asked again in 30 s");
        assertThat(table.get(4)).contains("passed over: 127.0.0.1: not a gateway's address");
    }

    @Test
    void whatNobodyHasProvenHasNoPlaceInTheOrder() {
        List<String> table =
                GatewaysText.table(
                        new GatewayOverview(List.of(SERVING), List.of(LEARNT), List.of()));
        assertThat(table.get(2)).startsWith("- ");
    }

    @Test
    void theJsonHasTheSameAndQuotesWhatComesFromOutside() {
        String json =
                GatewaysText.json(
                        new GatewayOverview(List.of(SERVING), List.of(LEARNT), List.of(NAME)));
        assertThat(json)
                .startsWith("{\"gateways\":[{\"order\":1,\"gateway\":\"gw-a\"")
                .contains(
                        "\"priority\":0,\"weight\":1,\"serving\":true",
                        "\"secondsAgo\":90",
                        "{\"order\":null,\"gateway\":\"\\\"gw\\\\b\\\"\"",
                        "\"identity\":null,\"priority\":null,\"weight\":null,\"serving\":false",
                        "\"avoidedForMillis\":7000",
                        "\"names\":[{\"name\":\"gw.example\"",
                        "\"passedOver\":[\"127.0.0.1: not a gateway's address\"]",
                        "\"againInMillis\":30000")
                .endsWith("}]}");
    }

    /// What a user reads who may not have a TUN device.
    @Test
    void withoutPrivilegesTheClientSaysWhatGoesWithoutThem() {
        assertThat(ClientDevice.withoutPrivileges(new java.io.IOException("no /dev/net/tun")))
                .startsWith("no /dev/net/tun. ")
                .contains("inside.mode = \"probe\"", "PosternClient", "docs/applications.md");
    }
}
