package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// A session survives its gateway: real daemons, a kernel's packets, a host behind both gateways.
@Tag("privileged")
final class FailoverInTheLabTest {
    private static final String AWAY_FROM_TRAFFIC =
            """
            [liveness]
            idle = "1s"
            traffic-silence = "never"
            [calm]
            return-after = "2s"
            """;

    @AutoClose private final Lab lab = Lab.open("Failover");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    @Test
    void aPingSurvivesTheDeathOfTheGatewayAndTheClientIsReachedThroughTheOther() {
        PosternDaemon gwA = domain.gatewayA(PROXY_NEIGHBOUR);
        domain.gatewayB(PROXY_NEIGHBOUR);
        Path admin = lab.file("client.sock");
        PosternDaemon client = domain.client("[admin]\nsocket = \"" + admin + "\"\n");
        String connected = client.awaitLine(SWITCHED, SOON);
        String inner = SecureDomain.field(connected, "innerAddresses");
        assertThat(SecureDomain.field(connected, "to")).isEqualTo("gw-a.lab");
        assertThat(Ping.send(net.lanhost(), inner, 3).lost()).isZero();
        assertThat(macOf(inner)).isEqualTo(macAddress(net.gwA(), "inside"));
        LabProcess ping = Ping.start(net.client(), FailoverTopology.LANHOST, Duration.ofMillis(50));
        ping.awaitLine("icmp_seq=5", SOON);

        leavesAGatewayThatLetsItInAndCannotForward(client, admin);
        ping.awaitLineAfter(ping.mark(), "bytes from", SOON);

        gwA.crash();
        int crashed = ping.mark();
        ping.awaitLineAfter(crashed, "bytes from", SOON);

        String moved = lastSwitch(client);
        assertThat(SecureDomain.field(moved, "to")).isEqualTo("gw-b.lab");
        assertThat(SecureDomain.field(moved, "by")).isEqualTo("resumed-1rtt");
        assertThat(SecureDomain.field(moved, "innerAddresses")).isEqualTo(inner);
        assertThat(net.client().ip("-4", "address", "show", "dev", "postern0")).contains(inner);
        assertThat(Ping.send(net.lanhost(), inner, 3).lost()).isZero();
        assertThat(macOf(inner)).isEqualTo(macAddress(net.gwB(), "inside"));
        assertThat(net.gwA().ip("neighbour", "show", "proxy")).contains(inner);

        gwA.restart().awaitLine(SecureDomain.GATEWAY_READY, SOON);

        assertThat(net.gwA().ip("neighbour", "show", "proxy")).doesNotContain(inner);
        net.lanhost().ip("neighbour", "flush", "dev", "inside");
        assertThat(Ping.send(net.lanhost(), inner, 3).lost()).isZero();
        assertThat(macOf(inner)).isEqualTo(macAddress(net.gwB(), "inside"));
        assertThat(Ping.finish(ping).received()).isGreaterThan(5);
    }

    /// It answers every check.
    private void leavesAGatewayThatLetsItInAndCannotForward(PosternDaemon client, Path admin) {
        net.gwB().sysctl("net/ipv4/ip_forward", "0");
        int mark = client.process().mark();
        List<String> command =
                PosternDaemon.commandLine(
                        "client", "switch", "gw-b.lab", "--admin", admin.toString());
        Command.of(net.client().wrap(command)).runSuccessfully();
        String there = client.process().awaitLineAfter(mark, SWITCHED, SOON);
        assertThat(SecureDomain.field(there, "to")).isEqualTo("gw-b.lab");
        assertThat(SecureDomain.field(there, "by")).isEqualTo("resumed-1rtt");
        client.process().awaitLineAfter(mark, "CARRIES_NOTHING", SOON);
        Await.until(
                "it is back",
                SOON,
                () -> SecureDomain.field(lastSwitch(client), "to").equals("gw-a.lab"));
        net.gwB().sysctl("net/ipv4/ip_forward", "1");
    }

    @Test
    void aClientThatEndsIsDeletedAndTheGatewayWithdrawsItsReturnPath() {
        PosternDaemon gwA = domain.gatewayA(PROXY_NEIGHBOUR);
        PosternDaemon client = domain.client("");
        String inner = SecureDomain.field(client.awaitLine(SWITCHED, SOON), "innerAddresses");
        assertThat(net.gwA().ip("route", "show", "dev", "postern0")).contains(inner);
        assertThat(net.gwA().ip("neighbour", "show", "proxy")).contains(inner);

        client.process().terminate();

        assertThat(client.awaitLine("client-stopped", SOON)).contains("\"deleteAnswered\":true");
        gwA.awaitLine("\"event\":\"ike-sa-closed\"", SOON);
        Await.until(
                "the route and the proxy entry are withdrawn",
                SOON,
                () ->
                        !net.gwA().ip("route", "show", "dev", "postern0").contains(inner)
                                && !net.gwA().ip("neighbour", "show", "proxy").contains(inner));
    }

    /// The client knows gw-a by an IPv6 address too, from which nothing comes back: it is not
    /// waited for. When gw-a is there again the client goes back, and no packet is lost.
    @Test
    void theIdleCheckFindsTheDeadGatewayOutAndTheWayBackLosesNothing() {
        PosternDaemon gwA = domain.gatewayA(PROXY_NEIGHBOUR);
        domain.gatewayB(PROXY_NEIGHBOUR);
        String nobody = "02:00:00:00:00:77";
        net.client().ip("neighbour", "add", "2001:db8::77", "lladdr", nobody, "dev", "outside");
        PosternDaemon client =
                domain.client(
                        AWAY_FROM_TRAFFIC,
                        """
                        [[gateway]]
                        identity = "gw-a.lab"
                        address = "2001:db8::77"
                        [[gateway]]
                        identity = "gw-a.lab"
                        address = "192.0.2.1"
                        [[gateway]]
                        identity = "gw-b.lab"
                        address = "192.0.2.2"
                        """);
        assertThat(client.process().output())
                .as("the silent address was not waited for")
                .anyMatch(line -> line.contains("gateway-answered") && line.contains("192.0.2.1"))
                .noneMatch(line -> line.contains("PEER_UNRESPONSIVE"));

        gwA.crash();
        int crashed = client.process().mark();

        String moved = client.process().awaitLineAfter(crashed, SWITCHED, SOON);
        assertThat(SecureDomain.field(moved, "to")).isEqualTo("gw-b.lab");
        Await.until("the client reaches lanhost again", SOON, domain::clientReachesLanhost);

        LabProcess ping = Ping.start(net.client(), FailoverTopology.LANHOST, Duration.ofMillis(50));
        ping.awaitLine("icmp_seq=5", SOON);
        int there = client.process().mark();
        gwA.restart().awaitLine(SecureDomain.GATEWAY_READY, SOON);
        String back = client.process().awaitLineAfter(there, SWITCHED, SOON);
        assertThat(SecureDomain.field(back, "to")).startsWith("gw-a.lab");
        assertThat(SecureDomain.field(back, "by")).isEqualTo("resumed-1rtt");
        int after = ping.mark();
        // The old IKE SA goes a second later.
        client.process().awaitLineAfter(there, "CLOSED_LOCALLY", SOON);
        ping.awaitLineAfter(after, "bytes from", SOON);
        Ping.finish(ping);
        List<Integer> answered =
                ping.output().stream()
                        .filter(line -> line.contains("bytes from"))
                        .map(line -> Integer.valueOf(wordAfter("icmp_seq", line.replace('=', ' '))))
                        .toList();
        int last = Collections.max(answered);
        List<Integer> sent = IntStream.rangeClosed(1, last).boxed().toList();
        assertThat(answered)
                .as("nothing is lost on the way back")
                .containsExactlyInAnyOrderElementsOf(sent);
    }

    private static String lastSwitch(PosternDaemon client) {
        return client.process().output().stream()
                .filter(line -> line.contains(SWITCHED))
                .toList()
                .getLast();
    }

    /// Whom the host behind the gateways takes for the owner of an address.
    private String macOf(String address) {
        return wordAfter("lladdr", net.lanhost().ip("neighbour", "show", "to", address));
    }

    private static String macAddress(NetworkNamespace host, String device) {
        return wordAfter("link/ether", host.ip("link", "show", "dev", device));
    }

    private static String wordAfter(String word, String text) {
        String[] words = text.split("\\s+", -1);
        for (int i = 0; i + 1 < words.length; i++) {
            if (words[i].equals(word)) {
                return words[i + 1];
            }
        }
        throw new LabException("no " + word + " in " + text);
    }
}
