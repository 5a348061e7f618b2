package dev.postern.gateway.tickets;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// What was told, one line each, for a test that waits for it.
final class Lines {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    void add(String line) {
        lines.add(line);
    }

    /// The next line that contains this; those before it are passed over.
    String await(String text) throws InterruptedException {
        List<String> seen = new ArrayList<>();
        while (true) {
            String line = lines.poll(30, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("nobody said '" + text + "', but " + seen);
            }
            if (line.contains(text)) {
                return line;
            }
            seen.add(line);
        }
    }

    /// What was told and not waited for.
    List<String> rest() {
        return List.copyOf(lines);
    }
}
