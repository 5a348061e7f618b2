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

    private static final String BACKUP = "[[backup]]\naddress = \"%s\"\n";

    @AutoClose private final Lab lab = Lab.open("ClusterMembers");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final ClusterDomain cluster = new ClusterDomain(lab, net);

    @Test
    void bothAreShownAndWhoIsKilledIsMissedAtOnce() {
        PosternDaemon a =
                cluster.domain()
                        .gatewayA(
                                cluster.tables(net.gwA(), "gw-a.lab")
                                        + BACKUP.formatted(FailoverTopology.GW_B),
                                "0.0.0.0");
        PosternDaemon b = cluster.gatewayB(BACKUP.formatted(FailoverTopology.GW_A));
        ClusterDomain.awaitBoth(a);
        ClusterDomain.awaitBoth(b);
        assertThat(ClusterDomain.ctl(net.gwB(), "members"))
                .containsPattern("view \\d+ of 2, primary")
                .containsPattern("gw-a.lab +site +1 +10.1.0.1:7800 +up")
                .containsPattern("gw-b.lab +site +2 +10.1.0.2:7800 +up.* this gateway")
                .containsOnlyOnce("coordinator")
                .containsPattern("the certificate of this member ends on \\d{4}-\\d\\d-\\d\\d");
        assertThat(ClusterDomain.ctl(net.gwA(), "members", "--json"))
                .containsPattern("\\{\"view\":\\d+,\"primary\":true,")
                .contains("\"members\":[{\"node\":\"gw-a.lab\"");

        // Who is being emptied gets no clients of the other one (RFC 5685), until it wants some. It
        // listens on a wildcard, and the other one's file names it by an address.
        ClusterDomain.ctl(net.gwA(), "drain", "--no-wait");
        Await.until(
                "gw-b has heard that gw-a is emptied", ClusterDomain.SOON, this::nobodyTakesAny);
        ClusterDomain.ctl(net.gwA(), "undrain");
        Await.until(
                "gw-b has heard that gw-a takes clients",
                ClusterDomain.SOON,
                () -> ClusterDomain.ctlResult(net.gwB(), "drain", "--no-wait").succeeded());
        ClusterDomain.ctl(net.gwB(), "undrain");

        // gw-a has the lower name: that it is dead has to be proven before gw-b goes on alone.
        a.crash();
        b.awaitLine(LOST, ClusterDomain.SOON);
        b.awaitLine(PRIMARY, ClusterDomain.SOON);
        assertThat(ClusterDomain.ctl(net.gwB(), "members"))
                .containsPattern("gw-a.lab +site +- +10.1.0.1:7800 +down");
        assertThat(nobodyTakesAny()).as("nor does who is dead").isTrue();

        PosternDaemon again = a.restart();
        ClusterDomain.awaitBoth(again);
    }

    /// Whether gw-b is not emptied for want of a gateway that would take its clients.
    private boolean nobodyTakesAny() {
        return ClusterDomain.ctlResult(net.gwB(), "drain", "--no-wait")
                .everything()
                .contains(
                        "no gateway takes clients at present: 192.0.2.1 is out of sight, full or"
                                + " being emptied");
    }

    /// Both live and do not see each other; then the one that goes on is lost with its machine.
    @Test
    void ofTwoSidesOfASplitOneGoesOnAndAnOperatorMayFenceAMemberThatIsLostWithItsMachine() {
        PosternDaemon a = cluster.gatewayA("");
        PosternDaemon b = cluster.gatewayB("");
        ClusterDomain.awaitBoth(a);
        ClusterDomain.awaitBoth(b);
        net.gwB().linkDown("inside");
        b.awaitLine("\"primary\":false,\"members\":\"gw-b.lab\"", ClusterDomain.SOON);
        a.awaitLine("\"primary\":true,\"members\":\"gw-a.lab\"", ClusterDomain.SOON);
        assertThat(ClusterDomain.ctl(net.gwB(), "members"))
                .contains("not primary")
                .containsPattern("gw-a.lab +site +- +10.1.0.1:7800 +lost");

        int mark = b.process().mark();
        net.gwB().linkUp("inside");
        ClusterDomain.awaitView(b, mark, "gw-a.lab", "gw-b.lab");

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
