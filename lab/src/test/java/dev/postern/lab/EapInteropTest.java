package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PRE_SHARED_KEY;
import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// EAP between Postern and Debian's strongSwan, each as the gateway of the other.
@Tag("privileged")
final class EapInteropTest {
    private static final String ALICE = "alice@example.org";

    /// strongSwan's side: the addresses, what only a client or a gateway has, how each side
    /// authenticates, selectors.
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
                send_cert = always
                %3$s
                local {
                  %4$s
                }
                remote {
                  %5$s
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
              eap-1 {
                id = alice@example.org
                secret = "wonderland"
              }
            }
            """;

    private static final String GATEWAY_BY_KEY = "auth = psk\nid = gw-a.lab";

    @AutoClose private final Lab lab = Lab.open("Eap");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    private String gatewayEap(String keys) {
        return PROXY_NEIGHBOUR + "[profile.clients.eap]\n" + keys;
    }

    private String passwords() throws IOException {
        Path users =
                lab.write(
                        "users.toml",
                        "[[user]]\nname = \"%s\"\npassword = \"wonderland\"\n".formatted(ALICE));
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
        return "method = \"mschapv2\"\nusers = \"%s\"\npsk = \"%s\"\n"
                .formatted(users, PRE_SHARED_KEY);
    }

    private StrongSwan strongSwanClient(StrongSwanSettings settings, String local, String remote) {
        return StrongSwan.start(
                net.client(),
                settings,
                CONNECTION.formatted(
                        FailoverTopology.CLIENT,
                        FailoverTopology.GW_A,
                        "vips = 0.0.0.0",
                        local,
                        remote,
                        "remote_ts = 10.1.0.0/24",
                        PRE_SHARED_KEY));
    }

    private StrongSwan strongSwanGateway(StrongSwanSettings settings, String local, String remote) {
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        return StrongSwan.start(
                net.gwA(),
                settings,
                CONNECTION.formatted(
                        FailoverTopology.GW_A,
                        "%any",
                        "pools = inner",
                        local,
                        remote,
                        "local_ts = 10.1.0.0/24",
                        PRE_SHARED_KEY));
    }

    private void assertAliceConnects(PosternDaemon gateway, StrongSwan client) {
        client.initiate("net");
        String established = gateway.awaitLine("\"event\":\"ike-sa-established\"", SOON);
        assertThat(SecureDomain.field(established, "peer")).isEqualTo(ALICE);
        String inner = SecureDomain.field(established, "innerAddresses");
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 3).lost()).isZero();
        assertThat(Ping.send(net.lanhost(), inner, 3).lost()).isZero();
        client.terminate("lab");
        gateway.awaitLine("\"event\":\"ike-sa-closed\"", SOON);
    }

    private void assertPosternConnects(StrongSwan gateway, String eap) {
        PosternDaemon client = domain.client("[eap]\nidentity = \"" + ALICE + "\"\n" + eap);
        client.awaitLine(SWITCHED, SOON);
        gateway.awaitSas(SOON, "ESTABLISHED", "INSTALLED");
        assertThat(gateway.listSas()).contains(ALICE);
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 3).lost()).isZero();
        client.process().terminate();
        assertThat(client.awaitLine("client-stopped", SOON)).contains("\"deleteAnswered\":true");
    }

    /// Interop: EAP-MSCHAPv2 with EAP identity | strongSwan | peer initiates
    @Test
    void strongSwanProvesItselfToAPosternGatewayByPassword() throws IOException {
        PosternDaemon gateway = domain.gatewayA(gatewayEap(passwords()));
        StrongSwan client =
                strongSwanClient(
                        StrongSwanSettings.usual(),
                        "auth = eap-mschapv2\nid = client.lab\neap_id = " + ALICE,
                        GATEWAY_BY_KEY);

        assertAliceConnects(gateway, client);
    }

    /// Interop: EAP-MSCHAPv2 with EAP identity | strongSwan | Postern initiates
    @Test
    void posternProvesItselfToAStrongSwanGatewayByPassword() {
        StrongSwan gateway =
                strongSwanGateway(
                        StrongSwanSettings.usual(),
                        GATEWAY_BY_KEY,
                        "auth = eap-mschapv2\nid = %any\neap_id = %any");

        assertPosternConnects(gateway, "method = \"mschapv2\"\npassword = \"wonderland\"\n");
    }

    /// strongSwan 5.9.8 has neither the extended master secret that TLS 1.2 needs here nor the
    /// protected success indication of RFC 9190: there is no key, and the gateway says why.
    @Test
    void strongSwansTls12MakesNoKeyAndTheGatewaySaysWhy() {
        TlsCertificates certificates = new TlsCertificates(lab);
        PosternDaemon gateway =
                domain.gatewayA(
                        gatewayEap(certificates.eap("gateway"))
                                + "psk = \"%s\"\n".formatted(PRE_SHARED_KEY));
        certificates.install(net.client(), "alice");
        StrongSwan client =
                strongSwanClient(
                        StrongSwanSettings.usual().set("tls.version_max", "1.2"),
                        "auth = eap-tls\nid = client.lab\ncerts = alice.pem\neap_id = " + ALICE,
                        GATEWAY_BY_KEY);

        assertThat(client.swanctl("--initiate", "--child", "net").run().everything())
                .contains("EAP_FAILURE");
        gateway.awaitLine("extended master secret", SOON);
    }

    /// Interop: EAP-TLS and EAP-only authentication (RFC 5998), resumed in one round trip without
    /// EAP at another gateway | Postern | both initiate
    @Test
    void eapAloneProvesBothAndAFailoverDoesNotAskAgain() {
        TlsCertificates certificates = new TlsCertificates(lab);
        String eap = gatewayEap(certificates.eap("gateway")) + "only = true\n";
        PosternDaemon gatewayA = domain.gatewayA(eap);
        PosternDaemon gatewayB = domain.gatewayB(eap);
        PosternDaemon client =
                domain.client(
                        "[eap]\nidentity = \"%s\"\n%sonly = true\n"
                                .formatted(ALICE, certificates.eap("alice")));
        String first = gatewayA.awaitLine("\"event\":\"ike-sa-established\"", SOON);
        assertThat(SecureDomain.field(first, "peer")).isEqualTo(ALICE);

        gatewayA.process().crash();

        Await.until("the client reaches lanhost", SOON, domain::clientReachesLanhost);
        String second = gatewayB.awaitLine("\"event\":\"ike-sa-established\"", SOON);
        assertThat(SecureDomain.field(second, "peer")).isEqualTo(ALICE);
        assertThat(second).contains("1rtt");
        assertThat(client.process().isAlive()).isTrue();
    }
}
