package dev.postern.ike.rfc7296;

import static dev.postern.ike.negotiate.TrafficSelectorNarrowing.isSubset;
import static dev.postern.ike.negotiate.TrafficSelectorNarrowing.narrow;
import static dev.postern.ike.world.InitiatorByHand.find;
import static dev.postern.ike.world.InitiatorByHand.withSelectors;
import static dev.postern.ike.world.Net.ip;
import static dev.postern.ike.world.Net.subnet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Narrowing.
class Section_2_9_TrafficSelectors {
    private static TrafficSelector ports(TrafficSelector s, int protocol, int from, int to) {
        return new TrafficSelector(s.type(), protocol, from, to, s.start(), s.end());
    }

    /// Interop: several traffic selectors, narrowed to what both peers want | Postern | neither
    @Test
    void whatBothHaveInCommonIsLeft() {
        assertThat(narrow(List.of(subnet(0, 0, 0, 0, 0)), List.of(subnet(10, 1, 0, 0, 16))))
                .containsExactly(subnet(10, 1, 0, 0, 16));
        assertThat(narrow(List.of(subnet(10, 1, 7, 0, 24)), List.of(subnet(10, 1, 0, 0, 16))))
                .containsExactly(subnet(10, 1, 7, 0, 24));
        assertThat(
                        narrow(
                                List.of(TrafficSelector.range(ip(10, 0, 255, 0), ip(10, 1, 0, 5))),
                                List.of(subnet(10, 1, 0, 0, 16))))
                .containsExactly(TrafficSelector.range(ip(10, 1, 0, 0), ip(10, 1, 0, 5)));
    }

    @Test
    void nothingInCommonIsNothing() {
        assertThat(narrow(List.of(subnet(10, 2, 0, 0, 16)), List.of(subnet(10, 1, 0, 0, 16))))
                .isEmpty();
        assertThat(narrow(List.of(), List.of(subnet(10, 1, 0, 0, 16)))).isEmpty();
        assertThat(narrow(List.of(subnet(10, 1, 0, 0, 16)), List.of())).isEmpty();
    }

    @Test
    void addressesCompareWithoutSign() {
        assertThat(narrow(List.of(subnet(192, 0, 0, 0, 2)), List.of(subnet(200, 1, 0, 0, 16))))
                .containsExactly(subnet(200, 1, 0, 0, 16));
        assertThat(narrow(List.of(subnet(0, 0, 0, 0, 1)), List.of(subnet(200, 1, 0, 0, 16))))
                .isEmpty();
    }

    @Test
    void protocolsAndPortsNarrowToo() {
        TrafficSelector net = subnet(10, 1, 0, 0, 16);
        assertThat(narrow(List.of(ports(net, 17, 0, 65535)), List.of(net)))
                .containsExactly(ports(net, 17, 0, 65535));
        assertThat(narrow(List.of(ports(net, 6, 0, 65535)), List.of(ports(net, 17, 0, 65535))))
                .isEmpty();
        assertThat(narrow(List.of(ports(net, 6, 80, 443)), List.of(ports(net, 6, 100, 9000))))
                .containsExactly(ports(net, 6, 100, 443));
        assertThat(narrow(List.of(ports(net, 6, 80, 99)), List.of(ports(net, 6, 100, 9000))))
                .isEmpty();
    }

    @Test
    void opaquePortsMatchOpaqueAndAnyPort() {
        TrafficSelector net = subnet(10, 1, 0, 0, 16);
        TrafficSelector opaque = ports(net, 6, 65535, 0);
        assertThat(narrow(List.of(opaque), List.of(net))).containsExactly(opaque);
        assertThat(narrow(List.of(opaque), List.of(opaque))).containsExactly(opaque);
        assertThat(narrow(List.of(opaque), List.of(ports(net, 6, 80, 80)))).isEmpty();
    }

    @Test
    void theFamiliesDoNotMix() {
        TrafficSelector six =
                new TrafficSelector(
                        TrafficSelector.IPV6_RANGE,
                        0,
                        0,
                        65535,
                        Octets.of(new byte[16]),
                        Octets.ofHex("ff".repeat(16)));
        assertThat(narrow(List.of(six), List.of(subnet(0, 0, 0, 0, 0)))).isEmpty();
        assertThat(narrow(List.of(six), List.of(six))).containsExactly(six);
    }

    @Test
    void thePolicysOrderCountsAndNothingIsSaidTwice() {
        TrafficSelector a = subnet(10, 1, 0, 0, 16);
        TrafficSelector b = subnet(10, 2, 0, 0, 16);
        assertThat(narrow(List.of(b, a, subnet(0, 0, 0, 0, 0)), List.of(a, b)))
                .containsExactly(a, b);
    }

    @Test
    void aHundredSelectorsAreBounded() {
        List<TrafficSelector> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(subnet(10, i, 0, 0, 16));
        }
        assertThat(narrow(many, List.of(subnet(10, 0, 0, 0, 8)))).hasSize(32);
    }

    @Test
    void whatIsLeftLiesWithinBothForAnySelectors() {
        Random random = new Random(20260101);
        for (int i = 0; i < 20_000; i++) {
            TrafficSelector asked = any(random);
            TrafficSelector allowed = any(random);
            List<TrafficSelector> left = narrow(List.of(asked), List.of(allowed));
            if (!left.isEmpty()) {
                assertThat(isSubset(left, List.of(asked))).isTrue();
                assertThat(isSubset(left, List.of(allowed))).isTrue();
                assertThat(narrow(left, List.of(allowed))).isEqualTo(left);
            }
            assertThat(left.isEmpty())
                    .isEqualTo(narrow(List.of(allowed), List.of(asked)).isEmpty());
        }
    }

    private static TrafficSelector any(Random random) {
        int a = random.nextInt(8);
        int b = a + random.nextInt(8 - a);
        int from = random.nextInt(4) * 1000;
        boolean allPorts = random.nextBoolean();
        return new TrafficSelector(
                TrafficSelector.IPV4_RANGE,
                random.nextInt(3) == 0 ? 6 : 0,
                allPorts ? 0 : from,
                allPorts ? 65535 : from + random.nextInt(3000),
                Octets.ofInt(a << 29),
                Octets.ofInt(b << 29 | 0x1fff_ffff));
    }

    @Test
    void aSubsetOfNothingIsNone() {
        assertThat(isSubset(List.of(), List.of(subnet(0, 0, 0, 0, 0)))).isFalse();
        assertThat(isSubset(List.of(subnet(10, 0, 0, 0, 8)), List.of())).isFalse();
        assertThat(isSubset(List.of(subnet(10, 0, 0, 0, 8)), List.of(subnet(10, 0, 0, 0, 9))))
                .isFalse();
    }

    @Test
    void theGatewayNarrowsToTheAssignedAddressAndItsOwnNetworks() {
        World world = new World(27);
        GatewaySettings settings = new GatewaySettings('a');
        settings.localSelectors = List.of(subnet(10, 1, 0, 0, 16), subnet(10, 3, 0, 0, 16));
        Node gateway = world.add(settings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        List<Payload> answer =
                peer.request(
                        ExchangeType.IKE_AUTH,
                        1,
                        withSelectors(
                                peer.authPayloads(),
                                subnet(0, 0, 0, 0, 0),
                                subnet(10, 0, 0, 0, 14)));
        assertThat(find(answer, Payload.TsInitiator.class).selectors())
                .containsExactly(TrafficSelector.host(ip(10, 77, 0, 2)));
        assertThat(find(answer, Payload.TsResponder.class).selectors())
                .containsExactly(subnet(10, 1, 0, 0, 16), subnet(10, 3, 0, 0, 16));
        assertThat(gateway.installed().getFirst().remote())
                .containsExactly(TrafficSelector.host(ip(10, 77, 0, 2)));
    }
}
