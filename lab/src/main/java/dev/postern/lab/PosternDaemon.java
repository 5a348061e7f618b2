package dev.postern.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A Postern gateway or client on one host, a JVM of its own with the class path of this one, which
/// is what `./postern gateway --config FILE` starts.
///
/// @param host where it runs
/// @param process its log lines, its id, signals
/// @param configuration the file that it read
public record PosternDaemon(NetworkNamespace host, LabProcess process, Path configuration)
        implements AutoCloseable {

    /// Starts `postern gateway`; the caller waits for the line that says it is ready.
    ///
    /// @param toml the configuration's text
    public static PosternDaemon gateway(NetworkNamespace host, String toml) {
        return start(host, "gateway", toml);
    }

    /// Starts `postern client`; the caller waits for the line that says it is ready.
    public static PosternDaemon client(NetworkNamespace host, String toml) {
        return start(host, "client", toml);
    }

    /// The same with variables added to the environment, until it is started again.
    public static PosternDaemon client(
            NetworkNamespace host, String toml, Map<String, String> environment) {
        return start(host, "client", toml, environment);
    }

    /// A gateway with variables added to the environment, until it is started again.
    public static PosternDaemon gateway(
            NetworkNamespace host, String toml, Map<String, String> environment) {
        return start(host, "gateway", toml, environment);
    }

    private static PosternDaemon start(NetworkNamespace host, String role, String toml) {
        return start(host, role, toml, Map.of());
    }

    private static PosternDaemon start(
            NetworkNamespace host, String role, String toml, Map<String, String> environment) {
        Path configuration = host.lab().write(host.host() + "/" + role + ".toml", toml);
        closeToOthers(configuration);
        return start(host, "postern-" + role, role, configuration, environment);
    }

    private static PosternDaemon start(
            NetworkNamespace host,
            String processName,
            String role,
            Path configuration,
            Map<String, String> environment) {
        List<String> words = commandLine(role, "--config", configuration.toString());
        return new PosternDaemon(host, host.start(processName, words, environment), configuration);
    }

    /// It holds pre-shared keys: Postern refuses a file that others may read.
    private static void closeToOthers(Path file) {
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The command line of any Postern command: `commandLine("ctl", "status")`. It runs with the
    /// `-XX` options of this process.
    public static List<String> commandLine(String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.add("--enable-native-access=ALL-UNNAMED");
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-XX:"))
                .forEach(words::add);
        words.addAll(AheadOfTimeCache.classPath(List.copyOf(words)));
        words.add(AheadOfTimeCache.MAIN);
        words.addAll(List.of(arguments));
        return words;
    }

    /// Starts it again with the same configuration, after a crash or an end.
    public PosternDaemon restart() {
        process.close();
        String role = String.valueOf(configuration.getFileName()).replace(".toml", "");
        String processName = "postern-%s-after-%d".formatted(role, process.pid());
        return start(host, processName, role, configuration, Map.of());
    }

    /// Waits for a line of its log.
    public String awaitLine(String text, Duration deadline) {
        return process.awaitLine(text, deadline);
    }

    /// SIGKILL: the crash that a failover is for.
    public void crash() {
        process.crash();
    }

    @Override
    public void close() {
        process.close();
    }
}
