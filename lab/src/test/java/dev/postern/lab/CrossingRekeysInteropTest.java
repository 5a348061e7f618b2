package dev.postern.lab;

import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

/// Both ends rekey at the same time, behind a NAT that holds requests back until they cross, and
/// that marks packets as a congested network does.
@Tag("privileged")
final class CrossingRekeysInteropTest {
    private static final String RELAY = "192.0.2.30";

    /// Expedited forwarding, and ECT(0).
    private static final String URGENT = "0xba";

    private static final String STRONGSWAN =
            """
            connections {
              lab {
                version = 2
                local_addrs = 192.0.2.1
                remote_addrs = %any
                proposals = aes128gcm16-prfsha256-x25519
                encap = yes
                mobike = no
                pools = inner
                local {
                  auth = psk
                  id = gw-a.lab
                }
                remote {
                  auth = psk
                  id = client.lab
                }
                children {
                  net {
                    local_ts = 10.1.0.0/24
                    esp_proposals = aes128gcm16-x25519
                  }
                }
              }
            }
            pools {
              inner {
                addrs = 10.1.0.210/32
              }
            }
            secrets {
              ike-1 {
                secret = "lab-psk-0123456789abcdef"
              }
            }
            """;

    @AutoClose private final Lab lab = Lab.open("CrossingRekeys");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    private LabProcess relay() {
        NetworkNamespace host = lab.host("relay");
        net.outside().attach(host, "outside");
        host.address("outside", RELAY + "/24").address("outside", "192.0.2.31/24");
        LabProcess relay =
                host.start(
                        "relay",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrossingRelay.class.getName(),
                        RELAY,
                        "192.0.2.31",
                        FailoverTopology.GW_A);
        relay.awaitLine("relays", SOON);
        return relay;
    }

    private Ping ping(int count) {
        return Ping.send(net.client(), FailoverTopology.LANHOST, count, "-i", "0.02", "-Q", URGENT);
    }

    private static long lines(StrongSwan gateway, String state) {
        return gateway.listSas().lines().filter(line -> line.contains(state)).count();
    }

    /// Interop: rekeyings of a Child SA and of the IKE SA that cross (RFC 7296, 2.8.1, 2.8.2) |
    /// strongSwan | both initiate Interop: DSCP and ECN of outer and inner packets (RFC 6040) |
    /// strongSwan | neither
    @Test
    void crossingRekeysLeaveOneOfEachAndMarksArriveInside() {
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        LabProcess relay = relay();
        StrongSwan gateway = StrongSwan.start(net.gwA(), STRONGSWAN);
        PosternDaemon client =
                domain.clientOf(
                        RELAY,
                        """
                        [life]
                        ike = "30s"
                        child-packets = 300
                        """);
        Capture outside = Capture.start(net.client(), "outside", "udp dst port 4500");
        Capture inside = Capture.start(net.client(), "postern0", "icmp");

        // The packets of which the client's Child SA has had enough.
        assertThat(ping(320).received()).isPositive();
        relay.awaitLine("holds a request from the client", SOON);
        gateway.swanctl("--rekey", "--child", "net").runSuccessfully();
        relay.awaitLine("lets requests cross", SOON);
        int crossed = relay.mark();
        client.awaitLine("\"event\":\"child-sa-rekeyed\"", SOON);
        Await.until("one Child SA is left", SOON, () -> lines(gateway, "INSTALLED, TUNNEL") == 1);
        assertThat(ping(5).received()).isPositive();
        assertMarks(outside.stop(), inside.stop());

        relay.awaitLineAfter(crossed, "holds a request from the client", SOON);
        gateway.swanctl("--rekey", "--ike", "lab").runSuccessfully();
        relay.awaitLineAfter(crossed, "lets requests cross", SOON);
        client.awaitLine("\"event\":\"ike-sa-rekeyed\"", SOON);
        Await.until("one IKE SA is left", SOON, () -> gateway.establishedIkeSas() == 1);
        Await.until("one Child SA is left", SOON, () -> lines(gateway, "INSTALLED, TUNNEL") == 1);
        Await.until("packets pass", SOON, () -> ping(5).lost() == 0);
        assertThat(client.process().output())
                .noneMatch(line -> line.contains("\"event\":\"ike-sa-closed\""))
                .noneMatch(line -> line.contains("\"event\":\"ike-sa-failed\""));
    }

    /// The client copies DSCP and ECN outwards; the relay's mark arrives at the receiver inside,
    /// whose packet knows ECN, and the DSCP inside stays.
    private void assertMarks(Path outside, Path inside) {
        Tshark tshark = new Tshark(lab, KeyLog.none());
        List<DissectedPacket> sent =
                tshark.dissect(outside, "ip.src == 192.0.2.10 && udpencap && esp", "ip.dsfield");
        assertThat(sent).anyMatch(packet -> packet.first("ip.dsfield").equals("0xba"));
        List<DissectedPacket> arrived = tshark.dissect(inside, "icmp.type == 0", "ip.dsfield");
        assertThat(arrived).anyMatch(packet -> packet.first("ip.dsfield").equals("0xbb"));
    }
}
