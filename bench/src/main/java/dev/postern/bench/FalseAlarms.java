package dev.postern.bench;

import dev.postern.lab.PosternDaemon;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Two gateway daemons of one cluster with the settings of the box, on a machine whose every core
/// is kept busy by two threads that spin: does one take the other for lost? And when at the end one
/// is killed, how long does the other take to see it? `FalseAlarms [MINUTES]`, 60 by default. Ends
/// with 1 where there was an alarm.
public final class FalseAlarms {
    private static final int THREADS_PER_CORE = 2;

    private FalseAlarms() {}

    public static void main(String[] arguments) throws Exception {
        int minutes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60;
        Path directory = Files.createTempDirectory("false-alarms");
        GridReplication.certificates(directory);
        MemberDaemon.secrets(directory);
        List<Process> daemons = new ArrayList<>();
        int alarms;
        try {
            List<Observed> observed = new ArrayList<>();
            for (int number = 0; number < GridReplication.PORTS.length; number++) {
                Path file = MemberDaemon.configuration(directory, number, "");
                Process daemon =
                        new ProcessBuilder(
                                        PosternDaemon.commandLine(
                                                "gateway", "--config", file.toString()))
                                .redirectError(ProcessBuilder.Redirect.DISCARD)
                                .start();
                daemons.add(daemon);
                observed.add(Observed.of(daemon));
            }
            for (Observed each : observed) {
                each.awaitBoth();
            }
            alarms = run(Duration.ofMinutes(minutes), daemons, observed);
        } finally {
            daemons.forEach(Process::destroyForcibly);
        }
        System.exit(alarms == 0 ? 0 : 1);
    }

    private static int run(Duration time, List<Process> daemons, List<Observed> observed)
            throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        int spinning = THREADS_PER_CORE * Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < spinning; i++) {
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        while (!over.get()) {
                            Thread.onSpinWait();
                        }
                    });
        }
        Thread.sleep(time);
        int alarms = observed.stream().mapToInt(each -> each.lost().get()).sum();
        long killed = System.nanoTime();
        daemons.getFirst().destroyForcibly();
        while (observed.getLast().lost().get() == alarms) {
            Thread.sleep(1);
        }
        double seen = (System.nanoTime() - killed) / 1e9;
        over.set(true);
        System.out.printf(
                Locale.ROOT,
                "%d minutes with %d threads that spin on %d cores: %d false alarms; a member that"
                        + " was killed then was missed after %.2f s%n",
                time.toMinutes(),
                spinning,
                Runtime.getRuntime().availableProcessors(),
                alarms,
                seen);
        return alarms;
    }

    /// What a daemon says of the others.
    private record Observed(AtomicInteger views, AtomicInteger lost) {
        static Observed of(Process daemon) {
            Observed observed = new Observed(new AtomicInteger(), new AtomicInteger());
            BufferedReader events = daemon.inputReader();
            Thread.ofVirtual().start(() -> observed.read(events));
            return observed;
        }

        private void read(BufferedReader events) {
            try {
                for (String line = events.readLine(); line != null; line = events.readLine()) {
                    if (line.contains("\"member-lost\"")) {
                        System.out.println(line);
                        lost.incrementAndGet();
                    } else if (line.contains("\"view-changed\"")
                            && line.contains("gw-a")
                            && line.contains("gw-b")) {
                        views.incrementAndGet();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void awaitBoth() throws InterruptedException {
            while (views.get() == 0) {
                Thread.sleep(20);
            }
        }
    }
}
