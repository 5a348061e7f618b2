package dev.postern.lab;

import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Two gateways behind one address and Postern's own client: a gateway is killed, comes back, and
/// the two lose sight of each other while both live.
@Tag("privileged")
final class HotStandbyInTheLabTest {
    @AutoClose private final Lab lab = Lab.open("HotStandbyLab");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final TightPair pair = new TightPair(lab, net);

    /// Interop: hot standby, both counters (RFC 6311) and FAILOVER_COUNT | Postern | Postern
    /// initiates
    @Test
    void theClientStaysThroughACrashAndThroughASplitWithBothAlive() {
        PosternDaemon a = pair.activeA();
        PosternDaemon b = pair.standbyB();
        PosternDaemon client = PosternDaemon.client(net.client(), TightPair.CLIENT);
        client.awaitLine(SecureDomain.SWITCHED, SOON);
        Await.until("the client reaches lanhost", SOON, pair::clientReachesLanhost);
        TightPair.awaitRecords(net.gwB(), "gw-a.lab", 1);
        int connected = client.process().mark();
        Capture capture = Capture.start(net.client(), "outside", "udp port 500 or udp port 4500");
        LabProcess ping =
                Ping.start(net.client(), FailoverTopology.LANHOST, Duration.ofMillis(100));
        ping.awaitLine("bytes from", SOON);

        int lost = ping.mark();
        a.crash();
        assertThat(TightPair.taken(b, 0)).isEqualTo(1);
        ping.awaitLineAfter(lost, "bytes from", SOON);
        assertThat(TightPair.metric(net.gwB(), "synchronized")).isEqualTo(1);

        a.restart().awaitLine(SecureDomain.GATEWAY_READY, SOON);
        TightPair.awaitRecords(net.gwA(), "gw-b.lab", 1);
        split();
        heal(b);

        ping.awaitLineAfter(ping.mark(), "bytes from", SOON);
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 5).lost()).isZero();
        assertThat(client.process().output().subList(connected, client.process().output().size()))
                .noneMatch(line -> line.contains("\"event\":\"switch"));
        Ping.finish(ping);
        Path seen = capture.stop();
        List<DissectedPacket> packets =
                new Tshark(lab, KeyLog.none())
                        .dissect(
                                seen,
                                "ip.src == " + TightPair.SHARED + " && udp.port == 4500",
                                "udp.payload");
        assertThat(packets).hasSizeGreaterThan(10);
        assertThat(TightPair.repeatedIvs(packets)).isEmpty();
    }

    /// gw-b serves and cannot see gw-a, which has the lower name: gw-a goes on.
    private void split() {
        net.gwB().linkDown("inside");
        Await.until(
                "gw-a serves",
                SOON,
                () -> TightPair.standby(net.gwA()).contains("\"role\":\"active\",\"epoch\":3"));
        Await.until(
                "gw-b has noticed that it does not serve any more",
                SOON,
                () ->
                        TightPair.standby(net.gwB()).contains("\"role\":\"standby\"")
                                && !TightPair.hasSharedAddress(net.gwB()));
        Await.until("the client reaches lanhost", SOON, pair::clientReachesLanhost);
    }

    private void heal(PosternDaemon b) {
        int mark = b.process().mark();
        net.gwB().linkUp("inside");
        ClusterDomain.awaitView(b, mark, "gw-a.lab", "gw-b.lab");
        // What gw-b has written of what it served is of no use any more.
        TightPair.awaitRecords(net.gwA(), "gw-b.lab", 0);
        Await.until(
                "gw-b knows who serves",
                SOON,
                () ->
                        TightPair.standby(net.gwB())
                                .contains("\"owner\":\"gw-a.lab\",\"ownerEpoch\":3"));
        assertThat(TightPair.standby(net.gwB())).contains("\"role\":\"standby\"");
        assertThat(TightPair.standby(net.gwA())).contains("\"role\":\"active\",\"epoch\":3");
        assertThat(TightPair.hasSharedAddress(net.gwB())).isFalse();
        assertThat(TightPair.hasSharedAddress(net.gwA())).isTrue();
    }
}
