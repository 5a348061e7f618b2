package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PRE_SHARED_KEY;
import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Parking (draft-vidya-ipsec-failover-ps-02 section 4.1.1) as its users see it: a session is set
/// up ahead, rests by itself, by policy, by an operator's order and when its client ends, and the
/// first packet brings it back, also at another gateway.
@Tag("privileged")
final class ParkingInTheLabTest {
    private static final String PARKED = "\"reason\":\"PARKED\"";
    private static final String IDLE =
            """
            [profile.clients.resumption]
            park-after = "3s"
            """;

    @AutoClose private final Lab lab = Lab.open("Parking");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    private static String admin(NetworkNamespace host) {
        return "[admin]\nsocket = \"" + ClusterDomain.socket(host) + "\"\n";
    }

    private PosternDaemon client() {
        return PosternDaemon.client(
                net.client(),
                """
                identity = "client.lab"
                psk = "%s"
                secure-domain = "lab"
                remote-subnets = ["10.1.0.0/24"]
                [[gateway]]
                identity = "gw-a.lab"
                address = "192.0.2.1"
                [[gateway]]
                identity = "gw-b.lab"
                address = "192.0.2.2"
                [inside]
                mode = "tun"
                [resumption]
                ahead = true
                [ticket]
                file = "%s"
                [log]
                format = "json"
                """
                        .formatted(PRE_SHARED_KEY, lab.file("client.ticket")));
    }

    private String parkAtB(String peer) {
        String socket = ClusterDomain.socket(net.gwB()).toString();
        return net.gwB()
                .exec(
                        PosternDaemon.commandLine("park", "--admin", socket, peer)
                                .toArray(new String[0]));
    }

    /// Sends packets until one comes back; the session was resumed for the first of them.
    private void wakes(PosternDaemon client, int mark, String gateway) {
        Await.until("the client reaches lanhost", SOON, domain::clientReachesLanhost);
        String switched = client.process().awaitLineAfter(mark, SWITCHED, SOON);
        assertThat(SecureDomain.field(switched, "by")).isEqualTo("resumed-1rtt");
        assertThat(SecureDomain.field(switched, "to")).isEqualTo(gateway);
    }

    @Test
    void aSessionRestsInEveryWayAndItsFirstPacketBringsItBack() {
        PosternDaemon gwA = domain.gatewayA(PROXY_NEIGHBOUR + IDLE);
        PosternDaemon gwB = domain.gatewayB(PROXY_NEIGHBOUR + admin(net.gwB()));

        PosternDaemon client = client();
        String ahead = client.awaitLine(SWITCHED, SOON);
        assertThat(SecureDomain.field(ahead, "by")).isEqualTo("full-exchange");
        client.awaitLine(PARKED, SOON);
        gwA.awaitLine(PARKED, SOON);

        int byPolicy = client.process().mark();
        int byPolicyAtA = gwA.process().mark();
        wakes(client, byPolicy, "gw-a.lab");
        gwA.process().awaitLineAfter(byPolicyAtA, PARKED, SOON);
        client.process().awaitLineAfter(byPolicy, PARKED, SOON);

        gwA.crash();
        int elsewhere = client.process().mark();
        wakes(client, elsewhere, "gw-b.lab");

        int byOrder = client.process().mark();
        assertThatThrownBy(() -> parkAtB("nobody.lab"))
                .hasMessageContaining("no session of \"nobody.lab\" is at this gateway");
        assertThat(parkAtB("client.lab")).contains("parked 1 session");
        client.process().awaitLineAfter(byOrder, PARKED, SOON);
        wakes(client, client.process().mark(), "gw-b.lab");

        int byItsEnd = gwB.process().mark();
        client.process().terminate();
        gwB.process().awaitLineAfter(byItsEnd, PARKED, SOON);
        PosternDaemon again = client.restart();
        String back = again.awaitLine(SWITCHED, SOON);
        assertThat(SecureDomain.field(back, "by")).isEqualTo("resumed-1rtt");
    }
}
