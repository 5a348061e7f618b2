package dev.postern.lab;

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
import java.util.List;
import java.util.Map;

/// A client that takes all of a host's traffic and names into its tunnel, is killed, and leaves
/// nothing behind for long.
@Tag("privileged")
final class ClientHostInTheLabTest {
    private static final String HOSTS_OWN_NAMES = "nameserver 192.0.2.53\nsearch home.example\n";

    @AutoClose private final Lab lab = Lab.open("ClientHost");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);
    private final NetworkNamespace host = net.client();
    private final OwnEtc etc = OwnEtc.in(lab, HOSTS_OWN_NAMES);
    private final Path resolver = etc.resolver();
    private final Path state = lab.file("state");
    private int started;

    @Test
    void whatAKilledClientHasChangedIsPutBackByCommandOrByItsNextStart() throws IOException {
        domain.gatewayA(PROXY_NEIGHBOUR);
        host.route("default", "192.0.2.99");
        host.route("10.1.0.0/24", "192.0.2.98");
        String before = routes();

        LabProcess client = client();
        assertThat(routes())
                .contains("0.0.0.0/1 dev postern0", "128.0.0.0/1 dev postern0")
                .contains("10.1.0.0/24 dev postern0")
                .as("the gateways stay outside")
                .contains("192.0.2.1 dev outside", "192.0.2.2 dev outside")
                .doesNotContain("192.0.2.98")
                .contains("default via 192.0.2.99");
        assertThat(resolver).content().contains("nameserver 10.1.0.100", "search home.example");
        assertThat(restore().everything()).contains("still runs");

        client.crash();

        assertThat(routes()).as("without its process").contains("192.0.2.1 dev outside");
        assertThat(routes()).doesNotContain("192.0.2.98");
        assertThat(resolver).content().contains("10.1.0.100");
        Command.Result restored = restore();
        assertThat(restored.succeeded()).as(restored.everything()).isTrue();
        assertThat(restored.output()).contains("4 changes were undone");
        assertThat(routes()).isEqualTo(before);
        assertThat(resolver).hasContent(HOSTS_OWN_NAMES);
        assertThat(restore().output()).contains("nothing to put back");

        client().crash();
        LabProcess next = client();
        next.awaitLine("\"event\":\"host-restored\",", SOON);
        assertThat(routes()).contains("192.0.2.1 dev outside");
        next.terminate();
        assertThat(routes()).isEqualTo(before);
        assertThat(resolver).hasContent(HOSTS_OWN_NAMES);
        assertThat(state).isEmptyDirectory();
    }

    private String routes() {
        return host.ip("-4", "route", "show");
    }

    private Command.Result restore() {
        return Command.of(onTheHost("client", "restore", "--state", state.toString())).run();
    }

    private LabProcess client() throws IOException {
        Path configuration =
                lab.write(
                        "client.toml",
                        """
                        identity = "client.lab"
                        psk = "%s"
                        secure-domain = "lab"
                        remote-subnets = ["0.0.0.0/0", "10.1.0.0/24"]
                        [[gateway]]
                        identity = "gw-a.lab"
                        address = "192.0.2.1"
                        [[gateway]]
                        identity = "gw-b.lab"
                        address = "192.0.2.2"
                        [inside]
                        mode = "tun"
                        [resolver]
                        mode = "file"
                        servers = ["10.1.0.100"]
                        [host]
                        state = "%s"
                        [log]
                        format = "json"
                        """
                                .formatted(SecureDomain.PRE_SHARED_KEY, state));
        Files.setPosixFilePermissions(configuration, PosixFilePermissions.fromString("rw-------"));
        List<String> words = withItsOwnResolver("client", "--config", configuration.toString());
        LabProcess client = host.start("postern-client-" + ++started, words, Map.of());
        client.awaitLine(SWITCHED, SOON);
        Await.until("the client reaches lanhost", SOON, domain::clientReachesLanhost);
        Await.until("names go through the tunnel", SOON, () -> etc.asks("10.1.0.100"));
        return client;
    }

    private List<String> onTheHost(String... arguments) {
        return host.wrap(withItsOwnResolver(arguments));
    }

    private List<String> withItsOwnResolver(String... arguments) {
        return etc.around(PosternDaemon.commandLine(arguments));
    }
}
