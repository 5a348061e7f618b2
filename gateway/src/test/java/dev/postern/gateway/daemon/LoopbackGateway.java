package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.GatewayConfiguration;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// A real gateway on loopback, unprivileged, with its files in a directory.
public record LoopbackGateway(Path directory) {
    /// One line of a file of TGS keys.
    static final String TGS_KEY =
            "key 0102030405060708"
                    + " 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";

    /// Who connects by a pre-shared key.
    static final String PEER =
            """
            [[profile.clients.peer]]
            id = "client.example"
            psk = "a pre-shared key for a test alone"
            """;

    public static LoopbackGateway in(Path directory) throws IOException {
        LoopbackGateway gateway = new LoopbackGateway(directory);
        gateway.write("tgs.keys", TGS_KEY);
        return gateway;
    }

    /// A file that nobody else can read.
    Path write(String name, String text) throws IOException {
        return own(Files.writeString(directory.resolve(name), text));
    }

    public static Path own(Path file) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /// @param more what its file has besides, from within `profile.clients` on
    public GatewayDaemon start(String more, EventLog events) throws Exception {
        Path file =
                write(
                        "gateway.toml",
                        """
                        identity = "gw.example"
                        secure-domain = "example"
                        member = 1
                        tgs-keys = "tgs.keys"
                        [listen]
                        addresses = ["127.0.0.1"]
                        ike-port = 0
                        nat-port = %d
                        [inside]
                        mode = "endpoint"
                        endpoint-addresses = ["10.1.0.1"]
                        [pool.clients]
                        addresses = "10.9.0.0/24"
                        [profile.clients]
                        pool = "clients"
                        local-subnets = ["10.1.0.0/24"]
                        """
                                        .formatted(freeUdpPort())
                                + more);
        return GatewayDaemon.start(GatewayConfiguration.read(file), events);
    }

    private static int freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
