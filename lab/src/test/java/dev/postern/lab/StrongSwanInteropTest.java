package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Postern and Debian's strongSwan, each as the gateway of the other.
@Tag("privileged")
final class StrongSwanInteropTest {
    @AutoClose private final Lab lab = Lab.open("Interop");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    /// Interop: IKE_SA_INIT and IKE_AUTH with a pre-shared key, ESP in UDP, inner address by CP |
    /// strongSwan | peer initiates
    @Test
    void aStockStrongSwanClientPingsThroughAPosternGateway() {
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR);
        StrongSwan client = StrongSwan.start(net.client(), SwanctlConnection.ofClient().text());

        client.initiate("net");

        String inner =
                SecureDomain.field(
                        gateway.awaitLine("\"event\":\"ike-sa-established\"", SOON),
                        "innerAddresses");
        assertThat(client.listSas()).contains("local  " + inner + "/32");
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 5).lost()).isZero();
        assertThat(Ping.send(net.lanhost(), inner, 5).lost()).isZero();

        client.terminate("lab");
        gateway.awaitLine("\"event\":\"ike-sa-closed\"", SOON);
    }

    /// Interop: IKE_SA_INIT and IKE_AUTH with a pre-shared key, ESP in UDP, inner address by CP |
    /// strongSwan | Postern initiates
    @Test
    void posternConnectsToAStrongSwanGatewayAndPingsThrough() {
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        StrongSwan gateway = StrongSwan.start(net.gwA(), SwanctlConnection.ofGateway().text());

        PosternDaemon client = domain.client("");

        String connected = client.awaitLine(SWITCHED, SOON);
        assertThat(SecureDomain.field(connected, "innerAddresses")).isEqualTo("10.1.0.210");
        gateway.awaitSas(SOON, "ESTABLISHED", "INSTALLED");
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 5).lost()).isZero();
        assertThat(Ping.send(net.lanhost(), "10.1.0.210", 5).lost()).isZero();

        client.process().terminate();
        assertThat(client.awaitLine("client-stopped", SOON)).contains("\"deleteAnswered\":true");
        assertThat(gateway.establishedIkeSas()).isZero();
    }
}
