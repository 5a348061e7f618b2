package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A client behind a NAT that forgets it, and a gateway behind one that lets its clients in (RFC
/// 7296 section 2.23, RFC 3948).
@Tag("privileged")
final class NatInteropTest {
    private static final String NAT = "192.0.2.9";
    private static final String PRIVATE = "198.51.100.2";

    @AutoClose private final Lab lab = Lab.open("Nat");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    private LabProcess natOfTheClient() {
        NetworkNamespace router = lab.host("nat");
        net.outside().attach(router, "outside");
        router.address("outside", NAT + "/24");
        return UdpNat.start(router, FailoverTopology.GW_A, UdpNat.Turn.REBINDS, lab.file("rebind"));
    }

    private void rebind(LabProcess nat) {
        lab.write("rebind", "");
        nat.awaitLine(UdpNat.Turn.REBINDS.line(), SOON);
    }

    /// Interop: NAT traversal, the NAT gives the client other ports | strongSwan | peer initiates
    @Test
    void aStrongSwanClientWhoseNatTakesOtherPortsKeepsItsTunnel() {
        LabProcess nat = natOfTheClient();
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

        rebind(nat);

        Await.until("the gateway follows", SOON, domain::clientReachesLanhost);
        Await.until(
                "and finds the client itself",
                SOON,
                () -> Ping.send(net.lanhost(), inner, 3).lost() == 0);
        assertThat(client.establishedIkeSas()).as("nothing was set up anew").isEqualTo(1);
        client.terminate("lab");
        gateway.awaitLine("\"event\":\"ike-sa-closed\"", SOON);
    }

    /// Nothing but keepalives keeps the NAT's ports while the client has nothing to say (RFC 3948
    /// section 4).
    ///
    /// Interop: NAT traversal, with NAT keepalives; then the NAT gives the client other ports |
    /// strongSwan | Postern initiates
    @Test
    void aPosternClientKeepsItsNatOpenAndItsTunnelToAStrongSwanGateway() {
        LabProcess nat = natOfTheClient();
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        StrongSwan gateway =
                StrongSwan.start(net.gwA(), SwanctlConnection.ofGateway().lacking("encap").text());
        PosternDaemon client = domain.clientOf(NAT);
        assertThat(gateway.listSas()).as("found by NAT detection alone").contains(NAT + "[");

        nat.awaitLine(UdpNat.KEEPALIVE, SOON);
        rebind(nat);

        Await.until("the gateway follows", SOON, domain::clientReachesLanhost);
        Await.until(
                "and finds the client itself",
                SOON,
                () -> Ping.send(net.lanhost(), "10.1.0.210", 3).lost() == 0);
        assertThat(gateway.establishedIkeSas()).isEqualTo(1);
        assertThat(client.process().output())
                .as("nothing was set up anew")
                .filteredOn(line -> line.contains(SWITCHED))
                .hasSize(1);
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
