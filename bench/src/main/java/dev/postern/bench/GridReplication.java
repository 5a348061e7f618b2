package dev.postern.bench;

import dev.postern.grid.Grid;
import dev.postern.grid.GridSettings;
import dev.postern.grid.MemberTls;
import dev.postern.lab.Command;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;

/// What it costs two members of a cluster, each a JVM, to have a change of a session at both: time,
/// CPU of both processes, memory at the one that stands by. `GridReplication [CHANGES]`.
public final class GridReplication {
    private static final int SEALED_OCTETS = 600;
    private static final int STANDBY_OCTETS = 1_000;
    private static final int ON_THEIR_WAY = 512;
    private static final String PORTS_PROPERTY = "postern.bench.ports";

    /// Where the members' engines listen; the process that stands by is told them.
    static final int[] PORTS = ports();

    private GridReplication() {}

    private static int[] ports() {
        String told = System.getProperty(PORTS_PROPERTY);
        return told == null
                ? new int[] {FreePort.tcp(), FreePort.tcp()}
                : Arrays.stream(told.split(",", -1)).mapToInt(Integer::parseInt).toArray();
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 2) {
            standBy(Path.of(arguments[1]));
            return;
        }
        int changes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        Path directory = Files.createTempDirectory("grid-replication");
        certificates(directory);
        Process other =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx1g",
                                "-D%s=%d,%d".formatted(PORTS_PROPERTY, PORTS[0], PORTS[1]),
                                "-cp",
                                System.getProperty("java.class.path"),
                                GridReplication.class.getName(),
                                "stand-by",
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (Grid grid = member(directory, 0);
                BufferedReader said = other.inputReader()) {
            while (grid.view().members().size() < 2 || !grid.isPrimary()) {
                Thread.sleep(100);
            }
            Runs runs = new Runs(grid, other, said, changes);
            runs.sessions("warm-up");
            runs.sessions("sessions by reference");
            runs.standby("records of hot standby");
            runs.counters("their counters");
        } finally {
            other.destroyForcibly();
        }
    }

    private record Runs(Grid grid, Process other, BufferedReader said, int changes) {
        void sessions(String what) throws Exception {
            Random random = new Random();
            long later = System.currentTimeMillis() / 1_000 + 3_600;
            Semaphore way = new Semaphore(ON_THEIR_WAY);
            measured(
                    what,
                    () -> {
                        for (int i = 0; i < changes; i++) {
                            byte[] sealed = new byte[SEALED_OCTETS];
                            random.nextBytes(sealed);
                            way.acquireUninterruptibly();
                            grid.sessions()
                                    .put(
                                            SessionReference.ofSpis(
                                                    random.nextLong(), random.nextLong()),
                                            new StoredSession(
                                                    Octets.of(sealed), 0, Octets.EMPTY, later),
                                            later - 3_600)
                                    .whenComplete((_, failure) -> {
                                        if (failure != null) {
                                            System.err.println("a write failed: " + failure);
                                        }
                                        way.release();
                                    });
                        }
                        way.acquireUninterruptibly(ON_THEIR_WAY);
                    });
        }

        void standby(String what) throws Exception {
            Random random = new Random(1);
            measured(
                    what,
                    () -> {
                        for (int i = 0; i < changes; i++) {
                            byte[] record = new byte[STANDBY_OCTETS];
                            random.nextBytes(record);
                            grid.standby().put(Octets.ofInt(i), Octets.of(record));
                        }
                        awaitStandby(changes);
                    });
        }

        void counters(String what) throws Exception {
            measured(
                    what,
                    () -> {
                        for (int i = 0; i < changes; i++) {
                            grid.standby().putCounters(Octets.ofInt(i), Octets.of(new byte[32]));
                        }
                        awaitStandby(2 * changes);
                    });
        }

        private void awaitStandby(int wanted) {
            while (grid.holdings().standby() < wanted) {
                Thread.onSpinWait();
                sleep();
            }
        }

        private static void sleep() {
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void measured(String what, Runnable work) throws IOException {
            long heapBefore = heapOfOther();
            long cpu = cpuMicros(ProcessHandle.current());
            long cpuOther = cpuMicros(other.toHandle());
            long begin = System.nanoTime();
            work.run();
            double seconds = (System.nanoTime() - begin) / 1e9;
            cpu = cpuMicros(ProcessHandle.current()) - cpu;
            cpuOther = cpuMicros(other.toHandle()) - cpuOther;
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d in %.1f s, %.0f/s; CPU each: %.0f us at the writer, %.0f us at the"
                            + " other; heap at the other: %d octets each%n",
                    what,
                    changes,
                    seconds,
                    changes / seconds,
                    (double) cpu / changes,
                    (double) cpuOther / changes,
                    (heapOfOther() - heapBefore) / changes);
        }

        private long heapOfOther() throws IOException {
            other.outputWriter().write("heap\n");
            other.outputWriter().flush();
            String line = said.readLine();
            while (line != null && !line.startsWith("heap ")) {
                line = said.readLine();
            }
            return line == null ? 0 : Long.parseLong(line.substring(5));
        }
    }

    private static long cpuMicros(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1_000;
    }

    private static void standBy(Path directory) throws Exception {
        try (Grid _ = member(directory, 1);
                BufferedReader asked =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            while (asked.readLine() != null) {
                var memory = ManagementFactory.getMemoryMXBean();
                memory.gc();
                memory.gc();
                System.out.println("heap " + memory.getHeapMemoryUsage().getUsed());
            }
        }
    }

    static String node(int number) {
        return number == 0 ? "gw-a" : "gw-b";
    }

    static Grid member(Path directory, int number) throws Exception {
        InetSocketAddress[] addresses = {
            new InetSocketAddress(InetAddress.getLoopbackAddress(), PORTS[0]),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), PORTS[1])
        };
        String key = Files.readString(directory.resolve(node(number) + ".key"));
        return Grid.start(
                new GridSettings(
                        "bench",
                        node(number),
                        "site",
                        number + 1,
                        addresses[number],
                        List.of(new GridSettings.Peer(node(1 - number), addresses[1 - number])),
                        MemberTls.context(
                                List.of(certificate(directory.resolve(node(number) + ".pem"))),
                                KeyFactory.getInstance("EC")
                                        .generatePrivate(
                                                new PKCS8EncodedKeySpec(
                                                        Base64.getMimeDecoder()
                                                                .decode(
                                                                        key.replaceAll(
                                                                                "-----[A-Z ]+-----",
                                                                                "")))),
                                List.of(certificate(directory.resolve("ca.pem"))),
                                Set.of("gw-a", "gw-b")),
                        Duration.ofSeconds(4),
                        0,
                        null,
                        null),
                _ -> {});
    }

    private static X509Certificate certificate(Path file) throws Exception {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    static void certificates(Path directory) {
        shell(
                directory,
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
                        + " -subj /CN=bench -keyout ca.key -out ca.pem");
        for (int number = 0; number < 2; number++) {
            String name = node(number);
            shell(
                    directory,
                    "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj"
                            + " /CN="
                            + name
                            + " -addext subjectAltName=DNS:"
                            + name
                            + " -keyout "
                            + name
                            + ".key -out "
                            + name
                            + ".csr && openssl x509"
                            + " -req -days 2 -CA ca.pem -CAkey ca.key -CAcreateserial"
                            + " -copy_extensions copy -in "
                            + name
                            + ".csr -out "
                            + name
                            + ".pem");
        }
    }

    private static void shell(Path directory, String command) {
        Command.of("/bin/sh", "-c", "cd '" + directory + "' && " + command).runSuccessfully();
    }
}
