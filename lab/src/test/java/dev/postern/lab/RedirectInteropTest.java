package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Debian's strongSwan as the client of two gateways that send it to each other (RFC 5685): the
/// first one is full, the second one is emptied later.
@Tag("privileged")
final class RedirectInteropTest {
    private static final String PHONE = "192.0.2.20";

    private static final String ESTABLISHED = "\"event\":\"ike-sa-established\"";

    @AutoClose private final Lab lab = Lab.open("Redirect");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    private static String redirecting(NetworkNamespace host, String to) {
        return PROXY_NEIGHBOUR
                + """
                [admin]
                socket = "%s"
                [redirect]
                full-at = 1
                [[backup]]
                address = "%s"
                """
                        .formatted(ClusterDomain.socket(host), to);
    }

    /// Interop: redirection by load in IKE_SA_INIT, and in INFORMATIONAL by a gateway that is
    /// emptied (RFC 5685 sections 3 and 5) | strongSwan | Postern initiates
    @Test
    void strongSwanGoesWhereAFullGatewayAndAnEmptiedOneSendIt() {
        PosternDaemon a = domain.gatewayA(redirecting(net.gwA(), FailoverTopology.GW_B));
        PosternDaemon b = domain.gatewayB(redirecting(net.gwB(), FailoverTopology.GW_A));
        PosternDaemon other = domain.client("");
        NetworkNamespace phone = lab.host("phone");
        net.outside().attach(phone, "outside");
        phone.address("outside", PHONE + "/24");

        StrongSwan client =
                StrongSwan.start(
                        phone,
                        SwanctlConnection.ofClient()
                                .connection("local_addrs", PHONE)
                                .ofAnyPeer()
                                .text());
        client.initiate("net");

        b.awaitLine(ESTABLISHED, SOON);
        assertThat(client.listSas()).contains("'gw-b.lab' @ " + FailoverTopology.GW_B);
        assertThat(Ping.send(phone, FailoverTopology.LANHOST, 5).lost()).isZero();

        other.process().terminate();
        a.awaitLine("\"event\":\"ike-sa-closed\"", SOON);
        int mark = a.process().mark();
        LabProcess drain =
                net.gwB()
                        .start(
                                "drain",
                                PosternDaemon.commandLine(
                                                "ctl",
                                                "drain",
                                                "--admin",
                                                ClusterDomain.socket(net.gwB()).toString())
                                        .toArray(new String[0]));

        a.process().awaitLineAfter(mark, ESTABLISHED, SOON);
        assertThat(drain.awaitExit(SOON)).as("emptied").isZero();
        Await.until(
                "strongSwan is with gw-a",
                SOON,
                () -> client.listSas().contains("'gw-a.lab' @ " + FailoverTopology.GW_A));
        Await.until(
                "lanhost answers through gw-a",
                SOON,
                () -> Ping.send(phone, FailoverTopology.LANHOST, 1).received() == 1);
        assertThat(client.establishedIkeSas()).isEqualTo(1);
    }
}
