package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Daemons as a user runs them, each in a process of its own, and the directory of their files.
final class Processes implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    private final Path directory;
    private final List<Process> all = new ArrayList<>();

    Processes(Path directory) {
        this.directory = directory;
    }

    /// Writes a file that is closed to others.
    void write(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /// The key file of a domain, tgs.keys.
    void writeTgsKey() throws IOException {
        writeTgsKey("tgs.keys");
    }

    void writeTgsKey(String name) throws IOException {
        write(name, "key 0102030405060708 " + "8f3a61c2d4e5b697".repeat(3) + "0718293a4b5c6d7e\n");
    }

    static int freeUdpPort() {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int freeTcpPort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs `postern COMMAND --config FILE`.
    Running start(String command, String file) throws IOException {
        return running(CLASS_PATH, command, file);
    }

    /// The same of a Postern in which these classes stand before its own.
    Running startWith(Path classes, String command, String file) throws IOException {
        return running(classes + File.pathSeparator + CLASS_PATH, command, file);
    }

    private Running running(String classPath, String command, String file) throws IOException {
        String path = directory.resolve(file).toString();
        Process process = begin(commandLine(classPath, command, "--config", path));
        return new Running(process, linesOf(process));
    }

    /// Waits until something holds, looking again and again.
    static void until(String what, Callable<Boolean> holds) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!holds.call()) {
            assertThat(System.nanoTime() - deadline).as(what).isNegative();
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /// Runs `postern` to its end.
    Ended run(String... arguments) throws IOException, InterruptedException {
        Process process = postern(arguments);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Ended(
                process.exitValue(),
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    /// Runs `postern` to its end as the leader of a terminal's session, which ends with it.
    Ended runAtTerminal(String... arguments) throws IOException, InterruptedException {
        String line =
                commandLine(CLASS_PATH, arguments).stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" ", "exec ", ""));
        Process process = begin(List.of("script", "-qec", line, "/dev/null"));
        process.getOutputStream().close();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Ended(
                process.exitValue(),
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    private Process postern(String... arguments) throws IOException {
        return begin(commandLine(CLASS_PATH, arguments));
    }

    private static List<String> commandLine(String classPath, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                classPath,
                                "dev.postern.cli.Postern"));
        command.addAll(List.of(arguments));
        return command;
    }

    private Process begin(List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        all.add(process);
        return process;
    }

    private static BlockingQueue<String> linesOf(Process process) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread.ofVirtual()
                .start(() -> {
                    try (BufferedReader reader = process.inputReader()) {
                        String line = reader.readLine();
                        while (line != null) {
                            lines.add(line);
                            line = reader.readLine();
                        }
                    } catch (IOException e) {
                        lines.add("the output broke off: " + e.getMessage());
                    }
                });
        return lines;
    }

    @Override
    public void close() {
        all.forEach(Process::destroyForcibly);
    }

    /// A command that is over.
    record Ended(int exit, String said) {}

    /// One of them.
    record Running(Process process, BlockingQueue<String> lines) {
        /// The first line with all of these words; all lines before it are passed over.
        String await(String... words) throws InterruptedException {
            List<String> seen = new ArrayList<>();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (true) {
                String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                assertThat(line)
                        .as(
                                "a line with %s; seen were:\n%s",
                                List.of(words), String.join("\n", seen))
                        .isNotNull();
                if (line != null && List.of(words).stream().allMatch(line::contains)) {
                    return line;
                }
                seen.add(line);
            }
        }

        /// SIGTERM; its last lines can still be read.
        void terminate() {
            process.toHandle().destroy();
        }

        /// SIGSTOP, SIGCONT and the like, by their names without `SIG`.
        void signal(String name) throws IOException, InterruptedException {
            Process kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
            assertThat(kill.waitFor()).isZero();
        }

        /// SIGKILL.
        void kill() throws InterruptedException {
            process.destroyForcibly();
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }
}
