package dev.postern.lab;

import static dev.postern.lab.SecureDomain.GATEWAY_READY;
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
import java.util.List;
import java.util.Map;

/// Gateways that share neither addresses nor name servers, and a client that holds a session ready
/// at the second one: when the first one dies its packets go on there, and the host follows to the
/// other inner address and to the other name server.
///
/// Interop: auxiliary session (draft-vidya-ipsec-failover-ps-02) | Postern | Postern initiates
@Tag("privileged")
final class AuxiliaryInTheLabTest {
    private static final String HOSTS_OWN_NAMES = "nameserver 192.0.2.53\n";

    @AutoClose private final Lab lab = Lab.open("Auxiliary");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);
    private final NetworkNamespace host = net.client();
    private final OwnEtc etc = OwnEtc.in(lab, HOSTS_OWN_NAMES);
    private final Path resolver = etc.resolver();

    @Test
    void theHostFollowsToTheAddressAndNameServerOfTheSessionThatStoodBy() throws IOException {
        PosternDaemon gwA = gateway(net.gwA(), 'a', 1, FailoverTopology.GW_A);
        PosternDaemon gwB = gateway(net.gwB(), 'b', 2, FailoverTopology.GW_B);
        LabProcess client = client();
        String first = client.awaitLine(SWITCHED, SOON);
        assertThat(SecureDomain.field(first, "to")).isEqualTo("gw-a.lab");
        client.awaitLine("\"event\":\"auxiliary-stands\"", SOON);
        Await.until("the client reaches lanhost", SOON, domain::clientReachesLanhost);
        assertThat(addresses()).contains("10.1.0.211").doesNotContain("10.1.0.221");
        Await.until("gw-a's names are asked for", SOON, () -> etc.asks("10.1.0.101"));

        int lost = client.mark();
        gwA.crash();
        Await.until("the client reaches lanhost by gw-b", SOON, domain::clientReachesLanhost);

        String moved = client.awaitLineAfter(lost, SWITCHED, SOON);
        assertThat(SecureDomain.field(moved, "to")).isEqualTo("gw-b.lab");
        assertThat(SecureDomain.field(moved, "by")).isEqualTo("auxiliary");
        assertThat(SecureDomain.field(moved, "addressChanged")).isEqualTo("true");
        assertThat(addresses()).contains("10.1.0.221").doesNotContain("10.1.0.211");
        assertThat(host.ip("-4", "route", "show", "table", "all"))
                .contains("10.1.0.0/24 dev postern0");
        Await.until("gw-b's names are asked for", SOON, () -> etc.asks("10.1.0.102"));
        assertThat(Files.readString(resolver)).doesNotContain("10.1.0.101");

        client.terminate();
        assertThat(resolver).hasContent(HOSTS_OWN_NAMES);
        assertThat(gwB.process().isAlive()).isTrue();
    }

    private String addresses() {
        return host.ip("-4", "addr", "show", "dev", "postern0");
    }

    private PosternDaemon gateway(NetworkNamespace at, char letter, int member, String address) {
        PosternDaemon gateway =
                PosternDaemon.gateway(
                        at,
                        """
                        identity = "gw-%1$s.lab"
                        secure-domain = "lab"
                        member = %2$d
                        tgs-keys = "%3$s"
                        [listen]
                        addresses = ["%4$s"]
                        [inside]
                        mode = "tun"
                        [pool.clients]
                        addresses = "10.1.0.%6$d/29"
                        assign = "10.1.0.2%2$d1-10.1.0.2%2$d1"
                        dns = ["10.1.0.10%2$d"]
                        [profile.clients]
                        pool = "clients"
                        local-subnets = ["10.1.0.0/24"]
                        [[profile.clients.peer]]
                        id = "client.lab"
                        psk = "%5$s"
                        [return-path]
                        mode = "proxy-neighbour"
                        device = "inside"
                        [log]
                        format = "json"
                        """
                                .formatted(
                                        letter,
                                        member,
                                        domain.tgsKeys(at),
                                        address,
                                        SecureDomain.PRE_SHARED_KEY,
                                        200 + 8 * member));
        gateway.awaitLine(GATEWAY_READY, SOON);
        return gateway;
    }

    private LabProcess client() throws IOException {
        Path configuration =
                lab.write(
                        "client.toml",
                        """
                        identity = "client.lab"
                        psk = "%s"
                        secure-domain = "lab"
                        remote-subnets = ["10.1.0.0/24"]
                        [[gateway]]
                        identity = "gw-a.lab"
                        address = "192.0.2.1"
                        [[gateway]]
                        identity = "gw-b.lab"
                        address = "192.0.2.2"
                        [auxiliary]
                        sessions = 1
                        after = "1s"
                        [inside]
                        mode = "tun"
                        [resolver]
                        mode = "file"
                        [host]
                        state = "%s"
                        [log]
                        format = "json"
                        """
                                .formatted(SecureDomain.PRE_SHARED_KEY, lab.file("state")));
        Files.setPosixFilePermissions(configuration, PosixFilePermissions.fromString("rw-------"));
        List<String> words =
                etc.around(
                        PosternDaemon.commandLine("client", "--config", configuration.toString()));
        return host.start("postern-client", words, Map.of());
    }
}
