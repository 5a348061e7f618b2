package dev.postern.bench;

import dev.postern.lab.Command;
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
/// falls silent (SIGSTOP), and when it is killed, how long does the other take to see it?
/// `FalseAlarms [MINUTES]`, 60 by default. Ends with 1 where there was an alarm.
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

    private static void signal(Process process, String name) {
        Command.of("/bin/kill", "-" + name, Long.toString(process.pid())).runSuccessfully();
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
        Process first = daemons.getFirst();
        Observed other = observed.getLast();
        double silent = other.secondsUntilLost(() -> signal(first, "STOP"));
        int views = other.views().get();
        signal(first, "CONT");
        other.awaitViewsAbove(views);
        double killed = other.secondsUntilLost(first::destroyForcibly);
        over.set(true);
        System.out.printf(
                Locale.ROOT,
                "%d minutes with %d threads that spin on %d cores: %d false alarms; a member that"
                        + " fell silent then was missed after %.2f s, one that was killed after"
                        + " %.2f s%n",
                time.toMinutes(),
                spinning,
                Runtime.getRuntime().availableProcessors(),
                alarms,
                silent,
                killed);
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
            awaitViewsAbove(0);
        }

        void awaitViewsAbove(int count) throws InterruptedException {
            while (views.get() <= count) {
                Thread.sleep(20);
            }
        }

        double secondsUntilLost(Runnable cause) throws InterruptedException {
            int before = lost.get();
            long since = System.nanoTime();
            cause.run();
            while (lost.get() == before) {
                Thread.sleep(1);
            }
            return (System.nanoTime() - since) / 1e9;
        }
    }
}
