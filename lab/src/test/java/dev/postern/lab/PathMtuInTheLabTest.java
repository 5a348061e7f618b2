package dev.postern.lab;

import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;

/// A path outside that takes less than the tunnel's ends think (RFC 4301 section 8.2): over IPv4
/// packets pass in fragments at first; then both hosts inside are told what fits.
///
///     client .10 ---- 1500 ---- router ---- 1300 or 1400 ---- .2 gateway ---- .100 lanhost
///
/// The client hears of it from the router, the gateway from its own interface.
@Tag("privileged")
final class PathMtuInTheLabTest {
    private static final String GATEWAY =
            """
            identity = "gw-a.lab"
            secure-domain = "lab"
            member = 1
            [listen]
            addresses = ["HERE"]
            [inside]
            mode = "tun"
            [pool.clients]
            addresses = "10.1.0.192/26"
            [profile.clients]
            pool = "clients"
            local-subnets = ["10.1.0.0/24"]
            [profile.clients.resumption]
            one-round-trip = false
            rfc5723 = false
            [[profile.clients.peer]]
            id = "client.lab"
            psk = "lab-psk-0123456789abcdef"
            [return-path]
            mode = "proxy-neighbour"
            device = "inside"
            [log]
            format = "json"
            """;

    private static final String CLIENT =
            """
            identity = "client.lab"
            psk = "lab-psk-0123456789abcdef"
            secure-domain = "lab"
            remote-subnets = ["10.1.0.0/24"]
            [[gateway]]
            identity = "gw-a.lab"
            address = "THERE"
            [inside]
            mode = "tun"
            [log]
            format = "json"
            """;

    @AutoClose private final Lab lab = Lab.open("PathMtu");
    private final NetworkNamespace client = lab.host("client");
    private final NetworkNamespace router = lab.host("router").forwarding();
    private final NetworkNamespace gateway = lab.host("gateway").forwarding();
    private final NetworkNamespace lanhost = lab.host("lanhost");

    private void connect(boolean ipv6, int mtu) {
        lab.join(client, "outside", router, "left");
        lab.join(router, "right", gateway, "outside");
        lab.join(gateway, "inside", lanhost, "inside");
        router.ip("link", "set", "right", "mtu", Integer.toString(mtu));
        gateway.ip("link", "set", "outside", "mtu", Integer.toString(mtu));
        gateway.address("inside", "10.1.0.1/24");
        lanhost.address("inside", FailoverTopology.LANHOST + "/24");
        String left = ipv6 ? "2001:db8:1::" : "192.0.2.";
        String right = ipv6 ? "2001:db8:2::" : "198.51.100.";
        String length = ipv6 ? "/64" : "/24";
        client.address("outside", left + "10" + length);
        router.address("left", left + "1" + length).address("right", right + "1" + length);
        gateway.address("outside", right + "2" + length);
        client.route(ipv6 ? "2001:db8:2::/64" : "198.51.100.0/24", left + "1");
        gateway.route(ipv6 ? "2001:db8:1::/64" : "192.0.2.0/24", right + "1");
        PosternDaemon.gateway(gateway, GATEWAY.replace("HERE", right + "2"))
                .awaitLine(SecureDomain.GATEWAY_READY, SOON);
        PosternDaemon.client(client, CLIENT.replace("THERE", right + "2"))
                .awaitLine(SecureDomain.SWITCHED, SOON);
    }

    /// What the host learned before is forgotten first: it would refuse the packet itself, and what
    /// came after the end of one `ping` would be seen by none.
    private static String ping(NetworkNamespace from, String to, int length, int count) {
        from.ip("route", "flush", "cache");
        return from.command(
                        Component.PING.require().toString(),
                        "-n",
                        "-M",
                        "do",
                        "-i",
                        "0.1",
                        "-W",
                        "1",
                        "-c",
                        Integer.toString(count),
                        "-s",
                        Integer.toString(length - 28),
                        to)
                .within(Duration.ofSeconds(30))
                .run()
                .everything();
    }

    private static long fragments(NetworkNamespace host, boolean ipv6) {
        String file = ipv6 ? "/proc/net/snmp6" : "/proc/net/snmp";
        List<String> lines = host.exec("/bin/cat", file).lines().toList();
        if (ipv6) {
            return lines.stream()
                    .filter(line -> line.startsWith("Ip6ReasmReqds"))
                    .mapToLong(line -> Long.parseLong(line.strip().split("[ \\t]+", -1)[1]))
                    .sum();
        }
        List<String> ip = lines.stream().filter(line -> line.startsWith("Ip: ")).toList();
        int column = List.of(ip.getFirst().split(" ", -1)).indexOf("ReasmReqds");
        return Long.parseLong(ip.getLast().split(" ", -1)[column]);
    }

    /// Interop: PMTU of the path outside, told inside by ICMP and in TCP segment sizes | Postern |
    /// Postern initiates
    @ParameterizedTest(name = "IPv6 {0}: of {1} octets outside, {2} inside")
    @CsvSource({"false, 1300, 1238", "true, 1400, 1318"})
    void hostsInsideAreToldWhatThePathOutsideTakes(boolean ipv6, int mtu, int inner) {
        connect(ipv6, mtu);
        String inside = innerAddress();
        String told = "mtu = " + inner;

        Await.until(
                "the client's host is told",
                SOON,
                () -> ping(client, FailoverTopology.LANHOST, 1_390, 1).contains(told));
        Await.until(
                "the host behind the gateway is told",
                SOON,
                () -> ping(lanhost, inside, 1_390, 1).contains(told));

        long before = fragments(client, ipv6) + fragments(gateway, ipv6);
        Await.until(
                "what fits passes",
                SOON,
                () -> ping(client, FailoverTopology.LANHOST, inner, 5).contains("5 received"));
        assertThat(fragments(client, ipv6) + fragments(gateway, ipv6)).isEqualTo(before);
    }

    private String innerAddress() {
        return client.ip("-o", "-4", "address", "show", "dev", "postern0")
                .replaceAll("(?s).*inet ([0-9.]+).*", "$1");
    }
}
