package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A client with two Child SAs, each to a network of its own behind the gateway.
@Tag("privileged")
final class FurtherChildSasInTheLabTest {
    private static final String LABORATORY = "10.9.0.100";

    private static final String CHILD =
            """
            [child.laboratory]
            remote-subnets = ["10.9.0.0/24"]
            life = "10s"
            """;

    private static final String STRONGSWAN =
            """
            connections {
              lab {
                version = 2
                local_addrs = 192.0.2.1
                remote_addrs = %any
                proposals = aes128gcm16-prfsha256-x25519
                encap = yes
                pools = inner
                local {
                  auth = psk
                  id = gw-a.lab
                }
                remote {
                  auth = psk
                  id = client.lab
                }
                children {
                  office {
                    local_ts = 10.1.0.0/24
                    esp_proposals = aes128gcm16
                  }
                  laboratory {
                    local_ts = 10.9.0.0/24
                    esp_proposals = aes128gcm16
                  }
                }
              }
            }
            pools {
              inner {
                addrs = 10.1.0.210/32
              }
            }
            secrets {
              ike-1 {
                secret = "SECRET"
              }
            }
            """;

    @AutoClose private final Lab lab = Lab.open("FurtherChildSas");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    private boolean reachesTheLaboratory() {
        return Ping.send(net.client(), LABORATORY, 1).received() == 1;
    }

    private void openTheLaboratory() {
        net.lanhost().address("inside", LABORATORY + "/24");
        net.gwA().address("inside", "10.9.0.1/24");
        net.gwB().address("inside", "10.9.0.2/24");
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
    @Test
    void bothStandAtAStrongSwanGateway() {
        openTheLaboratory();
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        StrongSwan gateway =
                StrongSwan.start(
                        net.gwA(), STRONGSWAN.replace("SECRET", SecureDomain.PRE_SHARED_KEY));
        PosternDaemon client = domain.client(CHILD);

        Await.until("the laboratory answers", SOON, this::reachesTheLaboratory);
        client.awaitLine("\"event\":\"child-sa-rekeyed\"", SOON);
        Await.until("the laboratory answers still", SOON, this::reachesTheLaboratory);

        assertThat(gateway.listSas()).contains("office", "laboratory");
        assertThat(gateway.establishedIkeSas()).isEqualTo(1);
        assertThat(domain.clientReachesLanhost()).isTrue();
    }
}
