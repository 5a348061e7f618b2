package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Tunnels over IPv6 with Debian's strongSwan, and a client that has to leave IPv6.
@Tag("privileged")
final class Ipv6OutsideInteropTest {
    private static final String CONNECTION =
            """
            connections {
              lab {
                version = 2
                LOCAL
                REMOTE
                proposals = aes128gcm16-prfsha256-x25519
                encap = yes
                mobike = yes
                EXTRA
                local {
                  auth = psk
                  id = OWN
                }
                remote {
                  auth = psk
                  id = PEER
                }
                children {
                  net {
                    SELECTORS
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

    @AutoClose private final Lab lab = Lab.open("Ipv6Outside");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    private static String connection(
            String local, String remote, String extra, String own, String peer, String selectors) {
        return CONNECTION
                .replace("LOCAL", local)
                .replace("REMOTE", remote)
                .replace("EXTRA", extra)
                .replace("OWN", own)
                .replace("PEER", peer)
                .replace("SELECTORS", selectors)
                .replace("SECRET", SecureDomain.PRE_SHARED_KEY);
    }

    /// Interop: IPv6 outside, then MOBIKE (RFC 4555) from IPv6 to an IPv4 address that the gateway
    /// has named | strongSwan | peer initiates
    @Test
    void aStrongSwanClientThatLosesItsIpv6AddressGoesOnOverIpv4() {
        PosternDaemon gateway =
                domain.gatewayA(
                        """
                        [network]
                        mobike-advertise = ["192.0.2.1"]
                        """
                                + PROXY_NEIGHBOUR,
                        "192.0.2.1",
                        "2001:db8::1");
        StrongSwan client =
                StrongSwan.start(
                        net.client(),
                        connection(
                                "",
                                "remote_addrs = 2001:db8::1",
                                "vips = 0.0.0.0",
                                "client.lab",
                                "gw-a.lab",
                                "remote_ts = 10.1.0.0/24"));
        client.initiate("net");
        client.awaitSas(SOON, "2001:db8::10", "INSTALLED");
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 3).lost()).isZero();

        net.client().exec("ip", "address", "del", "2001:db8::10/64", "dev", "outside");

        client.awaitSas(SOON, FailoverTopology.CLIENT + "[4500]", "INSTALLED");
        Await.until("the client reaches lanhost", SOON, domain::clientReachesLanhost);
        assertThat(gateway.process().output())
                .filteredOn(line -> line.contains("ike-sa-established"))
                .hasSize(1);
    }

    /// Interop: IPv6 outside | strongSwan | Postern initiates
    @Test
    void aPosternClientHasATunnelOverIpv6ToAStrongSwanGateway() {
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        StrongSwan gateway =
                StrongSwan.start(
                        net.gwA(),
                        connection(
                                "local_addrs = 2001:db8::1",
                                "remote_addrs = %any6",
                                "pools = inner",
                                "gw-a.lab",
                                "client.lab",
                                "local_ts = 10.1.0.0/24"));
        domain.clientOf("2001:db8::1");

        gateway.awaitSas(SOON, "2001:db8::10", "INSTALLED");
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 3).lost()).isZero();
    }
}
