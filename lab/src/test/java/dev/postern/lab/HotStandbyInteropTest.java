package dev.postern.lab;

import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Debian's strongSwan as the client of two gateways behind one address (RFC 6311 as the peer of a
/// cluster), each of which is killed in turn.
@Tag("privileged")
final class HotStandbyInteropTest {
    private static final Pattern SPIS = Pattern.compile("([0-9a-f]{16})_i\\*? ([0-9a-f]{16})_r");

    @AutoClose private final Lab lab = Lab.open("HotStandby");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final TightPair pair = new TightPair(lab, net);

    private static String spis(StrongSwan client) {
        Matcher matcher = SPIS.matcher(client.listSas());
        assertThat(matcher.find()).isTrue();
        return matcher.group();
    }

    /// Interop: hot standby, Message ID synchronization (RFC 6311) | strongSwan | Postern initiates
    @Test
    void strongSwanStaysWithTheAddressWhicheverGatewayIsKilled() {
        PosternDaemon a = pair.activeA();
        PosternDaemon b = pair.standbyB();
        StrongSwan client =
                StrongSwan.start(
                        net.client(),
                        // Of AEAD suites charon 5.9.8 counts its IVs by Message ID, and can answer
                        // one synchronization (Message ID 0) per IKE SA; of CBC suites any number.
                        SwanctlConnection.ofClient()
                                .connection("remote_addrs", TightPair.SHARED)
                                .connection("proposals", "aes128-sha256-x25519")
                                .remote("id", "gw.lab")
                                .text());
        client.initiate("net");
        String spis = spis(client);
        TightPair.awaitRecords(net.gwB(), "gw-a.lab", 1);
        assertThat(TightPair.standby(net.gwB())).contains("\"role\":\"standby\",\"epoch\":0");
        assertThat(TightPair.hasSharedAddress(net.gwB())).isFalse();
        Capture capture = Capture.start(net.client(), "outside", "udp port 500 or udp port 4500");
        LabProcess ping =
                Ping.start(net.client(), FailoverTopology.LANHOST, Duration.ofMillis(100));
        ping.awaitLine("bytes from", SOON);

        int lost = ping.mark();
        a.crash();
        assertThat(TightPair.taken(b, 0)).isEqualTo(1);
        ping.awaitLineAfter(lost, "bytes from", SOON);
        assertThat(TightPair.hasSharedAddress(net.gwB())).isTrue();

        // The first gateway comes back as a standby, and is needed at once.
        PosternDaemon again = a.restart();
        again.awaitLine(SecureDomain.GATEWAY_READY, SOON);
        TightPair.awaitRecords(net.gwA(), "gw-b.lab", 1);
        int lostAgain = ping.mark();
        b.crash();
        assertThat(TightPair.taken(again, 0)).isEqualTo(1);
        ping.awaitLineAfter(lostAgain, "bytes from", SOON);

        assertThat(spis(client)).isEqualTo(spis);
        assertThat(client.establishedIkeSas()).isEqualTo(1);
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 5).lost()).isZero();
        assertThat(TightPair.standby(net.gwA())).contains("\"role\":\"active\",\"epoch\":3");
        Ping.finish(ping);
        Path seen = capture.stop();
        Tshark tshark = new Tshark(lab, KeyLog.none());
        assertThat(tshark.dissect(seen, "isakmp.exchangetype == 34 || isakmp.exchangetype == 35"))
                .as("handshakes")
                .isEmpty();
        assertThat(
                        TightPair.repeatedIvs(
                                tshark.dissect(
                                        seen,
                                        "ip.src == " + TightPair.SHARED + " && udp.port == 4500",
                                        "udp.payload")))
                .isEmpty();
    }
}
