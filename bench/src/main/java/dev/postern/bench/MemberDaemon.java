package dev.postern.bench;

import dev.postern.ticket.TgsKeyFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.stream.Collectors;

/// The files of a gateway daemon that is a member of a cluster of two on the loopback, whose
/// certificates [GridReplication#certificates] makes.
final class MemberDaemon {
    private static final int[] PORTS = {FreePort.udp(), FreePort.udp()};

    private MemberDaemon() {}

    /// What both members have in common, once.
    static void secrets(Path directory) throws IOException {
        SecureRandom random = new SecureRandom();
        secret(directory, "tgs.keys", TgsKeyFile.generate(random::nextBytes, 0));
        secret(directory, "client.psk", "bench-bench-bench\n");
        for (int number = 0; number < GridReplication.PORTS.length; number++) {
            close(directory.resolve(GridReplication.node(number) + ".key"));
        }
    }

    /// The address at which a member listens.
    static String address(int number) {
        return "127.0.0." + (8 + number);
    }

    /// The port at which it listens.
    static int port(int number) {
        return PORTS[number];
    }

    /// @param more further tables, in TOML
    static Path configuration(Path directory, int number, String more) throws IOException {
        String node = GridReplication.node(number);
        return secret(
                directory,
                node + ".toml",
                """
                identity = "gateway.bench"
                secure-domain = "bench"
                member = %2$d
                tgs-keys = "tgs.keys"
                [listen]
                addresses = ["%3$s"]
                ike-port = 0
                nat-port = %4$d
                [inside]
                mode = "endpoint"
                endpoint-addresses = ["10.1.0.1"]
                [pool.clients]
                addresses = "10.0.0.0/8"
                assign = "10.%5$d.0.1-10.%5$d.255.254"
                [profile.bench]
                pool = "clients"
                local-subnets = ["10.1.0.0/24"]
                %8$s[log]
                format = "json"
                [cluster]
                name = "bench"
                node = "%1$s"
                certificate = "%1$s.pem"
                private-key = "%1$s.key"
                trust = "ca.pem"
                [[cluster.member]]
                node = "gw-a"
                address = "127.0.0.1:%6$d"
                [[cluster.member]]
                node = "gw-b"
                address = "127.0.0.1:%7$d"
                """
                                .formatted(
                                        node,
                                        number + 1,
                                        address(number),
                                        port(number),
                                        2 * number,
                                        GridReplication.PORTS[0],
                                        GridReplication.PORTS[1],
                                        peers())
                        + more);
    }

    /// The clients of an [EndpointPair].
    private static String peers() {
        return EndpointPair.peers().stream()
                .map(
                        """
                        [[profile.bench.peer]]
                        id = "%s"
                        psk-file = "client.psk"
                        """
                                ::formatted)
                .collect(Collectors.joining());
    }

    private static Path secret(Path directory, String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        close(file);
        return file;
    }

    private static void close(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
