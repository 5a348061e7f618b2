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
import java.util.List;

/// A gateway under datagrams that no peer would send.
@Tag("privileged")
final class BadInputTest {
    private static final int COUNT = 20_000;

    @AutoClose private final Lab lab = Lab.open("BadInput");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    @Test
    void aTunnelPingsOnWhileStrangersSendNoiseAndTheGatewayServesNewClientsAfterwards() {
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR);
        PosternDaemon client = domain.client("");
        LabProcess ping = Ping.start(net.client(), FailoverTopology.LANHOST, Duration.ofMillis(20));
        ping.awaitLine("icmp_seq=5", SOON);

        for (String port : new String[] {"4500", "500"}) {
            int before = ping.mark();
            sendNoise(port);
            ping.awaitLineAfter(before, "bytes from", SOON);
        }

        int after = ping.mark();
        ping.awaitLineAfter(after, "bytes from", SOON);
        assertThat(datagramsRead()).isGreaterThan(COUNT / 10);
        assertThat(gateway.process().isAlive()).isTrue();
        assertThat(gateway.process().output()).noneMatch(line -> line.contains("Exception"));
        assertThat(client.process().output())
                .noneMatch(line -> line.contains("peer-unresponsive"))
                .filteredOn(line -> line.contains(SWITCHED))
                .hasSize(1);
        client.process().terminate();
        domain.client("");
    }

    /// How many datagrams the gateway has taken from its sockets; a flood overruns their buffers.
    private long datagramsRead() {
        List<String> udp =
                net.gwA()
                        .exec("/bin/cat", "/proc/net/snmp")
                        .lines()
                        .filter(line -> line.startsWith("Udp: "))
                        .toList();
        int column = List.of(udp.getFirst().split(" ", -1)).indexOf("InDatagrams");
        return Long.parseLong(udp.getLast().split(" ", -1)[column]);
    }

    private void sendNoise(String port) {
        LabProcess stranger =
                net.client()
                        .start(
                                "stranger-" + port,
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.postern.lab.BadDatagrams",
                                FailoverTopology.GW_A,
                                port,
                                "7",
                                Integer.toString(COUNT));
        assertThat(stranger.awaitExit(SOON)).isZero();
        assertThat(stranger.output()).contains("sent " + COUNT);
    }
}
