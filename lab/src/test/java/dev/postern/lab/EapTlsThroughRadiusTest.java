package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

/// EAP-TLS that a gateway passes through to a real FreeRADIUS, which knows who is revoked.
@Tag("privileged")
final class EapTlsThroughRadiusTest {
    private static final String ALICE = "alice@example.org";
    private static final String MALLORY = "mallory@example.org";

    /// A client that is not waited for.
    private static final String REVOKED =
            """
            identity = "client.lab"
            psk = "%s"
            secure-domain = "lab"
            remote-subnets = ["10.1.0.0/24"]
            [[gateway]]
            identity = "gw-a.lab"
            address = "%s"
            [inside]
            mode = "tun"
            [log]
            format = "json"
            """
                    .formatted(SecureDomain.PRE_SHARED_KEY, FailoverTopology.GW_A);

    @AutoClose private final Lab lab = Lab.open("EapTls");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);
    private final TlsCertificates certificates = new TlsCertificates(lab);

    private FreeRadius server(String latest) {
        certificates.issueTo("mallory", MALLORY);
        Path list = certificates.revoke("mallory");
        return FreeRadius.start(
                net.lanhost(),
                "freeradius",
                FailoverTopology.LANHOST,
                "",
                new FreeRadius.Tls(
                        Path.of(certificates.path("gateway.pem")),
                        Path.of(certificates.path("gateway.key")),
                        Path.of(certificates.path("ca.pem")),
                        list,
                        latest));
    }

    private PosternDaemon gateway() {
        return domain.gatewayA(
                PROXY_NEIGHBOUR
                        + """
                        [profile.clients.eap]
                        method = "radius"
                        psk = "%s"
                        [radius]
                        nas-identifier = "gw-1"
                        nas-address = "%s"
                        [[radius.server]]
                        address = "%s"
                        secret = "%s"
                        """
                                .formatted(
                                        SecureDomain.PRE_SHARED_KEY,
                                        FailoverTopology.GW_A_INSIDE,
                                        FailoverTopology.LANHOST,
                                        FreeRadius.SECRET));
    }

    private String eap(String name, String identity) {
        return "[eap]\nidentity = \"" + identity + "\"\n" + certificates.eap(name);
    }

    /// Interop: EAP-TLS 1.2 and 1.3 passed through to RADIUS, a revoked client refused | FreeRADIUS
    /// | Postern initiates
    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void aClientIsLetInByItsCertificateUnlessThatIsRevoked(String latest) {
        FreeRadius server = server(latest);
        gateway();

        PosternDaemon revoked =
                PosternDaemon.client(net.client(), REVOKED + eap("mallory", MALLORY));
        assertThat(revoked.awaitLine("\"event\":\"ike-sa-closed\"", SOON))
                .contains("AUTHENTICATION_FAILED")
                .contains("refused us by EAP");
        revoked.close();
        PosternDaemon client = domain.client(eap("alice", ALICE));

        assertThat(client.process().isAlive()).isTrue();
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 3).lost()).isZero();
        Await.until("a record is written", SOON, () -> !server.accounting("Start").isEmpty());
        assertThat(server.accounting("Start"))
                .singleElement()
                .satisfies(record -> assertThat(record).containsEntry("User-Name", ALICE));
    }

    /// Interop: EAP-TLS 1.2 passed through to RADIUS, a revoked client refused | strongSwan with
    /// FreeRADIUS | peer initiates
    @Test
    void aStockStrongSwanClientIsLetInByItsCertificateUnlessThatIsRevoked() {
        FreeRadius server = server("1.2");
        PosternDaemon gateway = gateway();
        certificates.install(net.client(), "alice");
        certificates.install(net.client(), "mallory");
        StrongSwan client =
                StrongSwan.start(
                        net.client(),
                        StrongSwanSettings.usual().set("tls.version_max", "1.2"),
                        connection("mallory", MALLORY) + connection("alice", ALICE) + secrets());

        assertThat(client.swanctl("--initiate", "--child", "mallory").run().everything())
                .contains("EAP_FAILURE");
        client.initiate("alice");

        String established = gateway.awaitLine("\"event\":\"ike-sa-established\"", SOON);
        assertThat(SecureDomain.field(established, "peer")).isEqualTo(ALICE);
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 3).lost()).isZero();
        Await.until("a record is written", SOON, () -> !server.accounting("Start").isEmpty());
        assertThat(server.accounting("Start")).hasSize(1);
    }

    private static String connection(String name, String identity) {
        return """
        connections {
          %1$s {
            version = 2
            local_addrs = %2$s
            remote_addrs = %3$s
            proposals = aes128gcm16-prfsha256-x25519
            encap = yes
            mobike = no
            send_cert = always
            vips = 0.0.0.0
            local {
              auth = eap-tls
              id = client.lab
              certs = %1$s.pem
              eap_id = %4$s
            }
            remote {
              auth = psk
              id = gw-a.lab
            }
            children {
              %1$s {
                remote_ts = 10.1.0.0/24
                esp_proposals = aes128gcm16
                mode = tunnel
              }
            }
          }
        }
        """
                .formatted(name, FailoverTopology.CLIENT, FailoverTopology.GW_A, identity);
    }

    private static String secrets() {
        return """
        secrets {
          ike-1 {
            id = gw-a.lab
            secret = "%s"
          }
        }
        """
                .formatted(SecureDomain.PRE_SHARED_KEY);
    }
}
