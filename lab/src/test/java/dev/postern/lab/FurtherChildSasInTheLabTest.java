package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A client with two Child SAs, each to networks of its own behind the gateway.
@Tag("privileged")
final class FurtherChildSasInTheLabTest {
    private static final String LABORATORY = "10.9.0.100";
    private static final String WORKSHOP = "10.8.0.100";

    private static final String CHILD =
            """
            [child.laboratory]
            remote-subnets = ["10.9.0.0/24"]
            life = "10s"
            """;

    /// Of these networks nobody has 10.7.0.0/24.
    private static final String SEVERAL = "10.7.0.0/24, 10.8.0.0/24, 10.9.0.0/24";

    @AutoClose private final Lab lab = Lab.open("FurtherChildSas");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    private boolean reaches(String address) {
        return Ping.send(net.client(), address, 1).received() == 1;
    }

    private boolean reachesTheLaboratory() {
        return reaches(LABORATORY);
    }

    private void openTheLaboratory() {
        net.lanhost().address("inside", LABORATORY + "/24");
        net.gwA().address("inside", "10.9.0.1/24");
        net.gwB().address("inside", "10.9.0.2/24");
    }

    private void openTheWorkshop() {
        net.lanhost().address("inside", WORKSHOP + "/24");
        net.gwA().address("inside", "10.8.0.1/24");
    }

    /// Interop: several Child SAs, each rekeyed, all back after a resume | Postern | Postern
    /// initiates
    @Test
    void bothCarryPacketsAreRekeyedAndFollowAFailover() {
        openTheLaboratory();
        String both =
                PROXY_NEIGHBOUR
                        + """
                        [group.all]
                        members = ["client.lab"]
                        local-subnets = ["10.1.0.0/24", "10.9.0.0/24"]
                        """;
        PosternDaemon first = domain.gatewayA(both);
        domain.gatewayB(both);
        PosternDaemon client = domain.client(CHILD);
        Await.until("the laboratory answers", SOON, this::reachesTheLaboratory);
        client.awaitLine("\"event\":\"child-sa-rekeyed\"", SOON);
        Await.until("the laboratory answers still", SOON, this::reachesTheLaboratory);

        first.crash();

        Await.until("the office answers", SOON, domain::clientReachesLanhost);
        Await.until("the laboratory answers again", SOON, this::reachesTheLaboratory);
        assertThat(client.process().output())
                .anyMatch(line -> line.contains("\"by\":\"resumed-1rtt\""));
    }

    /// Interop: several Child SAs, each rekeyed | strongSwan | Postern initiates
    ///
    /// Interop: several traffic selectors in one Child SA, narrowed by the gateway | strongSwan |
    /// Postern initiates
    @Test
    void bothStandAtAStrongSwanGateway() {
        openTheLaboratory();
        openTheWorkshop();
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        StrongSwan gateway =
                StrongSwan.start(
                        net.gwA(),
                        SwanctlConnection.ofGateway()
                                .furtherChild("laboratory", "local_ts", "10.8.0.0/24, 10.9.0.0/24")
                                .text());
        PosternDaemon client =
                domain.client(CHILD.replace("10.9.0.0/24", SEVERAL.replace(", ", "\", \"")));

        Await.until("the laboratory answers", SOON, this::reachesTheLaboratory);
        client.awaitLine("\"event\":\"child-sa-rekeyed\"", SOON);
        Await.until("the laboratory answers still", SOON, this::reachesTheLaboratory);
        Await.until("and the workshop", SOON, () -> reaches(WORKSHOP));

        assertThat(gateway.listSas())
                .contains("net", "laboratory", "local  10.8.0.0/24 10.9.0.0/24")
                .doesNotContain("10.7.0.0");
        assertThat(gateway.establishedIkeSas()).isEqualTo(1);
        assertThat(domain.clientReachesLanhost()).isTrue();
    }

    /// Interop: several Child SAs, and the Delete of one of them | strongSwan | peer initiates
    ///
    /// Interop: several traffic selectors in one Child SA, narrowed by the gateway | strongSwan |
    /// peer initiates
    @Test
    void aStrongSwanClientHasBothAndDeletesOne() {
        openTheLaboratory();
        openTheWorkshop();
        PosternDaemon gateway =
                domain.gatewayA(
                        PROXY_NEIGHBOUR
                                + """
                                [group.all]
                                members = ["client.lab"]
                                local-subnets = ["10.1.0.0/24", "10.8.0.0/24", "10.9.0.0/24"]
                                """);
        StrongSwan client =
                StrongSwan.start(
                        net.client(),
                        SwanctlConnection.ofClient()
                                .furtherChild("laboratory", "remote_ts", SEVERAL)
                                .text());

        client.initiate("net");
        client.initiate("laboratory");

        assertThat(client.listSas())
                .contains("remote 10.8.0.0/24 10.9.0.0/24")
                .doesNotContain("10.7.0.0");
        assertThat(client.establishedIkeSas()).isEqualTo(1);
        Await.until("the laboratory answers", SOON, this::reachesTheLaboratory);
        Await.until("and the workshop", SOON, () -> reaches(WORKSHOP));
        Await.until("and the office", SOON, domain::clientReachesLanhost);
        client.swanctl("--terminate", "--child", "laboratory").runSuccessfully();
        gateway.awaitLine("\"event\":\"child-sa-closed\"", SOON);
        assertThat(client.listSas()).doesNotContain("10.9.0.0/24");
        assertThat(domain.clientReachesLanhost()).as("the other goes on").isTrue();
        client.terminate("lab");
        gateway.awaitLine("\"event\":\"ike-sa-closed\"", SOON);
    }
}
