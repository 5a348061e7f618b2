package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// RFC 4555 with Debian's strongSwan: a client whose address is replaced by another one keeps its
/// tunnel.
@Tag("privileged")
final class MobikeInteropTest {
    private static final String MOVED = "192.0.2.11";

    @AutoClose private final Lab lab = Lab.open("Mobike");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    private void moveTheClient() {
        net.client().address("outside", MOVED + "/24");
        net.client()
                .exec("ip", "address", "del", FailoverTopology.CLIENT + "/24", "dev", "outside");
        if (!net.client().exec("ip", "-4", "-o", "address", "show", "outside").contains(MOVED)) {
            // The second address went with the first.
            net.client().address("outside", MOVED + "/24");
        }
    }

    /// Interop: MOBIKE (RFC 4555), the client's address is replaced | strongSwan | peer initiates
    @Test
    void aStrongSwanClientMovesAndKeepsItsTunnelToAPosternGateway() {
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR);
        StrongSwan client =
                StrongSwan.start(
                        net.client(),
                        SwanctlConnection.ofClient()
                                .lacking("local_addrs")
                                .connection("mobike", "yes")
                                .text());
        client.initiate("net");
        gateway.awaitLine("\"event\":\"ike-sa-established\"", SOON);
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 3).lost()).isZero();

        moveTheClient();

        client.awaitSas(SOON, MOVED);
        Await.until("the client reaches lanhost", SOON, domain::clientReachesLanhost);
        assertThat(gateway.process().output())
                .filteredOn(line -> line.contains("ike-sa-established"))
                .hasSize(1);
    }

    /// Interop: MOBIKE (RFC 4555), the client's address is replaced | strongSwan | Postern
    /// initiates
    @Test
    void aPosternClientMovesAndKeepsItsTunnelToAStrongSwanGateway() {
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        StrongSwan gateway =
                StrongSwan.start(
                        net.gwA(),
                        SwanctlConnection.ofGateway().connection("mobike", "yes").text());
        PosternDaemon client = domain.client("");
        client.awaitLine(SWITCHED, SOON);
        gateway.awaitSas(SOON, FailoverTopology.CLIENT, "INSTALLED");

        moveTheClient();

        gateway.awaitSas(SOON, MOVED, "INSTALLED");
        Await.until("the client reaches lanhost", SOON, domain::clientReachesLanhost);
        assertThat(client.process().output())
                .filteredOn(line -> line.contains("switch-completed"))
                .hasSize(1);
    }
}
