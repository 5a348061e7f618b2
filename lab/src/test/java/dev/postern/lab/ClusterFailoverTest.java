package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What two gateways of a cluster know of each other's clients, as processes that are killed.
@Tag("privileged")
final class ClusterFailoverTest {
    private static final String BY_REFERENCE =
            """
            [profile.clients.resumption]
            storage = "by-reference"
            """;
    private static final String ONE_ROUND_TRIP_ALONE =
            """
            [resumption]
            rfc5723 = false
            [liveness]
            idle = "2s"
            """;

    @AutoClose private final Lab lab = Lab.open("ClusterFailover");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final ClusterDomain cluster = new ClusterDomain(lab, net);

    private static String more(String what) {
        return SecureDomain.PROXY_NEIGHBOUR + what;
    }

    /// Every gateway dies; the one that comes back alone goes on with the other one's client.
    @Test
    void aGatewayThatRebootsAloneResumesTheClientsOfTheCluster() {
        String stored = BY_REFERENCE + "[session-store]\nfile = \"sessions.db\"\n";
        PosternDaemon a = cluster.gatewayA(more(stored));
        PosternDaemon b = cluster.gatewayB(more(stored));
        ClusterDomain.awaitBoth(b);
        PosternDaemon client = cluster.domain().client(ONE_ROUND_TRIP_ALONE);
        client.awaitLine("ticket-received", ClusterDomain.SOON);
        Await.until(
                "gw-b holds a copy of the session",
                ClusterDomain.SOON,
                () -> ClusterDomain.ctl(net.gwB(), "members", "--json").contains("\"sessions\":1"));
        int before = client.process().mark();

        // The client sleeps meanwhile: it would look for a gateway, and then begin anew.
        client.process().signal(LabProcess.Signal.STOP);
        a.crash();
        b.crash();
        PosternDaemon again = b.restart();
        again.awaitLine("it was offered 1 sessions of the file", ClusterDomain.SOON);
        again.awaitLine(SecureDomain.GATEWAY_READY, ClusterDomain.SOON);
        client.process().signal(LabProcess.Signal.CONT);

        String switched =
                client.process().awaitLineAfter(before, SecureDomain.SWITCHED, ClusterDomain.SOON);
        assertThat(switched).contains("gw-b.lab").contains("resumed-1rtt");
    }

    /// By value the client holds its session; the other gateway and every store hold nothing of it.
    @Test
    void byValueNobodyHoldsAnOctetForAClientThatItDoesNotServe() {
        PosternDaemon a = cluster.gatewayA(more(""));
        PosternDaemon b = cluster.gatewayB(more(""));
        ClusterDomain.awaitBoth(b);
        PosternDaemon client = cluster.domain().client(ONE_ROUND_TRIP_ALONE);
        client.awaitLine("ticket-received", ClusterDomain.SOON);
        String nothing = "\"sessions\":0,\"notes\":0,\"standby\":0";
        assertThat(ClusterDomain.ctl(net.gwA(), "members", "--json")).contains(nothing);
        assertThat(ClusterDomain.ctl(net.gwB(), "members", "--json")).contains(nothing);
        int before = client.process().mark();

        a.crash();

        assertThat(
                        client.process()
                                .awaitLineAfter(before, SecureDomain.SWITCHED, ClusterDomain.SOON))
                .contains("gw-b.lab")
                .contains("resumed-1rtt")
                .contains("\"addressChanged\":false");
        // The address has left the dead gateway's share: that is noted, and nothing of the client.
        assertThat(ClusterDomain.ctl(net.gwB(), "members", "--json"))
                .contains("\"sessions\":0,\"notes\":1,\"standby\":0");
    }

    @Test
    void whatIsRevokedAtOneGatewayIsRefusedAtTheOther() {
        PosternDaemon a = cluster.gatewayA(more(BY_REFERENCE));
        PosternDaemon b = cluster.gatewayB(more(BY_REFERENCE));
        ClusterDomain.awaitBoth(b);
        PosternDaemon client = cluster.domain().client(ONE_ROUND_TRIP_ALONE);
        client.awaitLine("ticket-received", ClusterDomain.SOON);
        int before = client.process().mark();

        net.gwB()
                .exec(
                        PosternDaemon.commandLine(
                                        "revoke",
                                        "--admin",
                                        ClusterDomain.socket(net.gwB()).toString(),
                                        "identity",
                                        "client.lab")
                                .toArray(new String[0]));
        Await.until(
                "the other gateway knows it",
                ClusterDomain.SOON,
                () ->
                        net.gwA()
                                .exec(
                                        PosternDaemon.commandLine(
                                                        "revoke",
                                                        "--admin",
                                                        ClusterDomain.socket(net.gwA()).toString(),
                                                        "list")
                                                .toArray(new String[0]))
                                .contains("identity"));
        // The IKE SA is deleted at gw-a, which was told nothing itself; the client begins anew.
        String switched =
                client.process().awaitLineAfter(before, SecureDomain.SWITCHED, ClusterDomain.SOON);
        assertThat(switched).doesNotContain("resumed-1rtt");
        assertThat(a.process().isAlive()).isTrue();
    }

    @Test
    void aTgsKeyThatIsMadeAtOneGatewayIsTheOthersToo() {
        PosternDaemon a = cluster.gatewayA("");
        PosternDaemon b = cluster.gatewayB("");
        ClusterDomain.awaitBoth(b);
        int before = b.process().mark();
        String made =
                net.gwA()
                        .exec(
                                PosternDaemon.commandLine(
                                                "tgs-key",
                                                "rotate",
                                                ClusterDomain.tgsKeys(net.gwA()).toString(),
                                                "--issue-in",
                                                "0s")
                                        .toArray(new String[0]));
        assertThat(made).isNotEmpty();
        b.process().awaitLineAfter(before, "\"event\":\"tgs-keys-loaded\"", ClusterDomain.SOON);
        assertThat(ClusterDomain.tgsKeys(net.gwB()))
                .hasSameTextualContentAs(ClusterDomain.tgsKeys(net.gwA()));
        assertThat(a.process().isAlive()).isTrue();
    }
}
