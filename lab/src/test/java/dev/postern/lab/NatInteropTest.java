package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/// A client behind a NAT that forgets it (RFC 7296 section 2.23, RFC 3948).
@Tag("privileged")
final class NatInteropTest {
    private static final String NAT = "192.0.2.9";

    @AutoClose private final Lab lab = Lab.open("Nat");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    /// Interop: NAT traversal, the NAT gives the client other ports | strongSwan | peer initiates
    @Test
    void aStrongSwanClientWhoseNatTakesOtherPortsKeepsItsTunnel() {
        NetworkNamespace router = lab.host("nat");
        net.outside().attach(router, "outside");
        router.address("outside", NAT + "/24");
        Path sign = lab.file("rebind");
        LabProcess nat = UdpNat.start(router, FailoverTopology.GW_A, sign);
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR);
        StrongSwan client =
                StrongSwan.start(
                        net.client(),
                        StrongSwanSettings.usual().set("keep_alive", "1s"),
                        SwanctlConnection.ofClient().connection("remote_addrs", NAT).text());

        client.initiate("net");

        String inner =
                SecureDomain.field(
                        gateway.awaitLine("\"event\":\"ike-sa-established\"", SOON),
                        "innerAddresses");
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 3).lost()).isZero();

        lab.write("rebind", "");
        nat.awaitLine("nat-rebound", SOON);

        Await.until("the gateway follows", SOON, domain::clientReachesLanhost);
        assertThat(Ping.send(net.lanhost(), inner, 3).lost()).isZero();
        assertThat(client.establishedIkeSas()).as("nothing was set up anew").isEqualTo(1);
        client.terminate("lab");
        gateway.awaitLine("\"event\":\"ike-sa-closed\"", SOON);
    }
}
