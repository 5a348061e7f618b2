package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/// Post-quantum pre-shared keys (RFC 8784) and initiation without a Child SA (RFC 6023) with
/// Debian's strongSwan; quick crash detection (RFC 6290), which it lacks, between Posterns.
@Tag("privileged")
final class PpkAndChildlessInteropTest {
    private static final String PPK = "lab-ppk-0123456789abcdef0123456789abcdef";

    private static final String GATEWAYS_PPK =
            """
            [[profile.clients.ppk]]
            id = "lab-ppk"
            psk = "%s"
            """
                    .formatted(PPK);

    private static final String CLIENTS_PPK =
            """
            [ppk]
            id = "lab-ppk"
            psk = "%s"
            """
                    .formatted(PPK);

    @AutoClose private final Lab lab = Lab.open("Ppk");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    private StrongSwan client(Map<String, String> more) {
        return StrongSwan.start(net.client(), text(SwanctlConnection.ofClient(), more));
    }

    private StrongSwan gateway(Map<String, String> more) {
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        return StrongSwan.start(net.gwA(), text(SwanctlConnection.ofGateway(), more));
    }

    private static String text(SwanctlConnection connection, Map<String, String> more) {
        more.forEach(connection::connection);
        return connection
                .child("esp_proposals", "aes128gcm16-x25519")
                .secret("ppk-1", Map.of("secret", PPK, "id", "lab-ppk"))
                .text();
    }

    private void assertReaches() {
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 5).lost()).isZero();
    }

    /// Interop: a post-quantum pre-shared key, required by the client | strongSwan | peer initiates
    @Test
    void strongSwanUsesAPpkAtAPosternGateway() {
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR + GATEWAYS_PPK);
        StrongSwan client = client(Map.of("ppk_id", "lab-ppk", "ppk_required", "yes"));

        client.initiate("net");

        assertThat(client.process().output())
                .anyMatch(line -> line.contains("using PPK for PPK_ID 'lab-ppk'"));
        assertReaches();
        client.swanctl("--rekey", "--ike", "lab").runSuccessfully();
        gateway.awaitLine("\"event\":\"ike-sa-rekeyed\"", SOON);
        client.swanctl("--rekey", "--child", "net").runSuccessfully();
        gateway.awaitLine("\"event\":\"child-sa-rekeyed\"", SOON);
        assertReaches();
        client.terminate("lab");
    }

    /// Interop: a post-quantum pre-shared key that only the client has, and that it can do without
    /// | strongSwan | peer initiates
    @Test
    void strongSwanGoesOnWithoutAPpkThatThePosternGatewayDoesNotKnow() {
        PosternDaemon gateway =
                domain.gatewayA(PROXY_NEIGHBOUR + GATEWAYS_PPK.replace("lab-ppk\"", "other\""));
        StrongSwan client = client(Map.of("ppk_id", "lab-ppk", "ppk_required", "no"));

        client.initiate("net");

        gateway.awaitLine("\"event\":\"ike-sa-established\"", SOON);
        assertReaches();
        client.terminate("lab");
    }

    /// Interop: a post-quantum pre-shared key, required by both | strongSwan | Postern initiates
    @Test
    void posternUsesAPpkAtAStrongSwanGatewayThatRequiresIt() {
        StrongSwan gateway = gateway(Map.of("ppk_id", "lab-ppk", "ppk_required", "yes"));

        PosternDaemon client = domain.client(CLIENTS_PPK);

        gateway.awaitSas(SOON, "ESTABLISHED", "INSTALLED");
        assertThat(gateway.process().output())
                .anyMatch(line -> line.contains("using PPK for PPK_ID 'lab-ppk'"));
        assertReaches();
        client.process().terminate();
    }

    /// Interop: a post-quantum pre-shared key that only the client has, and that it can do without
    /// | strongSwan | Postern initiates
    @Test
    void posternGoesOnWithoutAPpkThatTheStrongSwanGatewayDoesNotKnow() {
        StrongSwan gateway = gateway(Map.of("ppk_required", "no"));

        domain.client(CLIENTS_PPK.replace("lab-ppk\"", "other\"") + "required = false\n");

        gateway.awaitSas(SOON, "ESTABLISHED", "INSTALLED");
        assertReaches();
    }

    /// Interop: IKE_AUTH without a Child SA, which CREATE_CHILD_SA makes with a key exchange |
    /// strongSwan | peer initiates
    @Test
    void strongSwanBeginsAtAPosternGatewayWithoutAChildSa() {
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR);
        StrongSwan client = client(Map.of("childless", "force"));

        client.initiate("net");

        gateway.awaitLine("\"event\":\"child-sa-established\"", SOON);
        assertReaches();
        client.terminate("lab");
    }

    /// Interop: IKE_AUTH without a Child SA, which CREATE_CHILD_SA makes with a key exchange |
    /// strongSwan | Postern initiates
    @Test
    void posternBeginsAtAStrongSwanGatewayWithoutAChildSa() {
        StrongSwan gateway = gateway(Map.of("childless", "allow"));

        PosternDaemon client =
                domain.client(
                        """

                        [life]
                        childless = "require"
                        child-key-exchange = "required"
                        """);

        gateway.awaitSas(SOON, "ESTABLISHED", "INSTALLED");
        assertThat(client.process().output())
                .anyMatch(line -> line.contains("\"event\":\"child-sa-established\""));
        assertReaches();
    }

    /// Interop: a restarted gateway shows its QCD token, and the client resumes at once | Postern |
    /// Postern initiates
    @Test
    void aClientResumesAtOnceAtAGatewayThatHasRestarted() throws IOException {
        Path secret = lab.write("crash.secret", "5a".repeat(32) + "\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        String more = PROXY_NEIGHBOUR + "[crash-detection]\nsecret-file = \"" + secret + "\"\n";
        PosternDaemon gateway = domain.gatewayA(more);
        // The client has nothing but its gateway's word: it would not ask for minutes.
        PosternDaemon client =
                domain.client(
                        """

                        [liveness]
                        traffic-silence = "never"
                        idle = "20s"
                        """);

        int crashed = client.process().mark();
        gateway.process().crash();
        domain.gatewayA(more);
        String lost = client.process().awaitLineAfter(crashed, "\"event\":\"ike-sa-closed\"", SOON);
        String back = client.process().awaitLineAfter(crashed, SecureDomain.SWITCHED, SOON);

        assertThat(SecureDomain.field(lost, "reason")).isEqualTo("PEER_CRASHED");
        assertThat(SecureDomain.field(back, "by")).isEqualTo("resumed-1rtt");
        assertThat(SecureDomain.field(back, "to")).isEqualTo("gw-a.lab");
        Await.until("the client reaches lanhost", SOON, domain::clientReachesLanhost);
    }
}
