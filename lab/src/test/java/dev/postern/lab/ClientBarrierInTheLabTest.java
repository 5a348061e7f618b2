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
import java.util.stream.Stream;

/// A client with a barrier takes every address into its tunnel, and is killed: nothing of that
/// leaves in clear text until somebody has said so.
@Tag("privileged")
final class ClientBarrierInTheLabTest {
    private static final String FAR = "198.51.100.7";
    private static final String FAR_IPV6 = "2001:db8:7::7";

    @AutoClose private final Lab lab = Lab.open("ClientBarrier");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);
    private final NetworkNamespace host = net.client();
    private final Path state = lab.file("state");

    @Test
    void nothingLeavesInClearAfterAKillUntilTheClientIsEndedAsItShouldBe() throws IOException {
        answersOutside();
        host.route("default", FailoverTopology.GW_B);
        host.ip("-6", "route", "add", "default", "via", "2001:db8::2");
        host.sysctl("net/ipv4/conf/outside/rp_filter", "1");
        Await.until("both are reached in clear", SOON, this::reachesFarInClear);
        String before = routes();
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR);

        LabProcess client = client(1);
        client.awaitLine(SWITCHED, SOON);
        Await.until("the client reaches lanhost", SOON, () -> answers(FailoverTopology.LANHOST));
        nothingReachesFar("while the tunnel stands");
        for (String family : List.of("-4", "-6")) {
            host.ip(family, "route", "flush", "table", "all", "type", "unreachable");
        }
        Await.until("the barrier's routes are back", SOON, this::isBarred);

        client.crash();
        nothingReachesFar("after the kill");

        gateway.crash();
        LabProcess next = client(2);
        next.awaitLine("\"event\":\"host-barrier-taken-over\",", SOON);
        nothingReachesFar("while the next one looks for a gateway");
        for (String family : List.of("-4", "-6")) {
            assertThat(host.ip(family, "route", "show", "table", "all"))
                    .as("the earlier one's is gone")
                    .containsOnlyOnce("unreachable");
        }
        gateway.restart().awaitLine(SecureDomain.GATEWAY_READY, SOON);
        next.awaitLine(SWITCHED, SOON);
        Await.until(
                "the client reaches lanhost again", SOON, () -> answers(FailoverTopology.LANHOST));
        next.terminate();
        assertThat(routes()).as("after its end").isEqualTo(before);
        Await.until("both are reached in clear again", SOON, this::reachesFarInClear);
        assertThat(state).isEmptyDirectory();

        LabProcess last = client(3);
        last.awaitLine(SWITCHED, SOON);
        last.crash();
        nothingReachesFar("after the second kill");
        Command.Result down = command("client", "down", "--state", state.toString());
        assertThat(down.succeeded()).as(down.everything()).isTrue();
        assertThat(down.output()).contains("was killed", "2 changes were undone");
        assertThat(routes()).as("after `down`").isEqualTo(before);
        Await.until("both are reached in clear at last", SOON, this::reachesFarInClear);
    }

    /// The kernel refuses the tunnel's route, and the barrier's for IPv6 stands nevertheless.
    @Test
    void aHostThatHasSwitchedIpv6OffHasTheRestOfItsTunnelAndOfItsBarrier() throws IOException {
        answersOutside();
        host.route("default", FailoverTopology.GW_B);
        host.sysctl("net/ipv6/conf/all/disable_ipv6", "1");
        Await.until("it is reached in clear", SOON, () -> answers(FAR));
        String before = routes();
        domain.gatewayA(PROXY_NEIGHBOUR);

        LabProcess client = client(1);
        client.awaitLine(SWITCHED, SOON);
        client.awaitLine("the tunnel is up without", SOON);
        Await.until("the client reaches lanhost", SOON, () -> answers(FailoverTopology.LANHOST));
        assertThat(host.ip("-6", "rule", "show")).contains("unreachable");
        nothingReachesFar("while the tunnel stands");
        client.crash();
        nothingReachesFar("after the kill");
        assertThat(command("client", "restore", "--state", state.toString()).output())
                .contains("2 changes were undone");
        assertThat(routes()).isEqualTo(before);
    }

    /// A host behind the second gateway's address, which is an ordinary router here.
    private void answersOutside() {
        net.gwB().ip("address", "add", FAR + "/32", "dev", "lo");
        net.gwB().ip("address", "add", FAR_IPV6 + "/128", "dev", "lo");
    }

    private boolean reachesFarInClear() {
        return answers(FAR) && answers(FAR_IPV6);
    }

    private boolean isBarred() {
        return Stream.of("-4", "-6")
                .allMatch(family ->
                        host.ip(family, "route", "show", "table", "all").contains("unreachable"));
    }

    private boolean answers(String address) {
        return host.command("ping", "-n", "-c", "1", "-W", "2", address).run().succeeded();
    }

    private void nothingReachesFar(String when) {
        assertThat(answers(FAR)).as(FAR + " " + when).isFalse();
        assertThat(answers(FAR_IPV6)).as(FAR_IPV6 + " " + when).isFalse();
    }

    private String routes() {
        return host.ip("-4", "route", "show", "table", "all")
                + host.ip("-6", "route", "show", "table", "all")
                + host.ip("-4", "rule", "show")
                + host.ip("-6", "rule", "show");
    }

    private Command.Result command(String... words) {
        return Command.of(host.wrap(PosternDaemon.commandLine(words))).run();
    }

    private LabProcess client(int number) throws IOException {
        Path configuration =
                lab.write(
                        "client.toml",
                        """
                        identity = "client.lab"
                        psk = "%s"
                        secure-domain = "lab"
                        remote-subnets = ["0.0.0.0/0", "::/0"]
                        [[gateway]]
                        identity = "gw-a.lab"
                        address = "192.0.2.1"
                        [inside]
                        mode = "tun"
                        [resolver]
                        mode = "off"
                        [host]
                        state = "%s"
                        barrier = true
                        [log]
                        format = "json"
                        """
                                .formatted(SecureDomain.PRE_SHARED_KEY, state));
        Files.setPosixFilePermissions(configuration, PosixFilePermissions.fromString("rw-------"));
        return host.start(
                "postern-client-" + number,
                List.copyOf(
                        PosternDaemon.commandLine("client", "--config", configuration.toString())),
                Map.of());
    }
}
