package dev.postern.lab;

import static dev.postern.lab.SecureDomain.GATEWAY_READY;
import static dev.postern.lab.SecureDomain.PRE_SHARED_KEY;
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
import java.util.stream.Stream;

/// What processes in transport mode change on their host: two beside each other do not take each
/// other's, and the last one that goes leaves the host as it was, by whatever way it goes.
@Tag("privileged")
final class TransportHostInTheLabTest {
    private static final String RESTORED = "\"changes\":2,\"from\":";
    private static final String SERVER = FailoverTopology.GW_A;

    @AutoClose private final Lab lab = Lab.open("TransportHost");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);
    private final NetworkNamespace host = net.client();
    private final Path state = lab.file("state");
    private int started;

    @Test
    void aSecondClientThatComesAndGoesLeavesTheFirstOnesPacketsProtected() throws IOException {
        notStrict(host);
        List<String> before = rules(host);
        gateway();
        LabProcess first = client("postern0");
        awaitAnswers("the first client's packets are answered");
        List<String> ofTheFirst = rules(host);
        try (Capture wire = Capture.start(host, "outside", "icmp")) {
            LabProcess second = client("postern1");
            assertThat(rules(host)).isNotEqualTo(ofTheFirst);
            Ping.send(host, SERVER, 2);
            second.terminate();
            assertThat(rules(host)).as("the first one's are left").isEqualTo(ofTheFirst);
            assertThat(strictness(host)).as("and its filter").isEqualTo("1");
            awaitAnswers("the first client's packets are answered again");

            second = client("postern1");
            first.terminate();
            assertThat(strictness(host)).as("the second one needs it").isEqualTo("1");
            awaitAnswers("the second client's packets are answered");
            assertThat(wire.stop()).satisfies(TransportHostInTheLabTest::holdsNothing);
            second.terminate();
        }
        assertThat(rules(host)).as("after both").isEqualTo(before);
        assertThat(strictness(host)).as("after both").isEqualTo("0");
    }

    @Test
    void whatAKilledClientHasChangedIsPutBackByCommandOrByItsNextStart() throws IOException {
        notStrict(host);
        List<String> before = rules(host);
        gateway();
        LabProcess client = client("postern0");
        awaitAnswers("the client's packets are answered");
        List<String> standing = rules(host);
        whatAnotherProgramChangesComesBack(client, standing);
        client.crash();
        assertThat(rules(host)).as("without its process").isEqualTo(standing);
        assertThat(strictness(host)).isEqualTo("1");

        Command.Result restored =
                Command.of(
                                host.wrap(
                                        PosternDaemon.commandLine(
                                                "client", "restore", "--state", state.toString())))
                        .run();

        assertThat(restored.output()).contains("2 changes were undone");
        assertThat(rules(host)).isEqualTo(before);
        assertThat(strictness(host)).isEqualTo("0");

        client = client("postern0");
        awaitAnswers("the next client's packets are answered");
        client.crash();
        client = client("postern0");
        client.awaitLine(RESTORED, SOON);
        awaitAnswers("the last client's packets are answered");
        assertThat(rules(host)).as("of one process alone").hasSameSizeAs(standing);
        client.terminate();
        assertThat(rules(host)).isEqualTo(before);
        assertThat(strictness(host)).isEqualTo("0");
    }

    @Test
    void whatAKilledGatewayHasChangedIsPutBackByItsNextStart() throws IOException {
        notStrict(net.gwA());
        List<String> before = rules(net.gwA());
        PosternDaemon gateway = gateway();
        client("postern0");
        awaitAnswers("the client's packets are answered");
        List<String> standing = rules(net.gwA());
        assertThat(strictness(net.gwA())).isEqualTo("1");
        gateway.crash();
        PosternDaemon next = gateway.restart();
        next.awaitLine(RESTORED, SOON);
        next.awaitLine(GATEWAY_READY, SOON);
        assertThat(rules(net.gwA())).as("as many as before").isEqualTo(standing);
        next.process().terminate();
        assertThat(rules(net.gwA())).isEqualTo(before);
        assertThat(strictness(net.gwA())).isEqualTo("0");
    }

    private void whatAnotherProgramChangesComesBack(LabProcess client, List<String> standing) {
        int mark = client.mark();
        host.ip("-4", "rule", "show")
                .lines()
                .filter(rule -> rule.matches("4[89][0-9]{2}:.*"))
                .map(rule -> rule.substring(0, rule.indexOf(':')))
                .forEach(priority -> host.ip("-4", "rule", "del", "priority", priority));
        notStrict(host);
        client.awaitLineAfter(mark, "\"event\":\"host-rules-restored\",", SOON);
        Await.until(
                "rules and filter are back",
                SOON,
                () -> rules(host).equals(standing) && strictness(host).equals("1"));
    }

    private void awaitAnswers(String what) {
        Await.until(what, SOON, () -> Ping.send(host, SERVER, 1).received() == 1);
    }

    private static void holdsNothing(Path pcap) {
        assertThat(
                        Command.of(
                                        Component.TCPDUMP.require().toString(),
                                        "-n",
                                        "-r",
                                        pcap.toString())
                                .runSuccessfully())
                .as("packets in clear text")
                .isEmpty();
    }

    private static void notStrict(NetworkNamespace host) {
        host.sysctl("net/ipv4/conf/all/rp_filter", "0");
        host.sysctl("net/ipv4/conf/outside/rp_filter", "0");
    }

    private static String strictness(NetworkNamespace host) {
        return host.exec("cat", "/proc/sys/net/ipv4/conf/outside/rp_filter").strip();
    }

    /// Of one priority the newest comes last.
    private static List<String> rules(NetworkNamespace host) {
        return Stream.of("-4", "-6")
                .flatMap(family -> host.ip(family, "rule", "show").lines().sorted())
                .toList();
    }

    private PosternDaemon gateway() {
        PosternDaemon gateway =
                PosternDaemon.gateway(
                        net.gwA(),
                        """
                        identity = "gw-a.lab"
                        secure-domain = "lab"
                        member = 1
                        tgs-keys = "%s"
                        [listen]
                        addresses = ["0.0.0.0"]
                        [profile.hosts]
                        mode = "transport"
                        [[profile.hosts.peer]]
                        id = "postern0.lab"
                        psk = "%s"
                        [[profile.hosts.peer]]
                        id = "postern1.lab"
                        psk = "%s"
                        [log]
                        format = "json"
                        """
                                .formatted(domain.tgsKeys(), PRE_SHARED_KEY, PRE_SHARED_KEY));
        gateway.awaitLine(GATEWAY_READY, SOON);
        return gateway;
    }

    private LabProcess client(String device) throws IOException {
        Path configuration =
                lab.write(
                        device + ".toml",
                        """
                        identity = "%1$s.lab"
                        psk = "%2$s"
                        secure-domain = "lab"
                        mode = "transport"
                        [[gateway]]
                        identity = "gw-a.lab"
                        address = "%3$s"
                        [inside]
                        mode = "tun"
                        tun = "%1$s"
                        [host]
                        state = "%4$s"
                        [log]
                        format = "json"
                        """
                                .formatted(device, PRE_SHARED_KEY, SERVER, state));
        Files.setPosixFilePermissions(configuration, PosixFilePermissions.fromString("rw-------"));
        LabProcess client =
                host.start(
                        "postern-client-" + ++started,
                        PosternDaemon.commandLine("client", "--config", configuration.toString()),
                        Map.of());
        client.awaitLine(SWITCHED, SOON);
        return client;
    }
}
