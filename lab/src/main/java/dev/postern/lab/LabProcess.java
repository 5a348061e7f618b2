package dev.postern.lab;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A running program: its output in memory and in a log file, signals to its process id, its end.
///
/// It is started by [NetworkNamespace#start]. Standard error is part of the output. All methods may
/// be called from any thread.
public final class LabProcess implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final String name;
    private final Process process;
    private final Path logFile;
    private final OutputLines lines = new OutputLines();
    private final Thread reader;

    private LabProcess(String name, Process process, Path logFile) {
        this.name = name;
        this.process = process;
        this.logFile = logFile;
        this.reader = Thread.ofPlatform().daemon().name("output of " + name).start(this::read);
    }

    static LabProcess start(
            String name, List<String> words, Map<String, String> environment, Path logFile) {
        try {
            ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            return new LabProcess(name, process, logFile);
        } catch (IOException e) {
            throw new LabException("%s could not be started: %s".formatted(name, words), e);
        }
    }

    private void read() {
        try (var input = process.inputReader();
                BufferedWriter log = Files.newBufferedWriter(logFile)) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                log.write(line);
                log.newLine();
                log.flush();
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("(the output of %s ended: %s)".formatted(name, e.getMessage()));
        } finally {
            lines.end();
        }
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// All lines so far.
    public List<String> output() {
        return lines.all();
    }

    /// The file that holds the output also after the test.
    public Path logFile() {
        return logFile;
    }

    /// The present end of the output: a wait that starts here sees only what comes later.
    public int mark() {
        return lines.size();
    }

    /// Waits for a line that contains `text`, printed at any time.
    public String awaitLine(String text, Duration deadline) {
        return awaitLineAfter(0, text, deadline);
    }

    /// Waits for a line that contains `text` at or after a [#mark].
    public String awaitLineAfter(int mark, String text, Duration deadline) {
        return awaitLineAfter(mark, "a line with \"" + text + '"', deadline, l -> l.contains(text));
    }

    /// Waits for a line at or after a [#mark].
    ///
    /// @param wanted names the line in the failure
    /// @return the line
    /// @throws LabException when the deadline passes or the process ends without it
    public String awaitLineAfter(
            int mark, String wanted, Duration deadline, Predicate<String> matches) {
        return switch (lines.await(mark, matches, deadline)) {
            case OutputLines.Found(String line) -> line;
            case OutputLines.Ended _ ->
                    throw new LabException(
                            "%s ended without %s. %s".formatted(name, wanted, tail()));
            case OutputLines.Late _ ->
                    throw new LabException(
                            "%s did not print %s within %s. %s"
                                    .formatted(name, wanted, deadline, tail()));
        };
    }

    private String tail() {
        List<String> all = lines.all();
        List<String> last = all.subList(Math.max(0, all.size() - 25), all.size());
        return "Its last lines (all in %s):%n  %s"
                .formatted(logFile, String.join(System.lineSeparator() + "  ", last));
    }

    /// Sends a signal; nothing happens when the process has ended.
    public void signal(Signal signal) {
        // The JVM reaps its children, so that a process id of an ended process may be another's.
        if (process.isAlive()) {
            Command.of("/bin/sh", "-c", "kill -" + signal.name() + " " + process.pid()).run();
        }
    }

    /// SIGKILL, and waits until the process is gone: a crash.
    public void crash() {
        signal(Signal.KILL);
        awaitExit(GRACE);
    }

    /// SIGTERM, and waits for the end.
    ///
    /// @return the exit code
    public int terminate() {
        signal(Signal.TERM);
        return awaitExit(GRACE);
    }

    /// Waits until the process has ended and its output is complete.
    ///
    /// @return the exit code; 128 plus the signal's number when a signal ended it
    public int awaitExit(Duration deadline) {
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LabException(
                        "%s (process %d) did not end within %s. %s"
                                .formatted(name, pid(), deadline, tail()));
            }
            // A grandchild may hold the pipe open: the lines that matter are there by then.
            reader.join(GRACE);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while waiting for the end of " + name, e);
        }
    }

    /// Ends the process: SIGTERM first, SIGKILL when it does not go.
    @Override
    public void close() {
        if (process.isAlive()) {
            // A stopped process would keep the SIGTERM for later.
            signal(Signal.CONT);
            signal(Signal.TERM);
            try {
                if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                    signal(Signal.KILL);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                signal(Signal.KILL);
            }
        }
        awaitExit(GRACE);
    }

    /// The signals that tests send.
    public enum Signal {
        TERM,
        KILL,
        INT,
        HUP,
        USR1,
        STOP,
        CONT
    }
}
