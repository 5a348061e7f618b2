package dev.postern.cli.demo;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Files and processes of one demo: a private directory, secrets made for this run alone, free
/// ports on loopback. `close` ends every process and removes the directory; it also runs when the
/// demo itself is told to end.
final class Stage implements AutoCloseable {
    private static final String GATEWAY =
            """
            identity = "%1$s"
            secure-domain = "demo"
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
            addresses = "10.9.0.0/24"
            assign = "10.9.0.%5$d-10.9.0.%6$d"
            [profile.clients]
            pool = "clients"
            local-subnets = ["10.1.0.0/24"]
            [[profile.clients.peer]]
            id = "client.demo"
            psk = "%7$s"
            [log]
            format = "json"
            """;

    private static final String CLIENT =
            """
            identity = "client.demo"
            psk = "%1$s"
            secure-domain = "demo"
            remote-subnets = ["10.1.0.0/24"]
            [[gateway]]
            identity = "gw-a.demo"
            address = "127.0.0.2"
            port = %2$d
            [[gateway]]
            identity = "gw-b.demo"
            address = "127.0.0.3"
            port = %3$d
            [inside]
            mode = "probe"
            probe-protocol = "icmp"
            probe-target = "10.1.0.1"
            probe-interval = "5ms"
            [resumption]
            one-round-trip = %4$s
            rfc5723 = false
            [log]
            format = "json"
            """;

    private final Path directory;
    private final Consumer<EventLine> watcher;
    private final List<Actor> actors = new ArrayList<>();
    private final SecureRandom random = new SecureRandom();
    private final String preSharedKey = secret();
    private final int portA;
    private final int portB;
    private final Thread atShutdown = Thread.ofPlatform().unstarted(this::clear);

    Stage(Consumer<EventLine> watcher) throws IOException {
        this.watcher = watcher;
        this.directory =
                Files.createTempDirectory(
                        "postern-demo-",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        Runtime.getRuntime().addShutdownHook(atShutdown);
        this.portA = freePort("127.0.0.2");
        this.portB = freePort("127.0.0.3");
        byte[] spi = new byte[8];
        random.nextBytes(spi);
        write("tgs.keys", "key " + HexFormat.of().formatHex(spi) + " " + secret() + "\n");
        write(
                "gw-a.toml",
                GATEWAY.formatted("gw-a.demo", 1, "127.0.0.2", portA, 1, 100, preSharedKey));
        write(
                "gw-b.toml",
                GATEWAY.formatted("gw-b.demo", 2, "127.0.0.3", portB, 101, 200, preSharedKey));
        write("resuming.toml", CLIENT.formatted(preSharedKey, portA, portB, true));
        write("full.toml", CLIENT.formatted(preSharedKey, portA, portB, false));
    }

    Actor gateway(String name) throws IOException {
        return start(name, "gateway", name + ".toml");
    }

    Actor client(boolean resuming) throws IOException {
        return start("client", "client", resuming ? "resuming.toml" : "full.toml");
    }

    private Actor start(String name, String command, String file) throws IOException {
        List<String> words =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.postern.cli.Postern",
                        command,
                        "--config",
                        directory.resolve(file).toString());
        Actor actor = new Actor(name, new ProcessBuilder(words), watcher);
        synchronized (actors) {
            actors.add(actor);
        }
        return actor;
    }

    /// What each process said last, for a failure's report.
    List<String> lastWords() {
        List<String> words = new ArrayList<>();
        synchronized (actors) {
            for (Actor actor : actors) {
                words.add("-- " + actor.name() + " (pid " + actor.pid() + ") said last:");
                words.addAll(actor.lastLines());
            }
        }
        return words;
    }

    /// Ends all processes of an act.
    void endAll() {
        synchronized (actors) {
            actors.reversed().forEach(Actor::end);
            actors.clear();
        }
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private String secret() {
        byte[] octets = new byte[32];
        random.nextBytes(octets);
        return HexFormat.of().formatHex(octets);
    }

    private static int freePort(String address) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral(address))) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(atShutdown);
        } catch (IllegalStateException e) {
            // The JVM is ending already, and the hook does the same.
        }
    }

    private void clear() {
        endAll();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println(
                    "postern: " + directory + " could not be removed: " + e.getMessage());
        }
    }
}
