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

    /// Whoever answers has to know the key; redirected, it is another gateway than was called.
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
                vips = 0.0.0.0
                local {
                  auth = psk
                  id = client.lab
                }
                remote {
                  auth = psk
                }
                children {
                  net {
                    remote_ts = 10.1.0.0/24
                    esp_proposals = aes128gcm16
                    mode = tunnel
                  }
                }
              }
            }
            secrets {
              ike-1 {
                secret = "%3$s"
              }
            }
            """
                    .formatted(PHONE, FailoverTopology.GW_A, SecureDomain.PRE_SHARED_KEY);

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

        StrongSwan client = StrongSwan.start(phone, CONNECTION);
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
