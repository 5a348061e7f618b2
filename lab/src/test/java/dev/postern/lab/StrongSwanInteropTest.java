package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Postern and Debian's strongSwan, each as the gateway of the other.
@Tag("privileged")
final class StrongSwanInteropTest {
    /// The fifth and sixth values are what only a client or only a gateway has.
    private static final String CONNECTION =
            """
            connections {
              lab {
                version = 2
                local_addrs = %1$s
                remote_addrs = %2$s
                proposals = aes128gcm16-prfsha256-x25519
                encap = yes
                mobike = no
                %5$s
                local {
                  auth = psk
                  id = %3$s
                }
                remote {
                  auth = psk
                  id = %4$s
                }
                children {
                  net {
                    %6$s
                    esp_proposals = aes128gcm16
                    mode = tunnel
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
                secret = "%7$s"
              }
            }
            """;

    @AutoClose private final Lab lab = Lab.open("Interop");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    /// Interop: IKE_SA_INIT and IKE_AUTH with a pre-shared key, ESP in UDP, inner address by CP |
    /// strongSwan | peer initiates
    @Test
    void aStockStrongSwanClientPingsThroughAPosternGateway() {
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR);
        StrongSwan client =
                StrongSwan.start(
                        net.client(),
                        CONNECTION.formatted(
                                FailoverTopology.CLIENT,
                                FailoverTopology.GW_A,
                                "client.lab",
                                "gw-a.lab",
                                "vips = 0.0.0.0",
                                "remote_ts = 10.1.0.0/24",
                                SecureDomain.PRE_SHARED_KEY));

        client.initiate("net");

        String inner =
                SecureDomain.field(
                        gateway.awaitLine("\"event\":\"ike-sa-established\"", SOON),
                        "innerAddresses");
        assertThat(client.listSas()).contains("local  " + inner + "/32");
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 5).lost()).isZero();
        assertThat(Ping.send(net.lanhost(), inner, 5).lost()).isZero();

        client.terminate("lab");
        gateway.awaitLine("\"event\":\"ike-sa-closed\"", SOON);
    }

    /// Interop: IKE_SA_INIT and IKE_AUTH with a pre-shared key, ESP in UDP, inner address by CP |
    /// strongSwan | Postern initiates
    @Test
    void posternConnectsToAStrongSwanGatewayAndPingsThrough() {
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        StrongSwan gateway =
                StrongSwan.start(
                        net.gwA(),
                        CONNECTION.formatted(
                                FailoverTopology.GW_A,
                                "%any",
                                "gw-a.lab",
                                "client.lab",
                                "pools = inner",
                                "local_ts = 10.1.0.0/24",
                                SecureDomain.PRE_SHARED_KEY));

        PosternDaemon client = domain.client("");

        String connected = client.awaitLine(SWITCHED, SOON);
        assertThat(SecureDomain.field(connected, "innerAddresses")).isEqualTo("10.1.0.210");
        gateway.awaitSas(SOON, "ESTABLISHED", "INSTALLED");
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 5).lost()).isZero();
        assertThat(Ping.send(net.lanhost(), "10.1.0.210", 5).lost()).isZero();

        client.process().terminate();
        assertThat(client.awaitLine("client-stopped", SOON)).contains("\"deleteAnswered\":true");
        assertThat(gateway.establishedIkeSas()).isZero();
    }
}
