package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Tunnels over IPv6 with Debian's strongSwan, and a client that has to leave IPv6.
@Tag("privileged")
final class Ipv6OutsideInteropTest {
    @AutoClose private final Lab lab = Lab.open("Ipv6Outside");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    /// Interop: IPv6 outside, then MOBIKE (RFC 4555) from IPv6 to an IPv4 address that the gateway
    /// has named | strongSwan | peer initiates
    @Test
    void aStrongSwanClientThatLosesItsIpv6AddressGoesOnOverIpv4() {
        PosternDaemon gateway =
                domain.gatewayA(
                        """
                        [network]
                        mobike-advertise = ["192.0.2.1"]
                        """
                                + PROXY_NEIGHBOUR,
                        "192.0.2.1",
                        "2001:db8::1");
        StrongSwan client =
                StrongSwan.start(
                        net.client(),
                        SwanctlConnection.ofClient()
                                .lacking("local_addrs")
                                .connection("remote_addrs", "2001:db8::1")
                                .connection("mobike", "yes")
                                .text());
        client.initiate("net");
        client.awaitSas(SOON, "2001:db8::10", "INSTALLED");
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 3).lost()).isZero();

        net.client().exec("ip", "address", "del", "2001:db8::10/64", "dev", "outside");

        client.awaitSas(SOON, FailoverTopology.CLIENT + "[4500]", "INSTALLED");
        Await.until("the client reaches lanhost", SOON, domain::clientReachesLanhost);
        assertThat(gateway.process().output())
                .filteredOn(line -> line.contains("ike-sa-established"))
                .hasSize(1);
    }

    /// Interop: IPv6 outside | strongSwan | Postern initiates
    @Test
    void aPosternClientHasATunnelOverIpv6ToAStrongSwanGateway() {
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        StrongSwan gateway =
                StrongSwan.start(
                        net.gwA(),
                        SwanctlConnection.ofGateway()
                                .connection("local_addrs", "2001:db8::1")
                                .connection("remote_addrs", "%any6")
                                .connection("mobike", "yes")
                                .text());
        domain.clientOf("2001:db8::1");

        gateway.awaitSas(SOON, "2001:db8::10", "INSTALLED");
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 3).lost()).isZero();
    }
}
