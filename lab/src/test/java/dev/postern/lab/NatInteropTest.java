package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/// A client behind a NAT that forgets it, and a gateway behind one that lets its clients in (RFC
/// 7296 section 2.23, RFC 3948).
@Tag("privileged")
final class NatInteropTest {
    private static final String NAT = "192.0.2.9";
    private static final String PRIVATE = "198.51.100.2";

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
        LabProcess nat = UdpNat.start(router, FailoverTopology.GW_A, UdpNat.Turn.REBINDS, sign);
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
        nat.awaitLine(UdpNat.Turn.REBINDS.line(), SOON);

        Await.until("the gateway follows", SOON, domain::clientReachesLanhost);
        Await.until(
                "and finds the client itself",
                SOON,
                () -> Ping.send(net.lanhost(), inner, 3).lost() == 0);
        assertThat(client.establishedIkeSas()).as("nothing was set up anew").isEqualTo(1);
        client.terminate("lab");
        gateway.awaitLine("\"event\":\"ike-sa-closed\"", SOON);
    }

    /// Interop: NAT traversal, the gateway is behind the NAT and the client is not | strongSwan |
    /// peer initiates
    @Test
    void aGatewayBehindANatServesAStrongSwanClientAndItsOwn() {
        NetworkNamespace router = lab.host("nat");
        net.outside().attach(router, "outside");
        router.address("outside", "192.0.2.8/24");
        Bridge dmz = lab.bridge("dmz");
        dmz.attach(router, "dmz");
        dmz.attach(net.gwA(), "dmz");
        router.address("dmz", "198.51.100.1/24");
        net.gwA().linkDown("outside");
        net.gwA().address("dmz", PRIVATE + "/24").route("192.0.2.0/24", "198.51.100.1");
        PortForward.start(router, "outside", NAT, "dmz", PRIVATE);
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR, PRIVATE);
        StrongSwan stock =
                StrongSwan.start(
                        net.client(),
                        SwanctlConnection.ofClient()
                                .connection("remote_addrs", NAT)
                                .lacking("encap")
                                .text());

        stock.initiate("net");

        assertThat(stock.listSas()).as("found by NAT detection alone").contains(NAT + "[4500]");
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 3).lost()).isZero();
        stock.terminate("lab");
        gateway.awaitLine("\"event\":\"ike-sa-closed\"", SOON);
        stock.close();

        PosternDaemon client = domain.clientOf(NAT);
        gateway.crash();
        gateway.restart();
        client.awaitLine("\"by\":\"resumed-1rtt\"", SOON);
        Await.until("the resumed session carries packets", SOON, domain::clientReachesLanhost);
    }
}
