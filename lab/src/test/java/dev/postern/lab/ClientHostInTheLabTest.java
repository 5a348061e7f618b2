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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A client that takes all of a host's traffic and names into its tunnel, but for its own, is
/// killed, and leaves nothing behind for long.
@Tag("privileged")
final class ClientHostInTheLabTest {
    private static final String HOSTS_OWN_NAMES = "nameserver 192.0.2.2\nsearch home.example\n";

    @AutoClose private final Lab lab = Lab.open("ClientHost");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);
    private final NetworkNamespace host = net.client();
    private final OwnEtc etc = OwnEtc.in(lab, HOSTS_OWN_NAMES);
    private final Path resolver = etc.resolver();
    private final Path state = lab.file("state");
    private int started;
    private int nameServers;

    @Test
    void whatAKilledClientHasChangedIsPutBackByCommandOrByItsNextStart() throws IOException {
        PosternDaemon gatewayA = domain.gatewayA(PROXY_NEIGHBOUR);
        LabProcess names = names("gw-a.vpn.lab,192.0.2.1,60");
        host.route("default", "192.0.2.99");
        host.route("128.0.0.0/1", "192.0.2.99");
        host.route("10.1.0.0/24", "192.0.2.98");
        // A packet from where an unmarked one would not go back to is dropped.
        host.sysctl("net/ipv4/conf/outside/rp_filter", "1");
        lab.bridge("pods").attach(host, "containers");
        host.forwarding().address("containers", "172.31.7.1/24");
        String before = routes();
        String main = host.ip("-4", "route", "show");

        LabProcess client = client();
        assertThat(wayTo("198.51.100.1")).as("whatever is nowhere else").contains("dev postern0");
        assertThat(wayTo("10.1.0.100")).as("a subnet that is elsewhere").contains("dev postern0");
        assertThat(wayTo("192.0.2.1")).as("the gateway's address").contains("dev postern0");
        assertThat(Ping.send(host, "192.0.2.1", 1).received())
                .as("what the tunnel does not carry is not sent outside of it")
                .isZero();
        assertThat(wayTo("192.0.2.1", "ipproto", "udp", "sport", clientPort()))
                .as("but the tunnel's own socket")
                .contains("dev outside");
        assertThat(wayOfAContainer(clientPort()))
                .as("not what is forwarded from the same port")
                .contains("dev postern0");
        assertThat(host.ip("-4", "route", "show")).as("the host's own routes").isEqualTo(main);
        assertThat(resolver).content().contains("nameserver 10.1.0.100", "search home.example");
        assertThat(restore().everything()).contains("still runs");
        rulesThatAnotherProgramDeletesComeBack(client);

        client.crash();

        assertThat(routes()).as("without its process").contains("goto", "nop").isNotEqualTo(before);
        assertThat(resolver).content().contains("10.1.0.100");
        Command.Result restored = restore();
        assertThat(restored.succeeded()).as(restored.everything()).isTrue();
        assertThat(restored.output()).contains("2 changes were undone");
        assertThat(routes()).isEqualTo(before);
        assertThat(resolver).hasContent(HOSTS_OWN_NAMES);
        assertThat(restore().output()).contains("nothing to put back");

        client().crash();
        LabProcess next = client();
        next.awaitLine("\"event\":\"host-restored\",", SOON);
        theSearchForAGatewayLeavesOutside(gatewayA, names, next);
        next.terminate();
        assertThat(routes()).isEqualTo(before);
        assertThat(resolver).hasContent(HOSTS_OWN_NAMES);
        assertThat(state).isEmptyDirectory();
    }

    /// As a program does at its reload that keeps the host's network.
    private void rulesThatAnotherProgramDeletesComeBack(LabProcess client) {
        String complete = lookUps();
        int mark = client.mark();
        Pattern.compile("(?m)^(5[1-3][0-9]{2}):(?!.*sport)")
                .matcher(complete)
                .results()
                .forEach(rule -> host.ip("-4", "rule", "del", "priority", rule.group(1)));
        client.awaitLineAfter(mark, "\"event\":\"host-rules-restored\",", SOON);
        Await.until("the rules are back", SOON, () -> lookUps().equals(complete));
    }

    /// But for those of single ports, which come and go with what the client asks the DNS.
    private String lookUps() {
        return host.ip("-4", "rule", "show")
                .lines()
                .filter(rule -> !rule.contains("sport"))
                .collect(Collectors.joining("\n"));
    }

    /// The gateway is dead, and so is the tunnel into which every address is routed, the name
    /// server's too.
    private void theSearchForAGatewayLeavesOutside(
            PosternDaemon gatewayA, LabProcess names, LabProcess client) {
        domain.gatewayB(PROXY_NEIGHBOUR);
        names.terminate();
        names(
                "gw-b.vpn.lab,192.0.2.2,60",
                "--srv-host=_isakmp._udp.vpn.lab,gw-b.vpn.lab,4500,10,10");
        assertThat(wayTo("192.0.2.2")).contains("dev postern0");
        int mark = client.mark();
        gatewayA.crash();
        client.awaitLineAfter(mark, SecureDomain.SWITCHED, SOON);
        Await.until("the client reaches lanhost", SOON, domain::clientReachesLanhost);
    }

    /// A name server outside: a host's record, and more of dnsmasq's options.
    private LabProcess names(String record, String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of(
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
                                "--host-record=" + record));
        words.addAll(List.of(more));
        LabProcess names = net.gwB().start("names-" + ++nameServers, words.toArray(String[]::new));
        names.awaitLine("started", SOON);
        return names;
    }

    private String wayTo(String... words) {
        List<String> command = new ArrayList<>(List.of("route", "get"));
        command.addAll(List.of(words));
        return host.ip(command.toArray(String[]::new));
    }

    private String wayOfAContainer(String port) {
        String of = "from 172.31.7.2 iif containers ipproto udp sport " + port + " dport 4500";
        return wayTo(("192.0.2.1 " + of).split(" "));
    }

    private String clientPort() {
        String rules = host.ip("-4", "rule", "show");
        Matcher port = Pattern.compile("ipproto udp sport (\\d+) goto").matcher(rules);
        assertThat(port.find()).as(rules).isTrue();
        return port.group(1);
    }

    private String routes() {
        return host.ip("-4", "route", "show", "table", "all")
                + host.ip("-4", "rule", "show")
                + host.ip("-6", "rule", "show");
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
                        remote-subnets = ["0.0.0.0/0", "10.1.0.0/24", "192.0.2.0/24"]
                        [[gateway]]
                        identity = "gw-a.lab"
                        address = "gw-a.vpn.lab"
                        [[gateway]]
                        identity = "gw-b.lab"
                        domain = "vpn.lab"
                        [discovery]
                        shortest = "1s"
                        patience = "2s"
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
