package dev.postern.lab;

import static dev.postern.lab.SecureDomain.BOTH_GATEWAYS;
import static dev.postern.lab.SecureDomain.GATEWAY_READY;
import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;

/// ECN and DSCP of kernels' packets through a tunnel of real TUN devices and sockets: RFC 6040, RFC
/// 4301 section 5.1.2.1.
@Tag("privileged")
final class TrafficClassInTheLabTest {
    private static final String NAT = "192.0.2.9";

    /// Expedited forwarding (RFC 3246) and ECT(0); then with CE.
    private static final String MARKED = "0xba";

    private static final String CONGESTED = "0xbb";

    @AutoClose private final Lab lab = Lab.open("TrafficClass");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    private static String inside(String toml, boolean copiesDscp) {
        return toml.replace("mode = \"tun\"", "mode = \"tun\"\ncopy-dscp = " + copiesDscp);
    }

    private Capture outside() {
        return Capture.start(net.outside().host(), net.outside().device(), "udp port 4500");
    }

    private static String innerAddress(PosternDaemon gateway) {
        return SecureDomain.field(
                gateway.awaitLine("\"event\":\"ike-sa-established\"", SOON), "innerAddresses");
    }

    private static boolean passes(NetworkNamespace from, String to) {
        return Ping.send(from, to, 1, "-Q", MARKED).received() == 1;
    }

    /// Pings both ways through the tunnel under the marks, with an answer each.
    private void exchange(String inner) {
        Await.until("inwards", SOON, () -> passes(net.client(), FailoverTopology.LANHOST));
        Await.until("outwards", SOON, () -> passes(net.lanhost(), inner));
    }

    /// The traffic classes of the echo requests that reach a host, in a capture of its interface.
    private List<String> classesInside(Path capture, String destination) {
        return new Tshark(lab, KeyLog.none())
                        .dissect(
                                capture, "icmp.type == 8 && ip.dst == " + destination, "ip.dsfield")
                        .stream()
                        .map(packet -> packet.first("ip.dsfield"))
                        .distinct()
                        .toList();
    }

    /// Those of the ESP packets of one host, which may have others of its own to send.
    private List<String> classesOutside(Path capture, String source) {
        return new Tshark(lab, KeyLog.none())
                .dissect(capture, "esp && ip.src == " + source, "ip.dsfield").stream()
                        .map(packet -> packet.first("ip.dsfield"))
                        .distinct()
                        .toList();
    }

    /// Interop: ECN and DSCP of inner packets on the packets outside, and DSCP hidden | Postern |
    /// Postern initiates
    @ParameterizedTest(name = "copy-dscp {0}: {1} outside")
    @CsvSource({"true, 0xba", "false, 0x02"})
    void theNetworkSeesEcnAlwaysAndDscpWhereThatIsWanted(boolean copiesDscp, String seen) {
        PosternDaemon gateway =
                PosternDaemon.gateway(
                        net.gwA(),
                        inside(
                                domain.gatewayText(net.gwA(), "gw-a.lab", 1, FailoverTopology.GW_A)
                                        + PROXY_NEIGHBOUR,
                                copiesDscp));
        gateway.awaitLine(GATEWAY_READY, SOON);
        domain.clientWith(inside(SecureDomain.clientText("client.lab", BOTH_GATEWAYS), copiesDscp));
        try (Capture outside = outside();
                Capture arrived = Capture.start(net.lanhost(), "inside", "icmp");
                Capture back = Capture.start(net.client(), "postern0", "icmp")) {
            String inner = innerAddress(gateway);

            exchange(inner);

            Path wire = outside.stop();
            assertThat(classesOutside(wire, FailoverTopology.CLIENT)).contains(seen);
            assertThat(classesOutside(wire, FailoverTopology.GW_A)).contains(seen);
            assertThat(classesInside(arrived.stop(), FailoverTopology.LANHOST))
                    .containsExactly(MARKED);
            assertThat(classesInside(back.stop(), inner)).containsExactly(MARKED);
        }
    }

    /// Interop: CE of the network outside reaches the packets inside, and ends those that know no
    /// ECN | Postern | Postern initiates
    @Test
    void whatTheNetworkMarksIsMarkedInsideAndWhatKnowsNoMarksIsDropped() {
        NetworkNamespace router = lab.host("nat");
        net.outside().attach(router, "outside");
        router.address("outside", NAT + "/24");
        Path sign = lab.file("congested");
        LabProcess nat = UdpNat.start(router, FailoverTopology.GW_A, UdpNat.Turn.MARKS, sign);
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR);
        domain.clientOf(NAT);
        String inner = innerAddress(gateway);
        lab.write("congested", "");
        nat.awaitLine(UdpNat.Turn.MARKS.line(), SOON);
        try (Capture arrived = Capture.start(net.lanhost(), "inside", "icmp");
                Capture back = Capture.start(net.client(), "postern0", "icmp")) {
            Ping unaware = Ping.send(net.client(), FailoverTopology.LANHOST, 3);

            exchange(inner);

            assertThat(unaware.received()).isZero();
            assertThat(classesInside(arrived.stop(), FailoverTopology.LANHOST))
                    .containsExactly(CONGESTED);
            assertThat(classesInside(back.stop(), inner)).containsExactly(CONGESTED);
        }
    }

    /// strongSwan's libipsec copies neither ECN nor DSCP, so that only one direction shows them.
    ///
    /// Interop: ECN and DSCP outside, from Postern's end of the tunnel | strongSwan | peer
    /// initiates
    @Test
    void theOuterPacketsToAStrongSwanClientHaveTheMarksOfTheInnerOnes() {
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR);
        StrongSwan client = StrongSwan.start(net.client(), SwanctlConnection.ofClient().text());
        client.initiate("net");
        String inner = innerAddress(gateway);
        try (Capture outside = outside();
                Capture arrived = Capture.start(net.lanhost(), "inside", "icmp")) {
            exchange(inner);

            Path wire = outside.stop();
            assertThat(classesOutside(wire, FailoverTopology.GW_A)).contains(MARKED);
            assertThat(classesOutside(wire, FailoverTopology.CLIENT)).containsExactly("0x00");
            assertThat(classesInside(arrived.stop(), FailoverTopology.LANHOST))
                    .containsExactly(MARKED);
        }
    }
}
