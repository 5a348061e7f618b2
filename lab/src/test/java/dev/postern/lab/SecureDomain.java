package dev.postern.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Postern in the failover topology: configurations of two gateways of one secure domain and of
/// their client, whose inner address comes from the gateways' inside network.
///
/// What differs from test to test is appended to a configuration as further tables of TOML.
final class SecureDomain {
    /// Generous: a JVM starts late on a loaded machine.
    static final Duration SOON = Duration.ofMinutes(3);

    static final String PRE_SHARED_KEY = "lab-psk-0123456789abcdef";
    static final String GATEWAY_READY = "\"event\":\"gateway-ready\"";
    static final String SWITCHED = "\"event\":\"switch-completed\"";

    static final String BOTH_GATEWAYS =
            """
            [[gateway]]
            identity = "gw-a.lab"
            address = "192.0.2.1"
            [[gateway]]
            identity = "gw-b.lab"
            address = "192.0.2.2"
            """;

    /// Answers for its clients' addresses on the inside network.
    static final String PROXY_NEIGHBOUR =
            """
            [return-path]
            mode = "proxy-neighbour"
            device = "inside"
            """;

    private final Lab lab;
    private final FailoverTopology net;
    private final String tgsKey;

    SecureDomain(Lab lab, FailoverTopology net) {
        this.lab = lab;
        this.net = net;
        byte[] spiAndKey = new byte[40];
        new SecureRandom().nextBytes(spiAndKey);
        String digits = HexFormat.of().formatHex(spiAndKey);
        this.tgsKey = "key %s %s\n".formatted(digits.substring(0, 16), digits.substring(16));
    }

    Path tgsKeys() {
        return lab.write("tgs.keys", tgsKey);
    }

    /// A TGS key file for a gateway alone, with the domain's key.
    Path tgsKeys(NetworkNamespace host) {
        return lab.write(host.host() + "/tgs.keys", tgsKey);
    }

    /// Starts gateway A and waits until it serves.
    PosternDaemon gatewayA(String more) {
        return gatewayA(more, FailoverTopology.GW_A);
    }

    /// The same, at these addresses.
    PosternDaemon gatewayA(String more, String... addresses) {
        return gateway(net.gwA(), "gw-a.lab", 1, String.join("\", \"", addresses), more);
    }

    /// Starts gateway B and waits until it serves.
    PosternDaemon gatewayB(String more) {
        return gateway(net.gwB(), "gw-b.lab", 2, FailoverTopology.GW_B, more);
    }

    private PosternDaemon gateway(
            NetworkNamespace host, String identity, int member, String address, String more) {
        return gateway(host, identity, member, address, more, Map.of());
    }

    /// Starts a gateway on any host, with variables added to its environment, and waits until it
    /// serves.
    PosternDaemon gateway(
            NetworkNamespace host,
            String identity,
            int member,
            String address,
            String more,
            Map<String, String> environment) {
        String toml = gatewayText(host, identity, member, address);
        PosternDaemon gateway = PosternDaemon.gateway(host, toml + more, environment);
        gateway.awaitLine(GATEWAY_READY, SOON);
        return gateway;
    }

    /// The text of a gateway's configuration.
    String gatewayText(NetworkNamespace host, String identity, int member, String address) {
        Path tgsKeys = tgsKeys(host);
        return """
        identity = "%1$s"
        secure-domain = "lab"
        member = %2$d
        tgs-keys = "%3$s"
        [listen]
        addresses = ["%4$s"]
        [inside]
        mode = "tun"
        [pool.clients]
        addresses = "10.1.0.192/26"
        assign = "10.1.0.2%2$d0-10.1.0.2%2$d9"
        [profile.clients]
        pool = "clients"
        local-subnets = ["10.1.0.0/24"]
        [[profile.clients.peer]]
        id = "client.lab"
        psk = "%5$s"
        [log]
        format = "json"
        """
                .formatted(identity, member, tgsKeys, address, PRE_SHARED_KEY);
    }

    /// Starts the client and waits until it has its first tunnel and the host behind the gateways
    /// answers through it.
    PosternDaemon client(String more) {
        return client(more, BOTH_GATEWAYS);
    }

    /// The same, with gateway A alone at this address.
    PosternDaemon clientOf(String address) {
        return clientOf(address, "");
    }

    PosternDaemon clientOf(String address, String more) {
        return client(
                more,
                """
                [[gateway]]
                identity = "gw-a.lab"
                address = "%s"
                """
                        .formatted(address));
    }

    /// The same, with these gateways.
    PosternDaemon client(String more, String gateways) {
        return clientWith(clientText("client.lab", gateways) + more);
    }

    /// The same, with this configuration.
    PosternDaemon clientWith(String toml) {
        PosternDaemon client = PosternDaemon.client(net.client(), toml);
        client.awaitLine(SWITCHED, SOON);
        Await.until("the client reaches lanhost", SOON, this::clientReachesLanhost);
        return client;
    }

    /// The text of a client's configuration.
    static String clientText(String identity, String gateways) {
        return """
        identity = "%s"
        psk = "%s"
        secure-domain = "lab"
        remote-subnets = ["10.1.0.0/24"]
        %s
        [inside]
        mode = "tun"
        [log]
        format = "json"
        """
                .formatted(identity, PRE_SHARED_KEY, gateways);
    }

    boolean clientReachesLanhost() {
        return Ping.send(net.client(), FailoverTopology.LANHOST, 1).received() == 1;
    }

    /// Makes a directory for a daemon's key log.
    Path keyLogDirectory(String name) {
        try {
            Path directory = Files.createDirectories(lab.file(name));
            closeToOthers(directory, "rwx------");
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String keyLog(Path directory) {
        return "[key-log]\ndirectory = \"" + directory + "\"\n";
    }

    private static void closeToOthers(Path path, String permissions) {
        try {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A text field of an event's line.
    static String field(String eventLine, String name) {
        Matcher matcher = Pattern.compile('"' + name + "\":\"?([^\",}]*)").matcher(eventLine);
        if (!matcher.find()) {
            throw new LabException("no field " + name + " in " + eventLine);
        }
        return matcher.group(1);
    }
}
