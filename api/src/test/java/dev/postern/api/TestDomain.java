package dev.postern.api;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Files of a secure domain on loopback, on ports that were free.
record TestDomain(Path directory) {
    /// Where the home agents are, inside the tunnel.
    static final String INNER = "10.1.0.1";

    static TestDomain in(Path directory, int gateways) throws IOException {
        TestDomain domain = new TestDomain(directory);
        domain.write(
                "tgs.keys",
                "key 0102030405060708 " + "8f3a61c2d4e5b697".repeat(3) + "0718293a4b5c6d7e\n");
        StringBuilder client =
                new StringBuilder(
                        """
                        identity = "node.example"
                        secure-domain = "example"
                        psk = "a pre-shared key for a test alone"
                        remote-subnets = ["10.1.0.0/24"]
                        """);
        DatagramSocket[] free = new DatagramSocket[gateways];
        for (int i = 0; i < gateways; i++) {
            free[i] = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        }
        for (int i = 0; i < gateways; i++) {
            int port = free[i].getLocalPort();
            free[i].close();
            domain.write("gateway-" + i + ".toml", gatewayFile(i, port));
            client.append(
                    """
                    [[gateway]]
                    identity = "gw-%d.example"
                    address = "127.0.0.1"
                    port = %d
                    """
                            .formatted(i, port));
        }
        domain.write("client.toml", client.toString());
        return domain;
    }

    private static String gatewayFile(int number, int port) {
        return """
        identity = "gw-%d.example"
        secure-domain = "example"
        member = %d
        tgs-keys = "tgs.keys"
        [listen]
        addresses = ["127.0.0.1"]
        ike-port = 0
        nat-port = %d
        [inside]
        mode = "endpoint"
        endpoint-addresses = ["%s"]
        [pool.clients]
        addresses = "10.9.0.0/24"
        [profile.clients]
        pool = "clients"
        local-subnets = ["10.1.0.0/24"]
        [[profile.clients.peer]]
        id = "node.example"
        psk = "a pre-shared key for a test alone"
        """
                .formatted(number, number + 1, port, INNER);
    }

    void write(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    Path gateway(int number) {
        return directory.resolve("gateway-" + number + ".toml");
    }

    Path client() {
        return directory.resolve("client.toml");
    }
}
