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

    /// Interop: hot standby in a loose cluster, GATEWAY_SWITCH with vouchers | Postern | Postern
    /// initiates
    @Test
    void aKilledGatewaysClientResumesWhereItIsCalled() {
        PosternDaemon a = cluster.gatewayA(SecureDomain.PROXY_NEIGHBOUR + LOOSE);
        PosternDaemon b = cluster.gatewayB(SecureDomain.PROXY_NEIGHBOUR + LOOSE);
        ClusterDomain.awaitBoth(b);
        a.awaitLine("vouched for gw-b.lab", SOON);
        PosternDaemon client =
                cluster.domain()
                        .client(
                                """
                                [liveness]
                                idle = "10m"
                                traffic-silence = "never"
                                """);
        Await.until(
                "gw-b holds what it needs of gw-a's client",
                SOON,
                () -> ClusterDomain.ctl(net.gwB(), "members", "--json").contains("\"standby\":1"));
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
}
