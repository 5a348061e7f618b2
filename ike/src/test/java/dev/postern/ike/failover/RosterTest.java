package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.FoundGateway;
import dev.postern.ike.GatewayName;
import dev.postern.ike.Path;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.wire.Identity;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Priorities, weights and IP versions (RFC 2782, RFC 8305).
class RosterTest {
    private static final NamedGateway SERVICE =
            new NamedGateway(
                    GatewayName.service("isakmp", "vpn.example"),
                    Identity.fqdn("vpn.example"),
                    List.of(),
                    new Rank(0, 1));

    private static GatewayOrder order(int seed, DiscoveryPolicy policy, GatewayCandidate... fixed) {
        return new GatewayOrder(List.of(fixed), policy, new Draw(new SeededEntropy(seed)));
    }

    private static GatewayCandidate fixed(String address) {
        return new GatewayCandidate(address, Identity.fqdn("gw.example"), path(address));
    }

    private static Path path(String address) {
        InetAddress remote = InetAddress.ofLiteral(address);
        InetAddress local =
                InetAddress.ofLiteral(address.contains(":") ? "2001:db8::9" : "192.0.2.9");
        return new Path(Net.port4500(local), Net.port4500(remote), true);
    }

    private static FoundGateway found(String address, int priority, int weight) {
        Path path = path(address);
        return new FoundGateway("gw.vpn.example", path.remote(), path, priority, weight);
    }

    private static List<String> addresses(GatewayOrder order) {
        return order.all(Neighbourhood.at(1)).stream()
                .map(each -> order.get(each).path().remote())
                .map(InetSocketAddress::getAddress)
                .map(InetAddress::getHostAddress)
                .toList();
    }

    private static DiscoveryPolicy ranked(Rank... ranks) {
        return DiscoveryPolicy.of(Arrays.asList(ranks), List.of());
    }

    @Test
    void lowerPrioritiesComeFirstWhateverTheFileSOrder() {
        GatewayOrder order =
                order(
                        1,
                        ranked(new Rank(20, 1), new Rank(10, 1), new Rank(15, 1)),
                        fixed("192.0.2.1"),
                        fixed("192.0.2.2"),
                        fixed("192.0.2.3"));
        assertThat(addresses(order)).containsExactly("192.0.2.2", "192.0.2.3", "192.0.2.1");
        assertThat(order.isPreferred(1)).isTrue();
        assertThat(order.isPreferred(0)).isFalse();
    }

    @Test
    void theBestOneUnderItsOtherIpVersionIsAsGood() {
        GatewayOrder order =
                order(
                        1,
                        ranked(new Rank(0, 1), new Rank(1, 1), new Rank(2, 1)),
                        fixed("2001:db8::1"),
                        fixed("192.0.2.1"),
                        fixed("2001:db8::2"));
        assertThat(order.isPreferred(1)).isTrue();
        assertThat(order.isPreferred(2)).as("a member of the same name").isFalse();
        assertThat(order.waysToPreferred(2)).containsExactly(0, 1);
    }

    @Test
    void gatewaysOfOnePriorityShareTheClientsByWeight() {
        Map<String, Integer> first = new HashMap<>();
        for (int seed = 0; seed < 4_000; seed++) {
            GatewayOrder order =
                    order(
                            seed,
                            ranked(new Rank(1, 30), new Rank(1, 10), new Rank(1, 0)),
                            fixed("192.0.2.1"),
                            fixed("192.0.2.2"),
                            fixed("192.0.2.3"));
            first.merge(addresses(order).getFirst(), 1, Integer::sum);
        }
        assertThat(first.get("192.0.2.1")).isBetween(2_800, 3_200);
        assertThat(first.get("192.0.2.2")).isBetween(850, 1_150);
        assertThat(first.getOrDefault("192.0.2.3", 0)).isLessThan(20);
    }

    @Test
    void theRecordsOfADomainAreOrderedAmongThemselvesAndStandInTheDomainsPlace() {
        DiscoveryPolicy policy =
                DiscoveryPolicy.of(
                        List.of(new Rank(1, 1)),
                        List.of(
                                new NamedGateway(
                                        SERVICE.name(),
                                        SERVICE.identity(),
                                        List.of(),
                                        new Rank(0, 1))));
        GatewayOrder order = order(1, policy, fixed("192.0.2.1"));
        Harvest harvest =
                order.found(
                        0,
                        List.of(
                                found("198.51.100.3", 30, 1),
                                found("198.51.100.1", 10, 1),
                                found("198.51.100.2", 20, 1)));
        assertThat(harvest.news()).isTrue();
        assertThat(addresses(order))
                .containsExactly("198.51.100.1", "198.51.100.2", "198.51.100.3", "192.0.2.1");
    }

    @Test
    void amongEqualsIpVersionsTakeTurnsAndIpv6Begins() {
        DiscoveryPolicy policy = DiscoveryPolicy.of(List.of(), List.of(SERVICE));
        GatewayOrder order = order(1, policy);
        order.found(
                0,
                List.of(
                        found("198.51.100.1", 10, 1),
                        found("198.51.100.2", 10, 1),
                        found("198.51.100.3", 10, 1),
                        found("2001:db8::1", 10, 1),
                        found("2001:db8::2", 10, 1)));
        assertThat(addresses(order).stream().map(each -> each.contains(":")))
                .containsExactly(true, false, true, false, false);
    }

    @Test
    void theIpVersionThatHasWorkedBegins() {
        DiscoveryPolicy policy = DiscoveryPolicy.of(List.of(), List.of(SERVICE));
        GatewayOrder order = order(1, policy);
        order.found(0, List.of(found("198.51.100.1", 10, 1), found("2001:db8::1", 10, 1)));
        order.proven(1 - order.all(Neighbourhood.at(1)).getFirst(), List.of());
        assertThat(addresses(order)).first().isEqualTo("198.51.100.1");
    }

    @Test
    void aPriorityIsNeverMixedWithAnotherForTheSakeOfIpVersions() {
        DiscoveryPolicy policy = DiscoveryPolicy.of(List.of(), List.of(SERVICE));
        GatewayOrder order = order(1, policy);
        order.found(0, List.of(found("198.51.100.1", 10, 1), found("2001:db8::1", 20, 1)));
        assertThat(addresses(order)).containsExactly("198.51.100.1", "2001:db8:0:0:0:0:0:1");
    }

    @Test
    void anAnswerThatChangesEachTimeDoesNotFillTheMemory() {
        GatewayOrder order = order(1, DiscoveryPolicy.of(List.of(), List.of(SERVICE)));
        order.found(0, List.of(found("192.0.2.1", 0, 1)));
        order.begun(Neighbourhood.at(1), 7, 0);
        for (int i = 0; i < 2_000; i++) {
            order.found(0, List.of(found("198.51." + i / 250 + "." + i % 250, 0, 1)));
        }
        assertThat(order.roster().all().count()).isLessThan(100);
        assertThat(order.all(Neighbourhood.at(1))).hasSize(1);
        assertThat(order.get(0).path().remote().getAddress().getHostAddress())
                .as("the place of the one in use is nobody else's")
                .isEqualTo("192.0.2.1");
    }

    @Test
    void anAddressOfTheFileIsNoWordOfTheDns() {
        NamedGateway literal =
                new NamedGateway(
                        GatewayName.addresses("127.0.0.1", 4500),
                        Identity.fqdn("gw.example"),
                        List.of(),
                        new Rank(0, 1));
        GatewayOrder order = order(1, DiscoveryPolicy.of(List.of(), List.of(SERVICE, literal)));
        assertThat(order.found(0, List.of(found("127.0.0.1", 0, 1))).news()).isFalse();
        order.found(1, List.of(found("127.0.0.1", 0, 1)));
        assertThat(addresses(order)).containsExactly("127.0.0.1");
    }

    @Test
    void anApplicationCannotAddWithoutEnd() {
        GatewayOrder order = order(1, DiscoveryPolicy.NONE);
        for (int i = 0; i < Roster.MAXIMUM_ADDED; i++) {
            assertThat(order.add(fixed("198.51.100." + i), Rank.LAST)).isEqualTo(i);
        }
        assertThat(order.add(fixed("198.51.100.99"), Rank.LAST)).isNull();
        assertThat(order.add(fixed("198.51.100.3"), new Rank(0, 1)))
                .as("a known one may be ranked anew")
                .isEqualTo(3);
        assertThat(addresses(order)).first().isEqualTo("198.51.100.3");
    }

    @Test
    void privateAddressesAreTakenUnlessPolicySaysGlobal() throws Exception {
        for (String address :
                List.of("10.0.0.1", "172.16.3.4", "192.168.1.1", "100.64.0.1", "fd00::1")) {
            InetAddress each = InetAddress.ofLiteral(address);
            assertThat(AddressScope.PRIVATE.objection(each)).isNull();
            assertThat(AddressScope.GLOBAL.objection(each)).as(address).contains("private");
        }
        for (String address : List.of("127.0.0.1", "::1", "fe80::1", "169.254.1.1")) {
            InetAddress each = InetAddress.ofLiteral(address);
            assertThat(AddressScope.PRIVATE.objection(each)).as(address).isNotNull();
            assertThat(AddressScope.ANY.objection(each)).as(address).isNull();
        }
        for (String address :
                List.of("0.0.0.0", "0.1.2.3", "::", "224.0.0.5", "ff02::1", "240.0.0.1")) {
            assertThat(AddressScope.ANY.objection(InetAddress.ofLiteral(address)))
                    .as(address)
                    .isNotNull();
        }
        assertThat(AddressScope.GLOBAL.objection(InetAddress.ofLiteral("198.51.100.1"))).isNull();
    }
}
