package dev.postern.lab;

import static dev.postern.lab.SecureDomain.GATEWAY_READY;
import static dev.postern.lab.SecureDomain.PRE_SHARED_KEY;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Transport mode between two hosts that know nothing of it: their programs speak to each other's
/// outer addresses. Debian's strongSwan with libipsec has no transport mode, so both are Postern.
@Tag("privileged")
final class TransportModeInTheLabTest {
    private static final Pattern LOST =
            Pattern.compile("\"sum\":\\s*\\{[^}]*\"lost_percent\":\\s*([0-9.e+-]+)");

    @AutoClose private final Lab lab = Lab.open("Transport");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    private PosternDaemon gateway(NetworkNamespace host, int number) {
        PosternDaemon gateway =
                PosternDaemon.gateway(
                        host,
                        """
                        identity = "gw-%1$s.lab"
                        secure-domain = "lab"
                        member = %2$d
                        tgs-keys = "%3$s"
                        [listen]
                        addresses = ["0.0.0.0", "::"]
                        [profile.hosts]
                        mode = "transport"
                        [[profile.hosts.peer]]
                        id = "client.lab"
                        psk = "%4$s"
                        [log]
                        format = "json"
                        """
                                .formatted(
                                        number == 1 ? "a" : "b",
                                        number,
                                        domain.tgsKeys(),
                                        PRE_SHARED_KEY));
        gateway.awaitLine(GATEWAY_READY, SOON);
        return gateway;
    }

    private PosternDaemon client(String... gateways) {
        StringBuilder toml =
                new StringBuilder(
                        """
                        identity = "client.lab"
                        psk = "%s"
                        secure-domain = "lab"
                        mode = "transport"
                        """
                                .formatted(PRE_SHARED_KEY));
        List<String> names = List.of("gw-a.lab", "gw-b.lab");
        for (int i = 0; i < gateways.length; i++) {
            toml.append(
                    "[[gateway]]\nidentity = \"%s\"\naddress = \"%s\"\n"
                            .formatted(names.get(i), gateways[i]));
        }
        PosternDaemon client =
                PosternDaemon.client(net.client(), toml.append("[log]\nformat = \"json\"\n") + "");
        client.awaitLine(SWITCHED, SOON);
        return client;
    }

    /// How much of a stream of datagrams has not arrived, as the receiving program says.
    private double lostPercent(String server) {
        String json =
                net.client()
                        .command(
                                Component.IPERF.require().toString(),
                                "--client",
                                server,
                                "--udp",
                                "--length",
                                "1000",
                                "--bitrate",
                                "8M",
                                "--time",
                                "2",
                                "--json",
                                "--connect-timeout",
                                "5000")
                        .within(Duration.ofSeconds(30))
                        .run()
                        .everything();
        Matcher lost = LOST.matcher(json);
        assertThat(lost.find()).as(json).isTrue();
        return Double.parseDouble(lost.group(1));
    }

    private static long packets(Path pcap, String filter) {
        return Command.of(
                        Component.TCPDUMP.require().toString(), "-n", "-r", pcap.toString(), filter)
                .runSuccessfully()
                .lines()
                .count();
    }

    /// Interop: transport mode (RFC 7296, 1.3.1) | Postern | both initiate
    @ParameterizedTest
    @ValueSource(strings = {FailoverTopology.GW_A, "2001:db8::1"})
    void programsOfTwoHostsSpeakUnderTheProtectionOfEsp(String server) {
        gateway(net.gwA(), 1);
        try (LabProcess _ = Iperf.server(net.gwA(), server);
                Capture wire = Capture.start(net.client(), "outside", "port 5201");
                Capture esp = Capture.start(net.gwA(), "outside", "udp port 4500")) {
            client(server);
            Await.until(
                    "the hosts reach each other",
                    SOON,
                    () -> Ping.send(net.client(), server, 1).received() == 1);
            // Neighbours find each other again, although clear text is refused.
            net.client().exec("ip", "neighbour", "flush", "dev", "outside");
            net.gwA().exec("ip", "neighbour", "flush", "dev", "outside");
            assertThat(Ping.send(net.client(), server, 3).lost()).isZero();
            // On a busy machine iperf3 outruns it; here it matters that datagrams arrive at all.
            assertThat(lostPercent(server)).isLessThan(90);
            assertThat(
                            Iperf.measure(
                                            net.client(),
                                            server,
                                            1,
                                            Iperf.Direction.DOWN,
                                            Duration.ofSeconds(1))
                                    .bitsPerSecond())
                    .isGreaterThan(1e6);
            assertThat(packets(wire.stop(), "not udp port 4500")).isZero();
            assertThat(packets(esp.stop(), "udp port 4500")).isGreaterThan(100);
        }
    }

    /// What the selectors cover is not taken in clear text (RFC 4301 section 5.2).
    @Test
    void aPacketInClearTextFromThePeerIsDropped() {
        gateway(net.gwA(), 1);
        PosternDaemon client = client(FailoverTopology.GW_A);
        Await.until(
                "the hosts reach each other",
                SOON,
                () -> Ping.send(net.client(), FailoverTopology.GW_A, 1).received() == 1);
        client.crash();
        // The client's rules are inert now: its packets go out as they are.
        net.client().ip("rule", "flush");
        net.client().ip("rule", "add", "priority", "32766", "lookup", "main");
        assertThat(Ping.send(net.client(), FailoverTopology.GW_A, 3).received()).isZero();
    }

    /// Interop: transport mode Child SA restored by a 1-RTT resume | Postern | both initiate
    @Test
    void aResumeAtAnotherGatewayIsBetweenTheClientAndThatOne() {
        PosternDaemon first = gateway(net.gwA(), 1);
        gateway(net.gwB(), 2);
        PosternDaemon client = client(FailoverTopology.GW_A, FailoverTopology.GW_B);
        Await.until(
                "the hosts reach each other",
                SOON,
                () -> Ping.send(net.client(), FailoverTopology.GW_A, 1).received() == 1);
        int mark = client.process().mark();
        first.crash();
        Ping.send(net.client(), FailoverTopology.GW_A, 2);
        String switched = client.process().awaitLineAfter(mark, SWITCHED, SOON);
        assertThat(SecureDomain.field(switched, "by")).isEqualTo("resumed-1rtt");
        Await.until(
                "the client reaches gateway B",
                SOON,
                () -> Ping.send(net.client(), FailoverTopology.GW_B, 1).received() == 1);
    }
}
