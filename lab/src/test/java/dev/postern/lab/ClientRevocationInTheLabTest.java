package dev.postern.lab;

import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/// A client that takes every address into its tunnel asks about its gateways' certificates: by
/// name, outside, and whether or not anybody is at the other end of the tunnel.
@Tag("privileged")
final class ClientRevocationInTheLabTest {
    private static final String P256 = "ec -pkeyopt ec_paramgen_curve:P-256";
    private static final int PORT = 2560;
    private static final String ASKED =
            "authorityInfoAccess=OCSP;URI:http://ocsp.vpn.lab:" + PORT + "/\n";

    @AutoClose private final Lab lab = Lab.open("ClientRevocation");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final LabAuthority authority = LabAuthority.create(lab);
    private final NetworkNamespace host = net.client();

    /// Behind its barrier before its first session, and later in a tunnel whose gateway is dead, a
    /// strict client finds out that a gateway's certificate is good.
    @Test
    void aResponderOutsideIsAskedWhileTheTunnelLeadsNowhere() {
        for (String gateway : List.of("gw-a", "gw-b")) {
            authority.issue(gateway, gateway + ".lab", P256, ASKED);
            authority.enter(gateway);
        }
        authority.issue("peer", "client.lab", P256);
        authority.list();
        // A packet from where an unmarked one would not go back to is dropped.
        host.sysctl("net/ipv4/conf/outside/rp_filter", "1");
        LabProcess names =
                net.gwB()
                        .start(
                                "names",
                                Component.DNSMASQ.require().toString(),
                                "--no-daemon",
                                "--conf-file=/dev/null",
                                "--no-resolv",
                                "--no-hosts",
                                "--user=root",
                                "--local=/#/",
                                "--bind-interfaces",
                                "--listen-address=192.0.2.2",
                                "--pid-file=" + lab.file("names.pid"),
                                "--host-record=ocsp.vpn.lab,192.0.2.2,60");
        names.awaitLine("started", SOON);
        LabProcess responder = net.gwB().start("responder", authority.responder(PORT), Map.of());
        responder.awaitLine("ocsp: waiting for", SOON);
        PosternDaemon gatewayA = gateway(net.gwA(), "gw-a", FailoverTopology.GW_A);
        PosternDaemon gatewayB = gateway(net.gwB(), "gw-b", FailoverTopology.GW_B);

        PosternDaemon client = PosternDaemon.client(host, clientText());
        String first = client.awaitLine(SWITCHED, SOON);
        boolean isAtA = SecureDomain.field(first, "to").equals("gw-a.lab");
        Await.until("the client reaches lanhost", SOON, this::reachesLanhost);
        assertThat(host.ip("route", "get", "192.0.2.2"))
                .as("the responder's address is the tunnel's")
                .contains("dev postern0");
        int mark = client.process().mark();
        (isAtA ? gatewayA : gatewayB).crash();
        String second = client.process().awaitLineAfter(mark, SWITCHED, SOON);
        assertThat(SecureDomain.field(second, "to")).isEqualTo(isAtA ? "gw-b.lab" : "gw-a.lab");
        Await.until("the client reaches lanhost again", SOON, this::reachesLanhost);
    }

    private boolean reachesLanhost() {
        // Ping counts nothing where the barrier still refuses what it sends.
        return host.command("ping", "-n", "-c", "1", "-W", "2", FailoverTopology.LANHOST)
                .run()
                .succeeded();
    }

    private String proof(String name) {
        return """
        certificate = "%1$s-chain.pem"
        private-key = "%1$s.key"
        trust = "root.pem"
        """
                .formatted(name)
                .replace("= \"", "= \"" + authority.file("") + "/");
    }

    private PosternDaemon gateway(NetworkNamespace on, String name, String address) {
        PosternDaemon gateway =
                PosternDaemon.gateway(
                        on,
                        """
                        identity = "%1$s.lab"
                        secure-domain = "lab"
                        member = %2$s
                        [listen]
                        addresses = ["%3$s"]
                        [return-path]
                        mode = "proxy-neighbour"
                        device = "inside"
                        [pool.clients]
                        addresses = "10.1.0.192/26"
                        assign = "10.1.0.2%2$s0-10.1.0.2%2$s9"
                        [log]
                        format = "json"
                        [profile.clients]
                        pool = "clients"
                        local-subnets = ["10.1.0.0/24"]
                        [profile.clients.resumption]
                        one-round-trip = false
                        rfc5723 = false
                        [profile.clients.certificates]
                        revocation = "off"
                        """
                                        .formatted(name, name.equals("gw-a") ? 1 : 2, address)
                                + proof(name));
        gateway.awaitLine(SecureDomain.GATEWAY_READY, SOON);
        return gateway;
    }

    private String clientText() {
        return """
        identity = "client.lab"
        secure-domain = "lab"
        remote-subnets = ["0.0.0.0/0", "192.0.2.0/24"]
        %s
        [discovery]
        servers = ["192.0.2.2:53"]
        [inside]
        mode = "tun"
        [resolver]
        mode = "off"
        [host]
        state = "%s"
        barrier = true
        [liveness]
        idle = "2s"
        [log]
        format = "json"
        [certificates]
        revocation = "strict"
        crl = "%s"
        """
                        .formatted(
                                SecureDomain.BOTH_GATEWAYS,
                                lab.file("state"),
                                authority.file("root.crl"))
                + proof("peer");
    }
}
