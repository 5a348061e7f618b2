package dev.postern.lab;

import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/// Two gateways at addresses of their own that vouch for each other: one is killed, and the other
/// calls its client, which would have found out by itself only after a minute.
@Tag("privileged")
final class LooseStandbyTest {
    private static final String LOOSE =
            """
            [standby]
            mode = "loose"
            """;

    @AutoClose private final Lab lab = Lab.open("LooseStandby");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final ClusterDomain cluster = new ClusterDomain(lab, net);

    private static final String FINDS_OUT_LATE =
            """
            [liveness]
            idle = "10m"
            traffic-silence = "never"
            """;

    /// Interop: hot standby in a loose cluster, GATEWAY_SWITCH with vouchers | Postern | Postern
    /// initiates
    @Test
    void aKilledGatewaysClientResumesWhereItIsCalled() {
        PosternDaemon a = cluster.gatewayA(SecureDomain.PROXY_NEIGHBOUR + LOOSE);
        PosternDaemon b = standbyOf(a);
        PosternDaemon client = cluster.domain().client(FINDS_OUT_LATE);
        awaitRecord();
        int connected = client.process().mark();
        LabProcess ping =
                Ping.start(net.client(), FailoverTopology.LANHOST, Duration.ofMillis(100));
        ping.awaitLine("bytes from", SOON);

        int lost = ping.mark();
        a.crash();
        b.awaitLine("\"event\":\"standing-in\"", SOON);
        client.process()
                .awaitLineAfter(
                        connected,
                        "the client is called",
                        SOON,
                        line ->
                                line.contains("\"event\":\"switch-ordered\"")
                                        && line.contains("gw-b.lab"));
        client.process()
                .awaitLineAfter(
                        connected,
                        "the client is there",
                        SOON,
                        line -> line.contains(SecureDomain.SWITCHED) && line.contains("gw-b.lab"));
        ping.awaitLineAfter(lost, "bytes from", SOON);
        assertThat(client.process().output().subList(connected, client.process().output().size()))
                .noneMatch(line -> line.contains("full-exchange"));
        Ping.finish(ping);
    }

    /// A voucher is good for a day; to a client whose clock shows another one it has expired.
    @Test
    void aClientDoesNotGoByAVoucherThatHasExpired() {
        PosternDaemon a = cluster.gatewayA(SecureDomain.PROXY_NEIGHBOUR + LOOSE);
        PosternDaemon b = standbyOf(a);
        PosternDaemon client =
                PosternDaemon.client(
                        net.client(),
                        SecureDomain.clientText("client.lab", SecureDomain.BOTH_GATEWAYS)
                                + FINDS_OUT_LATE,
                        ClockSkew.of(lab, Duration.ofDays(2)));
        client.awaitLine(SecureDomain.SWITCHED, SOON);
        awaitRecord();
        int connected = client.process().mark();

        a.crash();
        b.awaitLine("\"event\":\"standing-in\"", SOON);
        String refused =
                client.process().awaitLineAfter(connected, "\"event\":\"switch-refused\"", SOON);
        assertThat(refused).contains("a voucher has expired");
        assertThat(client.process().output().subList(connected, client.process().output().size()))
                .noneMatch(line -> line.contains("\"event\":\"switch-ordered\""))
                .noneMatch(line -> line.contains(SecureDomain.SWITCHED));
    }

    private PosternDaemon standbyOf(PosternDaemon a) {
        PosternDaemon b = cluster.gatewayB(SecureDomain.PROXY_NEIGHBOUR + LOOSE);
        ClusterDomain.awaitBoth(b);
        a.awaitLine("vouched for gw-b.lab", SOON);
        return b;
    }

    private void awaitRecord() {
        Await.until(
                "gw-b holds what it needs of gw-a's client",
                SOON,
                () -> ClusterDomain.ctl(net.gwB(), "members", "--json").contains("\"standby\":1"));
    }
}
