package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two gateways that know each other, as processes on hosts of their own.
@Tag("privileged")
final class ClusterMembersTest {
    private static final String LOST = "\"event\":\"member-lost\"";
    private static final String PRIMARY = "\"primary\":true,\"members\":\"gw-b.lab\"";

    @AutoClose private final Lab lab = Lab.open("ClusterMembers");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final ClusterDomain cluster = new ClusterDomain(lab, net);

    @Test
    void bothAreShownAndWhoIsKilledIsMissedAtOnce() {
        PosternDaemon a = cluster.gatewayA("");
        PosternDaemon b = cluster.gatewayB("");
        a.awaitLine(ClusterDomain.BOTH, ClusterDomain.SOON);
        b.awaitLine(ClusterDomain.BOTH, ClusterDomain.SOON);
        assertThat(ClusterDomain.ctl(net.gwB(), "members"))
                .contains("view 1 of 2, primary")
                .containsPattern("gw-a.lab +site +1 +10.1.0.1:7800 +up +coordinator")
                .containsPattern("gw-b.lab +site +2 +10.1.0.2:7800 +up +this gateway");
        assertThat(ClusterDomain.ctl(net.gwA(), "members", "--json"))
                .contains("{\"view\":1,\"primary\":true,")
                .contains("\"members\":[{\"node\":\"gw-a.lab\"");

        // gw-a has the lower name: that it is dead has to be proven before gw-b goes on alone.
        a.crash();
        b.awaitLine(LOST, ClusterDomain.SOON);
        b.awaitLine(PRIMARY, ClusterDomain.SOON);
        assertThat(ClusterDomain.ctl(net.gwB(), "members"))
                .containsPattern("gw-a.lab +site +- +10.1.0.1:7800 +down");

        PosternDaemon again = a.restart();
        again.awaitLine("\"members\":\"gw-b.lab gw-a.lab\"", ClusterDomain.SOON);
    }

    /// Both live and do not see each other; then the one that goes on is lost with its machine.
    @Test
    void ofTwoSidesOfASplitOneGoesOnAndAnOperatorMayFenceAMemberThatIsLostWithItsMachine() {
        PosternDaemon a = cluster.gatewayA("");
        PosternDaemon b = cluster.gatewayB("");
        a.awaitLine(ClusterDomain.BOTH, ClusterDomain.SOON);
        b.awaitLine(ClusterDomain.BOTH, ClusterDomain.SOON);
        net.gwB().linkDown("inside");
        b.awaitLine("\"primary\":false,\"members\":\"gw-b.lab\"", ClusterDomain.SOON);
        a.awaitLine("\"primary\":true,\"members\":\"gw-a.lab\"", ClusterDomain.SOON);
        assertThat(ClusterDomain.ctl(net.gwB(), "members"))
                .contains("not primary")
                .containsPattern("gw-a.lab +site +- +10.1.0.1:7800 +lost");

        int mark = b.process().mark();
        net.gwB().linkUp("inside");
        b.process()
                .awaitLineAfter(
                        mark,
                        "both members, primary",
                        ClusterDomain.SOON,
                        line ->
                                line.contains("\"primary\":true")
                                        && line.contains("gw-a.lab")
                                        && line.contains("gw-b.lab"));

        // The whole machine is gone: nobody is left to refuse a connection.
        int healed = b.process().mark();
        net.gwA().linkDown("inside");
        a.crash();
        b.process()
                .awaitLineAfter(
                        healed, "\"primary\":false,\"members\":\"gw-b.lab\"", ClusterDomain.SOON);
        assertThat(ClusterDomain.ctl(net.gwB(), "fence", "gw-a.lab"))
                .contains("gw-a.lab counts as down; this side is primary");
        b.process().awaitLineAfter(healed, PRIMARY, ClusterDomain.SOON);
    }
}
