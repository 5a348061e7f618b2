package dev.postern.bench;

import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.tickets.TicketServiceClient;
import dev.postern.gateway.tickets.TicketServicePlaces;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/// Resumes a second through a ticket service: `TicketServiceLoad [SESSIONS] [AT_ONCE]`. The service
/// is a process of its own, asked over TLS on loopback; clients and the gateway, which holds no TGS
/// key, are endpoints on one thread here. Each resume has one ticket opened and the next one
/// sealed. The certificates are made by openssl.
public final class TicketServiceLoad {
    private static final int WARM_UP = 2;

    private static final List<String> OPENSSL =
            List.of(
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:P-256",
                    "-nodes",
                    "-days",
                    "2");

    private TicketServiceLoad() {}

    public static void main(String[] arguments)
            throws IOException, InterruptedException, ConfigurationException {
        int sessions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_000;
        int atOnce = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 64;
        Path directory = Files.createTempDirectory("postern-bench");
        Process service = null;
        try {
            int port = FreePort.tcp();
            TicketServicePlaces places = prepare(directory, port);
            service = startService(directory);
            CountDownLatch connected = new CountDownLatch(1);
            try (TicketServiceClient client =
                    TicketServiceClient.start(places, "bench", new Listener(connected))) {
                connected.await();
                measure(client, service, sessions, atOnce);
            }
        } finally {
            if (service != null) {
                service.destroy();
                service.waitFor();
            }
            remove(directory);
        }
    }

    private static void measure(
            TicketServiceClient client, Process service, int sessions, int atOnce)
            throws InterruptedException {
        for (int round = 0; round <= WARM_UP; round++) {
            ServedResumes resumes = new ServedResumes(client, atOnce);
            resumes.handshakes(sessions);
            Duration before = cpu(service);
            ServedResumes.Result result = resumes.run();
            Duration used = cpu(service).minus(before);
            if (round == WARM_UP) {
                System.out.printf(
                        Locale.ROOT,
                        "%d resumes in %.2f s, %d at once: %.0f a second; service CPU %.1f us each;"
                                + " median %.1f ms, 99th percentile %.1f ms%n",
                        result.count(),
                        result.nanos() / 1e9,
                        atOnce,
                        result.count() * 1e9 / result.nanos(),
                        used.toNanos() / 1e3 / result.count(),
                        result.percentileNanos(50) / 1e6,
                        result.percentileNanos(99) / 1e6);
            }
        }
    }

    private static Duration cpu(Process process) {
        return process.toHandle().info().totalCpuDuration().orElseThrow();
    }

    /// Both files, and what they name; each end trusts the other's certificate itself.
    private static TicketServicePlaces prepare(Path directory, int port)
            throws IOException, InterruptedException, ConfigurationException {
        certificate(directory, "tickets");
        certificate(directory, "gateway");
        write(
                directory,
                "tgs.keys",
                "key 0102030405060708"
                        + " 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
        write(
                directory,
                "ticket-service.toml",
                """
                secure-domain = "bench"
                listen = ["127.0.0.1:%d"]
                tgs-keys = "tgs.keys"
                gateways = ["gateway.bench"]
                certificate = "tickets.pem"
                private-key = "tickets.key"
                trust = "gateway.pem"
                """
                        .formatted(port));
        write(
                directory,
                "gateway.toml",
                """
                identity = "gateway.bench"
                secure-domain = "bench"
                member = 1
                [listen]
                addresses = ["127.0.0.1"]
                [pool.clients]
                addresses = "10.9.0.0/24"
                [profile.clients]
                pool = "clients"
                local-subnets = ["10.1.0.0/24"]
                [[profile.clients.peer]]
                id = "client.bench"
                psk = "a pre-shared key for a benchmark"
                [ticket-service]
                addresses = ["127.0.0.1:%d"]
                names = ["tickets.bench"]
                certificate = "gateway.pem"
                private-key = "gateway.key"
                trust = "tickets.pem"
                deadline = "900ms"
                """
                        .formatted(port));
        TicketServicePlaces places =
                GatewayConfiguration.read(directory.resolve("gateway.toml")).ticketService();
        if (places == null) {
            throw new IllegalStateException("the gateway's file names a ticket service");
        }
        return places;
    }

    private static void certificate(Path directory, String name)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(OPENSSL);
        words.addAll(
                List.of(
                        "-subj",
                        "/CN=" + name + ".bench",
                        "-keyout",
                        name + ".key",
                        "-out",
                        name + ".pem"));
        Process openssl =
                new ProcessBuilder(words)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (openssl.waitFor() != 0) {
            throw new IOException("openssl made no certificate");
        }
    }

    private static void write(Path directory, String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static Process startService(Path directory) throws IOException {
        Process service =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.postern.cli.Postern",
                                "ticket-service",
                                "--config",
                                directory.resolve("ticket-service.toml").toString())
                        .redirectErrorStream(true)
                        .start();
        BufferedReader lines = service.inputReader();
        String line = lines.readLine();
        if (line == null || !line.contains("ticket-service-ready")) {
            throw new IOException("the ticket service did not start: " + line);
        }
        Thread.ofVirtual().start(() -> drain(lines));
        return service;
    }

    private static void drain(BufferedReader lines) {
        try {
            lines.transferTo(Writer.nullWriter());
        } catch (IOException ended) {
            // With the process.
        }
    }

    private static void remove(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(directory);
    }

    private record Listener(CountDownLatch connected) implements TicketServiceClient.Listener {
        @Override
        public void connected(String service) {
            connected.countDown();
        }

        @Override
        public void disconnected(String service, String reason) {
            System.err.println("not asking the ticket service: " + reason);
        }
    }
}
