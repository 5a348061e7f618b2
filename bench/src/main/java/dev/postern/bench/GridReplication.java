package dev.postern.bench;

import dev.postern.grid.Grid;
import dev.postern.grid.GridSettings;
import dev.postern.grid.MemberTls;
import dev.postern.lab.Command;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

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
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/// What it costs two members of a cluster, each a JVM, to have a change of a session at both: time,
/// CPU of both processes, memory at the one that stands by. `GridReplication [CHANGES]`.
public final class GridReplication {
    private static final int SEALED_OCTETS = 600;
    private static final int STANDBY_OCTETS = 1_000;
    private static final int ON_THEIR_WAY = 512;
    private static final int[] RATES = {5_000, 1_000, 200};
    private static final int PACED_SECONDS = 10;
    private static final int TICKS = 100;
    private static final byte[] TEMPLATE = template();
    private static final String PORTS_PROPERTY = "postern.bench.ports";

    /// Where the members' engines listen; the process that stands by is told them.
    static final int[] PORTS = ports();

    private GridReplication() {}

    private static byte[] template() {
        byte[] template = new byte[STANDBY_OCTETS];
        new Random(1).nextBytes(template);
        return template;
    }

    private static int[] ports() {
        String told = System.getProperty(PORTS_PROPERTY);
        return told == null
                ? new int[] {FreePort.tcp(), FreePort.tcp()}
                : Arrays.stream(told.split(",", -1)).mapToInt(Integer::parseInt).toArray();
    }

    /// Tells another process of the benchmark's the same [#PORTS].
    static String portsOption() {
        return "-D%s=%d,%d".formatted(PORTS_PROPERTY, PORTS[0], PORTS[1]);
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
                                portsOption(),
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
            for (int first : new int[] {0, changes}) {
                String what = first == 0 ? "warm-up, " : "";
                runs.records(what + "records of hot standby", first);
                runs.counters(what + "their counters", first);
            }
            runs.idle();
            for (int rate : RATES) {
                runs.paced(rate);
            }
            for (int first : new int[] {0, changes}) {
                runs.ends((first == 0 ? "warm-up, " : "") + "ends of IKE SAs", first);
            }
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
                    changes,
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

        /// Writes a record each for the IKE SAs from the `first` on.
        void records(String what, int first) throws Exception {
            standby(what, changes, i -> record(first + i));
        }

        /// What both cost in a second in which nothing changes.
        void idle() throws Exception {
            measured(
                    "idle seconds",
                    PACED_SECONDS,
                    () -> LockSupport.parkNanos(PACED_SECONDS * 1_000_000_000L));
        }

        /// Writes records anew, so many a second.
        void paced(int rate) throws Exception {
            standby(
                    "records, %d a second".formatted(rate),
                    Math.min(changes, PACED_SECONDS * rate),
                    i -> {
                        record(i);
                        if ((i + 1) % (rate / TICKS) == 0) {
                            LockSupport.parkNanos(1_000_000_000L / TICKS);
                        }
                    });
        }

        private void record(int ikeSa) {
            byte[] record = TEMPLATE.clone();
            record[ikeSa % STANDBY_OCTETS] = (byte) ikeSa;
            grid.standby().put(Octets.ofInt(ikeSa), Octets.of(record));
        }

        void counters(String what, int first) throws Exception {
            standby(
                    what,
                    changes,
                    i ->
                            grid.standby()
                                    .putCounters(Octets.ofInt(first + i), Octets.of(new byte[32])));
        }

        /// Ends the IKE SAs: a record and counters each.
        void ends(String what, int first) throws Exception {
            standby(what, changes, i -> grid.standby().remove(Octets.ofInt(first + i)));
        }

        private void standby(String what, int count, IntConsumer change) throws Exception {
            measured(
                    what,
                    count,
                    () -> {
                        for (int i = 0; i < count; i++) {
                            change.accept(i);
                        }
                        awaitWritten();
                    });
        }

        /// To look costs next to nothing here: a size of the grid would walk all of its entries.
        private void awaitWritten() {
            while (grid.standby().backlog().entries() > 0) {
                try {
                    Thread.sleep(5);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
            // The last batch was taken before, and this waits for it.
            grid.standby().flush();
        }

        private void measured(String what, int count, Runnable work) throws IOException {
            long heapBefore = standing().heap();
            long cpu = cpuMicros(ProcessHandle.current());
            long cpuOther = cpuMicros(other.toHandle());
            long begin = System.nanoTime();
            work.run();
            double seconds = (System.nanoTime() - begin) / 1e9;
            cpu = cpuMicros(ProcessHandle.current()) - cpu;
            cpuOther = cpuMicros(other.toHandle()) - cpuOther;
            Standing there = standing();
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d in %.1f s, %.0f/s; CPU each: %.0f us at the writer, %.0f us at the"
                            + " other; heap at the other: %d octets each%n",
                    what,
                    count,
                    seconds,
                    count / seconds,
                    (double) cpu / count,
                    (double) cpuOther / count,
                    (there.heap() - heapBefore) / count);
            if (there.entries() != grid.holdings().standby()) {
                throw new IllegalStateException(
                        "%d entries of hot standby at the writer, %d at the other"
                                .formatted(grid.holdings().standby(), there.entries()));
            }
        }

        private Standing standing() throws IOException {
            other.outputWriter().write("tell\n");
            other.outputWriter().flush();
            String line = said.readLine();
            while (line != null && !line.startsWith(Standing.WORD)) {
                line = said.readLine();
            }
            return Standing.parse(line);
        }
    }

    /// What the other member holds.
    ///
    /// @param heap octets in use after a full collection
    /// @param entries of hot standby
    private record Standing(long heap, int entries) {
        static final String WORD = "standing ";

        static Standing parse(@Nullable String line) {
            if (line == null) {
                throw new IllegalStateException("the other member has ended");
            }
            String[] words = line.split(" ", -1);
            return new Standing(Long.parseLong(words[1]), Integer.parseInt(words[2]));
        }

        static Standing of(Grid grid) {
            var memory = ManagementFactory.getMemoryMXBean();
            memory.gc();
            memory.gc();
            return new Standing(memory.getHeapMemoryUsage().getUsed(), grid.holdings().standby());
        }

        @Override
        public String toString() {
            return WORD + heap + " " + entries;
        }
    }

    private static long cpuMicros(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1_000;
    }

    private static void standBy(Path directory) throws Exception {
        try (Grid grid = member(directory, 1);
                BufferedReader asked =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            while (asked.readLine() != null) {
                System.out.println(Standing.of(grid));
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
