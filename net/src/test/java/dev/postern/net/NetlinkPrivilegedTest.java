package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

@Tag("privileged")
class NetlinkPrivilegedTest {
    private static final Prefix FOUR = Prefix.parse("10.9.0.1/24");
    private static final Prefix SIX = Prefix.parse("2001:db8:9::1/64");
    private static final Prefix HOST = Prefix.parse("10.77.0.5");
    private static final Prefix HOST6 = Prefix.parse("2001:db8:77::5");

    private NetworkNamespace namespace = NetworkNamespace.create();
    private NetworkNamespace other = NetworkNamespace.create();
    private Netlink netlink = openNetlink();

    private Netlink openNetlink() {
        try {
            NetworkNamespace.join(namespace, other);
            return namespace.call(Netlink::open);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void eth0HasAnAddressOfEachFamily() throws Exception {
        netlink.addAddress("eth0", FOUR);
        netlink.addAddress("eth0", SIX);
    }

    @AfterEach
    void end() {
        netlink.close();
        namespace.close();
        other.close();
    }

    @Test
    void anInterfaceIsFoundByName() throws Exception {
        Link link = netlink.link("eth0").orElseThrow();

        assertThat(link.name()).isEqualTo("eth0");
        assertThat(link.index()).isEqualTo(netlink.interfaceIndex("eth0")).isPositive();
        assertThat(link.mtu()).isEqualTo(1_500);
        assertThat(link.up()).isTrue();
        assertThat(namespace.ip("link", "show", "eth0")).contains(link.hardwareAddress());
        assertThat(netlink.links()).extracting(Link::name).containsExactly("lo", "eth0");
    }

    @Test
    void anInterfaceThatIsNotThereIsExplained() throws Exception {
        assertThat(netlink.link("nosuch0")).isEmpty();
        assertThatThrownBy(() -> netlink.setUp("nosuch0"))
                .isInstanceOf(SystemCallException.class)
                .hasMessageContaining("nosuch0")
                .hasMessageContaining("no such device (ENODEV)");
    }

    @Test
    void anInterfaceGoesDownAndUpAndChangesItsMtu() throws Exception {
        netlink.setDown("eth0");
        assertThat(netlink.existing("eth0").up()).isFalse();
        netlink.setUp("eth0");
        assertThat(netlink.existing("eth0").up()).isTrue();
        netlink.setMtu("eth0", 1_380);
        assertThat(netlink.existing("eth0").mtu()).isEqualTo(1_380);
        assertThat(netlink.existing("eth0").up()).isTrue();
    }

    @Test
    void aRefusalCarriesTheKernelsWords() {
        assertThatThrownBy(() -> netlink.setMtu("eth0", 20))
                .isInstanceOf(SystemCallException.class)
                .hasMessageStartingWith("cannot set interface eth0 to MTU 20: invalid argument")
                .hasMessageContaining("the kernel says: mtu less than device minimum");
    }

    @Test
    void anAddressThatIsLentGoesByItselfUnlessItIsExtended() throws Exception {
        Prefix address = Prefix.parse("192.0.2.8/24");
        Prefix address6 = Prefix.parse("2001:db8::8/64");
        // In a subnet of its own: with the first address of a subnet the kernel deletes the others.
        Prefix kept = Prefix.parse("198.51.100.7/24");
        netlink.lendAddress("eth0", address, 1);
        netlink.lendAddress("eth0", address6, 1);
        netlink.lendAddress("eth0", kept, 1);
        netlink.lendAddress("eth0", kept, 3_600);
        AssignedAddress there = new AssignedAddress(kept, "eth0", true);
        assertThat(netlink.addresses()).contains(there);
        List<Prefix> left = List.of(address, address6);
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
            left =
                    netlink.addresses().stream()
                            .map(AssignedAddress::address)
                            .filter(each -> each.equals(address) || each.equals(address6))
                            .toList();
        }
        assertThat(left).isEmpty();
        assertThat(netlink.addresses()).contains(there);
    }

    @Test
    void anAddressIsAddedOnceAndDeletedOnce() throws Exception {
        Prefix address = Prefix.parse("192.0.2.9/32");
        Prefix address6 = Prefix.parse("2001:db8::9/128");

        assertThat(netlink.addAddress("lo", address)).isTrue();
        assertThat(netlink.addAddress("lo", address)).isFalse();
        assertThat(netlink.addAddress("lo", address6)).isTrue();
        assertThat(netlink.addAddress("lo", address6)).isFalse();
        assertThat(netlink.addresses())
                .contains(
                        new AssignedAddress(address, "lo", true),
                        new AssignedAddress(address6, "lo", true),
                        new AssignedAddress(FOUR, "eth0", true))
                .contains(new AssignedAddress(Prefix.parse("127.0.0.1/8"), "lo", false));
        assertThat(netlink.deleteAddress("lo", address)).isTrue();
        assertThat(netlink.deleteAddress("lo", address)).isFalse();
        assertThat(netlink.deleteAddress("lo", address6)).isTrue();
        assertThat(netlink.deleteAddress("lo", address6)).isFalse();
        assertThat(netlink.deleteAddress("nosuch0", address)).isFalse();
    }

    @Test
    void anIpv6AddressCanBeBoundAtOnce() throws Exception {
        assertThat(namespace.ip("-6", "address", "show", "eth0")).contains("2001:db8:9::1");
        namespace
                .call(() ->
                        UdpSocket.open(
                                UdpSocketOptions.bind(
                                        new java.net.InetSocketAddress(SIX.address(), 0))))
                .close();
    }

    @Test
    void aRouteIsAddedOnceAndDeletedOnce() throws Exception {
        for (Prefix host : new Prefix[] {HOST, HOST6}) {
            Route route = Route.through("eth0", host).withMetric(50);

            assertThat(netlink.addRoute(route)).isTrue();
            assertThat(netlink.addRoute(route)).isFalse();
            assertThat(netlink.ownRoutes()).containsExactly(route);
            assertThat(netlink.deleteRoute(route)).isTrue();
            assertThat(netlink.deleteRoute(route)).isFalse();
            assertThat(netlink.ownRoutes()).isEmpty();
        }
    }

    @Test
    void aRouteMayHaveAGatewayASourceAMetricAndATable() throws Exception {
        Route four =
                Route.through("eth0", HOST)
                        .via(InetAddress.ofLiteral("10.9.0.2"))
                        .from(FOUR.address())
                        .withMetric(70)
                        .inTable(1_000);
        Route six =
                Route.through("eth0", HOST6)
                        .via(InetAddress.ofLiteral("2001:db8:9::2"))
                        .from(SIX.address())
                        .withMetric(70)
                        .inTable(1_000);
        netlink.addRoute(four);
        netlink.addRoute(six);

        assertThat(netlink.ownRoutes()).containsExactlyInAnyOrder(four, six);
        assertThat(namespace.ip("route", "show", "table", "1000"))
                .contains("10.77.0.5 via 10.9.0.2 dev eth0 proto 80 src 10.9.0.1 metric 70");
    }

    @Test
    void aRouteIsReplacedByOneThroughAnotherInterface() throws Exception {
        netlink.addRoute(Route.through("eth0", HOST));
        netlink.replaceRoute(Route.through("lo", HOST));

        assertThat(netlink.ownRoutes()).containsExactly(Route.through("lo", HOST));
    }

    @Test
    void rulesOfEveryKindAreReadAsTheyWereAdded() throws Exception {
        RoutingRule.SourcePort port = RoutingRule.SourcePort.udp(4500);
        RoutingRule.SourcePort tcp = new RoutingRule.SourcePort(RoutingRule.SourcePort.TCP, 53_000);
        List<RoutingRule> rules = new ArrayList<>();
        for (boolean ipv4 : new boolean[] {true, false}) {
            rules.add(new RoutingRule(ipv4, 5_399, null, new RoutingRule.Action.Nothing()));
            rules.add(
                    new RoutingRule(
                            ipv4, 5_100, null, new RoutingRule.Action.SkipForwarded(5_399)));
            rules.add(new RoutingRule(ipv4, 5_101, port, new RoutingRule.Action.GoTo(5_399)));
            rules.add(new RoutingRule(ipv4, 5_101, tcp, new RoutingRule.Action.GoTo(5_399)));
            rules.add(
                    new RoutingRule(
                            ipv4, 5_102, null, new RoutingRule.Action.LookUpLonger(254, 0)));
            rules.add(RoutingRule.lookUp(ipv4, 5_103, 1_305_600));
            rules.add(new RoutingRule(ipv4, 5_104, null, new RoutingRule.Action.Unreachable()));
        }
        for (RoutingRule rule : rules) {
            assertThat(netlink.addRule(rule)).as("%s", rule).isTrue();
            assertThat(netlink.addRule(rule)).as("%s again", rule).isFalse();
        }
        assertThat(netlink.ownRules()).containsExactlyInAnyOrderElementsOf(rules);
        assertThat(namespace.ip("-6", "rule", "show"))
                .contains("5100:\tnot from all iif lo goto 5399")
                .contains("5101:\tfrom all ipproto udp sport 4500 goto 5399")
                .contains("5102:\tfrom all lookup main suppress_prefixlength 0");
        for (RoutingRule rule : rules) {
            assertThat(netlink.deleteRule(rule)).as("%s", rule).isTrue();
            assertThat(netlink.deleteRule(rule)).as("%s again", rule).isFalse();
        }
        assertThat(netlink.ownRules()).isEmpty();
    }

    @Test
    void theWayOfAPacketDependsOnItsPort() throws Exception {
        InetAddress far = InetAddress.ofLiteral("198.51.100.1");
        RoutingRule.SourcePort port = RoutingRule.SourcePort.udp(4500);
        assertThat(netlink.sourceTowards(far, port)).as("no way").isEmpty();
        netlink.addRoute(
                Route.through("eth0", Prefix.parse("198.51.100.0/24"))
                        .from(FOUR.address())
                        .inTable(1_000));
        netlink.addRule(new RoutingRule(true, 5_101, port, new RoutingRule.Action.LookUp(1_000)));

        assertThat(netlink.sourceTowards(far, port)).contains(FOUR.address());
        assertThat(netlink.sourceTowards(far, RoutingRule.SourcePort.udp(4501))).isEmpty();
    }

    @Test
    void whatARouteCarriesIsRefusedWhereItHasGone() throws Exception {
        for (Prefix to :
                new Prefix[] {HOST, HOST6, Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0")}) {
            UnreachableRoute none = new UnreachableRoute(to, 1_000);
            assertThat(netlink.addRoute(none)).as("%s", none).isTrue();
            assertThat(netlink.addRoute(none)).as("%s again", none).isFalse();
            String family = to.isIpv4() ? "-4" : "-6";
            String address = (to.isIpv4() ? HOST : HOST6).address().getHostAddress();
            netlink.addRoute(Route.through("eth0", to).inTable(1_000));
            netlink.addRule(RoutingRule.lookUp(to.isIpv4(), 5_101, 1_000));
            assertThat(namespace.ip(family, "route", "get", address)).contains("dev eth0");

            assertThat(netlink.deleteRoute(Route.through("eth0", to).inTable(1_000))).isTrue();

            assertThat(namespace.ip(family, "route", "show", "table", "1000"))
                    .contains("unreachable")
                    .doesNotContain("eth0");
            assertThat(netlink.deleteRoute(none)).as("%s", none).isTrue();
            assertThat(netlink.deleteRoute(none)).as("%s again", none).isFalse();
            assertThat(namespace.ip(family, "route", "show", "table", "all"))
                    .doesNotContain("unreachable");
        }
    }

    @Test
    void theRouteOfAnotherProgramIsNotDeleted() throws Exception {
        namespace.ip("route", "add", "10.77.0.5", "dev", "eth0");

        assertThat(netlink.deleteRoute(Route.through("eth0", HOST))).isFalse();
        assertThat(netlink.routes()).extracting(Route::destination).contains(HOST);
    }

    @Test
    void aRouteThatTheKernelRefusesIsNamed() {
        Route route = Route.through("eth0", HOST).via(InetAddress.ofLiteral("172.31.0.1"));
        assertThatThrownBy(() -> netlink.addRoute(route))
                .isInstanceOf(SystemCallException.class)
                .hasMessageStartingWith("cannot add route 10.77.0.5/32 via 172.31.0.1 dev eth0: ")
                .hasMessageContaining("Nexthop has invalid gateway");
    }

    @Test
    void aProxyNeighbourIsAddedTwiceAndDeletedOnce() throws Exception {
        for (Prefix host : new Prefix[] {HOST, HOST6}) {
            netlink.addProxyNeighbour("eth0", host.address());
            netlink.addProxyNeighbour("eth0", host.address());
            assertThat(netlink.proxyNeighbours())
                    .containsExactly(new ProxyNeighbour(host.address(), "eth0", true));
            assertThat(netlink.deleteProxyNeighbour("eth0", host.address())).isTrue();
            assertThat(netlink.deleteProxyNeighbour("eth0", host.address())).isFalse();
            assertThat(netlink.proxyNeighbours()).isEmpty();
        }
    }

    @Test
    void leftoversAreFoundByTheirMarkAndOthersStay() throws Exception {
        netlink.addRoute(Route.through("eth0", HOST));
        netlink.addRoute(Route.through("eth0", HOST6).inTable(500));
        netlink.addProxyNeighbour("eth0", HOST.address());
        netlink.addProxyNeighbour("eth0", HOST6.address());
        namespace.ip("route", "add", "10.78.0.0/24", "dev", "eth0");
        namespace.ip("neigh", "add", "proxy", "10.78.0.1", "dev", "eth0");

        assertThat(netlink.deleteLeftovers()).isEqualTo(4);

        assertThat(netlink.ownRoutes()).isEmpty();
        assertThat(netlink.routes())
                .extracting(Route::destination)
                .contains(Prefix.parse("10.78.0.0/24"));
        assertThat(netlink.proxyNeighbours())
                .containsExactly(
                        new ProxyNeighbour(InetAddress.ofLiteral("10.78.0.1"), "eth0", false));
        assertThat(netlink.deleteLeftovers()).isZero();
    }

    @Test
    void aThousandRoutesAreListed() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            netlink.addRoute(
                    Route.through("eth0", Prefix.parse("10.60." + (i >> 8) + "." + (i & 0xff))));
        }

        assertThat(netlink.ownRoutes()).hasSize(1_000);
        assertThat(netlink.deleteLeftovers()).isEqualTo(1_000);
    }

    @Test
    void forwardingIsSetPerInterfaceAndTellsTheOldValue() throws Exception {
        boolean before =
                namespace.call(() -> {
                    boolean old = Sysctl.setIpv4Forwarding("eth0", true);
                    Sysctl.setIpv6Forwarding("eth0", true);
                    Sysctl.setProxyNdp("eth0", true);
                    return old;
                });

        assertThat(before).isFalse();
        assertThat(
                        namespace.call(() ->
                                Sysctl.read("ipv4", "conf", "eth0", "forwarding")
                                        + Sysctl.read("ipv6", "conf", "eth0", "forwarding")
                                        + Sysctl.read("ipv6", "conf", "eth0", "proxy_ndp")
                                        + Sysctl.read("ipv4", "conf", "lo", "forwarding")))
                .isEqualTo("1110");
    }

    @Test
    void aSettingOfAnInterfaceThatIsNotThereIsExplained() {
        assertThatThrownBy(() -> Sysctl.setProxyNdp("nosuch0", true))
                .hasMessageContaining("/proc/sys/net/ipv6/conf/nosuch0/proxy_ndp")
                .hasMessageContaining("is the interface there");
    }
}
