package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a first exchange with Debian's strongSwan can ask for: COOKIE, INITIAL_CONTACT or the
/// gateway's own idea of who may be there twice, and split DNS.
@Tag("privileged")
final class InitialContactInteropTest {
    private static final String ESTABLISHED = "\"event\":\"ike-sa-established\"";
    private static final String SUPERSEDED = "\"reason\":\"SUPERSEDED\"";

    /// Notify type 16390.
    private static final String COOKIE = "isakmp.notify.msgtype == 16390";

    @AutoClose private final Lab lab = Lab.open("Contact");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    /// Interop: COOKIE (RFC 7296, 2.6) | strongSwan | peer initiates
    @Test
    void aStrongSwanClientBringsTheCookieBack() {
        PosternDaemon gateway =
                domain.gatewayA(PROXY_NEIGHBOUR + "[limits]\ncookie-threshold = 0\n");
        Capture capture = Capture.start(net.client(), "outside", "udp port 500 or udp port 4500");
        StrongSwan client = StrongSwan.start(net.client(), SwanctlConnection.ofClient().text());

        client.initiate("net");

        gateway.awaitLine(ESTABLISHED, SOON);
        assertThat(new Tshark(lab, KeyLog.none()).dissect(capture.stop(), COOKIE, "ip.src"))
                .extracting(packet -> packet.first("ip.src"))
                .contains(FailoverTopology.GW_A, FailoverTopology.CLIENT);
    }

    /// Interop: INITIAL_CONTACT | strongSwan | peer initiates
    @Test
    void whatAStrongSwanClientLostWithItsMemoryEndsWhenItConnectsAnew() {
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR);
        String connection = SwanctlConnection.ofClient().text();
        StrongSwan before = StrongSwan.start(net.client(), connection);
        before.initiate("net");
        gateway.awaitLine(ESTABLISHED, SOON);
        before.process().crash();

        StrongSwan.start(net.client(), connection).initiate("net");

        gateway.awaitLine(SUPERSEDED, SOON);
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 3).lost()).isZero();
    }

    /// Interop: INITIAL_CONTACT | strongSwan | Postern initiates
    @Test
    void whatAPosternClientLostWithItsMemoryEndsAtAStrongSwanGateway() {
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        StrongSwan gateway = StrongSwan.start(net.gwA(), SwanctlConnection.ofGateway().text());
        domain.client("").process().crash();

        domain.client("").awaitLine(SWITCHED, SOON);

        gateway.process().awaitLine("received INITIAL_CONTACT", SOON);
        assertThat(gateway.establishedIkeSas()).isEqualTo(1);
    }

    /// Interop: uniqueness: the newer session replaces the older | strongSwan | peer initiates
    @Test
    void aGatewayThatReplacesDoesNotNeedToBeToldByStrongSwan() {
        PosternDaemon gateway =
                domain.gatewayA(
                        PROXY_NEIGHBOUR + "[profile.clients.life]\nuniqueness = \"replace\"\n");
        String connection = SwanctlConnection.ofClient().connection("unique", "never").text();
        StrongSwan before = StrongSwan.start(net.client(), connection);
        before.initiate("net");
        gateway.awaitLine(ESTABLISHED, SOON);
        before.process().crash();

        StrongSwan.start(net.client(), connection).initiate("net");

        gateway.awaitLine(SUPERSEDED, SOON);
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 3).lost()).isZero();
    }

    /// Interop: split DNS (RFC 8598), a domain without a trust anchor | strongSwan | Postern
    /// initiates
    @Test
    void aPosternClientIsToldTheDomainsOfAStrongSwanGateway() {
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        StrongSwanSettings usual = StrongSwanSettings.usual();
        StrongSwan.start(
                net.gwA(),
                usual.set("load", usual.settings().get("load") + " attr")
                        .set("plugins.attr.dns", "10.1.0.53")
                        .set("plugins.attr.25", "corp.example, lab.example"),
                SwanctlConnection.ofGateway().text());

        PosternDaemon client = domain.client("");

        assertThat(client.awaitLine("\"event\":\"network-assigned\"", SOON))
                .contains("\"dns\":\"10.1.0.53\"")
                .contains("\"domains\":\"corp.example lab.example\"");
    }
}
