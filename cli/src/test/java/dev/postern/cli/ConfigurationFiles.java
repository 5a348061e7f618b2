package dev.postern.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Configuration files of daemons on one machine that need no privileges, to which more tables can
/// be appended.
final class ConfigurationFiles {
    /// The line of a gateway that names its TGS key file, which [Processes#writeTgsKey] writes.
    static final String TGS_KEYS = "tgs-keys = \"tgs.keys\"\n";

    /// The lines of a gateway's pool.
    static final String POOL =
            """
            [pool.clients]
            addresses = "10.9.0.0/24"
            """;

    /// For a client: 1-RTT resumption alone.
    static final String WITHOUT_RFC5723 =
            """
            [resumption]
            rfc5723 = false
            """;

    private ConfigurationFiles() {}

    private static String name(int member) {
        return "gw-" + (char) ('a' + member - 1) + ".example";
    }

    /// @param member 1 is gw-a.example, 2 gw-b.example
    /// @param port on which it listens
    /// @param clients whom it knows; client.example where none is named
    static String gateway(int member, int port, String... clients) {
        String head =
                """
                identity = "%s"
                secure-domain = "example"
                member = %d
                %s\
                [listen]
                addresses = ["127.0.0.1"]
                ike-port = 0
                nat-port = %d
                [inside]
                mode = "endpoint"
                endpoint-addresses = ["10.1.0.1"]
                %s\
                [profile.clients]
                pool = "clients"
                local-subnets = ["10.1.0.0/24"]
                """
                        .formatted(name(member), member, TGS_KEYS, port, POOL);
        return Arrays.stream(clients.length == 0 ? new String[] {"client.example"} : clients)
                .map(
                        """
                        [[profile.clients.peer]]
                        id = "%s"
                        psk = "a pre-shared key for a test alone"
                        """
                                ::formatted)
                .collect(Collectors.joining("", head, ""));
    }

    /// @param ports of gw-a.example, gw-b.example
    static String client(String identity, int... ports) {
        String head =
                """
                identity = "%s"
                secure-domain = "example"
                psk = "a pre-shared key for a test alone"
                remote-subnets = ["10.1.0.0/24"]
                """
                        .formatted(identity);
        return IntStream.range(0, ports.length)
                .mapToObj(i -> gatewayTable(i + 1, ports[i]))
                .collect(
                        Collectors.joining(
                                "",
                                head,
                                """
                                [inside]
                                mode = "probe"
                                probe-protocol = "icmp"
                                probe-target = "10.1.0.1"
                                probe-interval = "20ms"
                                """));
    }

    private static String gatewayTable(int member, int port) {
        return """
        [[gateway]]
        identity = "%s"
        address = "127.0.0.1"
        port = %d
        """
                .formatted(name(member), port);
    }
}
