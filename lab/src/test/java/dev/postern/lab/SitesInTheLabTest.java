package dev.postern.lab;

import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two sites of one gateway each. A client that comes from a lost site gets an address of the other
/// one, for its own site may live on behind a cut link; once an operator says that it does not, the
/// client keeps what it has.
@Tag("privileged")
final class SitesInTheLabTest {
    private static final String CLIENT =
            """
            [resumption]
            rfc5723 = false
            [liveness]
            idle = "2s"
            """;

    @AutoClose private final Lab lab = Lab.open("SitesLab");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final ClusterDomain sites = ClusterDomain.ofTwoSites(lab, net);

    private static String kept(NetworkNamespace host) {
        return SecureDomain.PROXY_NEIGHBOUR
                + "[leases]\nfile = \""
                + host.lab().file(host.host() + ".leases")
                + "\"\n";
    }

    private static String site(String name, boolean seen, boolean caughtUp) {
        return "\"site\":\"%s\",\"seen\":%s,\"caught-up\":%s".formatted(name, seen, caughtUp);
    }

    @Test
    void anAddressOfALostSiteIsKeptOnlyOnceTheSiteIsFenced() {
        PosternDaemon a = sites.gatewayA(kept(net.gwA()));
        PosternDaemon b = sites.gatewayB(kept(net.gwB()));
        a.awaitLine(site("west", true, true), SOON);
        b.awaitLine(site("east", true, true), SOON);
        PosternDaemon client = sites.domain().client(CLIENT);
        client.awaitLine("ticket-received", SOON);
        assertThat(ClusterDomain.ctlResult(net.gwB(), "fence", "east").everything())
                .contains("the site east is not in doubt");
        assertThat(ClusterDomain.ctlResult(net.gwB(), "fence", "north").succeeded()).isFalse();

        int atEast = client.process().mark();
        a.crash();
        String moved = client.process().awaitLineAfter(atEast, SecureDomain.SWITCHED, SOON);
        assertThat(moved)
                .contains("gw-b.lab")
                .contains("resumed-1rtt")
                .contains("\"addressChanged\":true");

        a = a.restart();
        a.awaitLine(site("west", true, true), SOON);
        int atWest = client.process().mark();
        // The client sleeps until the operator has spoken.
        client.process().signal(LabProcess.Signal.STOP);
        b.crash();
        a.awaitLine(site("west", false, true), SOON);
        assertThat(ClusterDomain.ctl(net.gwA(), "fence", "west")).contains("west counts as lost");
        client.process().signal(LabProcess.Signal.CONT);
        String kept = client.process().awaitLineAfter(atWest, SecureDomain.SWITCHED, SOON);
        assertThat(kept)
                .contains("gw-a.lab")
                .contains("resumed-1rtt")
                .contains("\"addressChanged\":false");
        assertThat(SecureDomain.field(kept, "innerAddresses"))
                .isEqualTo(SecureDomain.field(moved, "innerAddresses"));
        Await.until("the client reaches lanhost", SOON, sites.domain()::clientReachesLanhost);
    }
}
