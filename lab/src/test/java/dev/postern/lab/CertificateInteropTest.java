package dev.postern.lab;

import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

/// Certificates between Postern and Debian's strongSwan: both prove themselves by a certificate of
/// an intermediate below the one root that both trust.
@Tag("privileged")
final class CertificateInteropTest {
    private static final String P256 = "ec -pkeyopt ec_paramgen_curve:P-256";
    private static final String P384 = "ec -pkeyopt ec_paramgen_curve:P-384";
    private static final String P521 = "ec -pkeyopt ec_paramgen_curve:P-521";

    @AutoClose private final Lab lab = Lab.open("Certificates");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final LabAuthority authority = LabAuthority.create(lab);

    private boolean clientReachesLanhost() {
        return Ping.send(net.client(), FailoverTopology.LANHOST, 1).received() == 1;
    }

    /// What the table of a daemon says, with whole paths.
    private String table(String name) {
        return """
        certificate = "%1$s-chain.pem"
        private-key = "%1$s.key"
        trust = "root.pem"
        """
                .formatted(name)
                .replace("= \"", "= \"" + authority.file("") + "/");
    }

    private PosternDaemon gateway(String more) {
        String toml =
                """
                identity = "gw-a.lab"
                secure-domain = "lab"
                member = 1
                [listen]
                addresses = ["192.0.2.1"]
                [return-path]
                mode = "proxy-neighbour"
                device = "inside"
                [pool.clients]
                addresses = "10.1.0.192/26"
                [log]
                format = "json"
                [profile.clients]
                pool = "clients"
                local-subnets = ["10.1.0.0/24"]
                [profile.clients.resumption]
                one-round-trip = false
                rfc5723 = false
                [profile.clients.certificates]
                """;
        PosternDaemon gateway = PosternDaemon.gateway(net.gwA(), toml + table("gw") + more);
        gateway.awaitLine(SecureDomain.GATEWAY_READY, SOON);
        return gateway;
    }

    private StrongSwan strongSwanGateway(boolean old) {
        return strongSwan(
                net.gwA(),
                old,
                "gw",
                SwanctlConnection.ofGateway()
                        .local("auth", "pubkey")
                        .local("certs", authority.file("gw.pem").toString()));
    }

    private StrongSwan strongSwanClient(boolean old) {
        return strongSwan(
                net.client(),
                old,
                "peer",
                SwanctlConnection.ofClient()
                        .local("auth", "pubkey")
                        .local("certs", authority.file("peer.pem").toString()));
    }

    /// @param key name of its own key's file; null where it has none
    private StrongSwan strongSwan(
            NetworkNamespace host,
            boolean old,
            @Nullable String key,
            SwanctlConnection connection) {
        StrongSwanSettings settings = StrongSwanSettings.usual();
        lab.write(host.host() + "/x509ca/root.pem", authority.pem("root.pem"));
        lab.write(host.host() + "/x509/between.pem", authority.pem("between.pem"));
        if (key != null) {
            lab.write(host.host() + "/private/own.key", authority.pem(key + ".key"));
        }
        return StrongSwan.start(
                host,
                old ? settings.set("signature_authentication", "no") : settings,
                connection.remote("auth", "pubkey").text());
    }

    /// Interop: certificates by chain: ECDSA, RSA and EdDSA after RFC 7427, and without it RSA by
    /// method 1, ECDSA by methods 9, 10 and 11 | strongSwan | peer initiates
    @ParameterizedTest
    @CsvSource({
        P256 + ",false",
        "rsa:2048,false",
        "ed25519,false",
        P256 + ",true",
        P384 + ",true",
        "rsa:2048,true"
    })
    void aStockStrongSwanClientProvesItselfByACertificate(String key, boolean old) {
        authority.issue("gw", "gw-a.lab", key);
        authority.issue("peer", "client.lab", key);
        PosternDaemon gateway = gateway("");
        StrongSwan client = strongSwanClient(old);

        client.initiate("net");

        gateway.awaitLine("\"event\":\"ike-sa-established\"", SOON);
        Await.until("the client reaches lanhost", SOON, this::clientReachesLanhost);
    }

    /// Interop: certificates by chain: ECDSA, RSA and EdDSA after RFC 7427, and without it RSA by
    /// method 1, ECDSA by methods 9, 10 and 11 | strongSwan | Postern initiates
    @ParameterizedTest
    @CsvSource({
        P256 + ",false",
        "rsa:2048,false",
        "ed25519,false",
        P521 + ",true",
        "rsa:2048,true"
    })
    void posternProvesItselfToAStrongSwanGatewayByACertificate(String key, boolean old) {
        authority.issue("gw", "gw-a.lab", key);
        authority.issue("peer", "client.lab", key);
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        strongSwanGateway(old);
        String toml =
                """
                identity = "client.lab"
                secure-domain = "lab"
                remote-subnets = ["10.1.0.0/24"]
                [[gateway]]
                identity = "gw-a.lab"
                address = "192.0.2.1"
                [log]
                format = "json"
                [certificates]
                """;
        PosternDaemon client = PosternDaemon.client(net.client(), toml + table("peer"));

        client.awaitLine(SWITCHED, SOON);
        Await.until("the client reaches lanhost", SOON, this::clientReachesLanhost);
    }

    /// Interop: EAP-MSCHAPv2 after a gateway certificate | strongSwan | peer initiates
    @Test
    void aGatewaysCertificateProvesItBeforeEap() {
        authority.issue("gw", "gw-a.lab", P256);
        PosternDaemon gateway =
                gateway(
                        "[profile.clients.eap]\nmethod = \"mschapv2\"\nusers = \""
                                + users()
                                + "\"\n");
        StrongSwan client =
                strongSwan(
                        net.client(),
                        false,
                        null,
                        SwanctlConnection.ofClient()
                                .local("auth", "eap-mschapv2")
                                .local("eap_id", "client.lab")
                                .secret(
                                        "eap-1",
                                        Map.of("id", "client.lab", "secret", "lab-password")));

        client.initiate("net");

        gateway.awaitLine("\"event\":\"ike-sa-established\"", SOON);
    }

    private String users() {
        authority.secret(
                "users.toml", "[[user]]\nname = \"client.lab\"\npassword = \"lab-password\"\n");
        return authority.file("users.toml").toString();
    }

    /// Interop: a certificate on a revocation list is refused, and lists are read again |
    /// strongSwan | peer initiates
    @Test
    void aRevokedCertificateIsRefusedOnceItsListSaysSo() {
        authority.issue("gw", "gw-a.lab", P256);
        authority.issue("peer", "client.lab", P256);
        authority.list();
        PosternDaemon gateway =
                gateway(
                        "revocation = \"strict\"\ncrl = [\""
                                + authority.file("root.crl")
                                + "\", \""
                                + authority.file("between.crl")
                                + "\"]\n");
        StrongSwan client = strongSwanClient(false);
        client.initiate("net");
        gateway.awaitLine("\"event\":\"ike-sa-established\"", SOON);
        client.terminate("lab");

        authority.revoke("peer");
        gateway.awaitLine("between.crl: the revocation list is read again", SOON);

        assertThatThrownBy(() -> client.initiate("net")).isInstanceOf(LabException.class);
        assertThat(String.join("\n", client.process().output())).contains("AUTH_FAILED");
    }
}
