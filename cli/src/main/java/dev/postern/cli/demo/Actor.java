package dev.postern.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A daemon in a process of its own, and what it has said so far.
final class Actor {
    private static final int LAST_LINES = 8;

    private final String name;
    private final Process process;
    private final List<EventLine> events = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    Actor(String name, ProcessBuilder builder, Consumer<EventLine> watcher) throws IOException {
        this.name = name;
        this.process = builder.redirectErrorStream(true).start();
        Thread.ofVirtual().name(name).start(() -> read(watcher));
    }

    private void read(Consumer<EventLine> watcher) {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                hear(line, watcher);
            }
        } catch (IOException e) {
            hear("(its output broke off: " + e.getMessage() + ")", watcher);
        }
    }

    private synchronized void hear(String line, Consumer<EventLine> watcher) {
        lines.add(line);
        EventLine.parse(line)
                .ifPresent(event -> {
                    events.add(event);
                    watcher.accept(event);
                });
        notifyAll();
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    synchronized List<EventLine> events() {
        return List.copyOf(events);
    }

    synchronized List<String> lastLines() {
        return List.copyOf(lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    /// Waits for the first event that fits.
    ///
    /// @param what for the failure's message
    synchronized EventLine await(String what, long seconds, Predicate<EventLine> wanted)
            throws InterruptedException, DemoFailure {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            for (EventLine event : events) {
                if (wanted.test(event)) {
                    return event;
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0
                    || (!process.isAlive()
                            && !events.isEmpty()
                            && left < TimeUnit.SECONDS.toMillis(seconds) / 2)) {
                throw new DemoFailure(
                        name + ": " + what + " did not happen within " + seconds + " s");
            }
            wait(Math.min(left, 200));
        }
    }

    /// SIGKILL, and waits until the process is gone.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /// SIGTERM, then SIGKILL where that does not help.
    void end() {
        process.destroy();
        try {
            if (!process.waitFor(3, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
