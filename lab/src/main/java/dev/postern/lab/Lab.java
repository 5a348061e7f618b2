package dev.postern.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/// The network of one test: whatever is made here ends with it, in reverse order.
///
///     try (Lab lab = Lab.open("PskTunnel")) { ... }
///
/// Logs, configurations and captures stay in [#directory] for the reader of a failure. Tests of
/// several JVMs can run at once. A lab is used by one thread; a shutdown hook closes it when the
/// JVM is asked to end.
public final class Lab implements AutoCloseable {
    private static final RunId RUN = RunId.ofThisJvm();
    private static final AtomicInteger LABS = new AtomicInteger();

    private final int number;
    private final Path directory;
    private final Deque<AutoCloseable> open = new ConcurrentLinkedDeque<>();
    private final Thread closingAtExit = new Thread(this::closeAll, "close the lab");

    private Lab(String name, Path parent) {
        this.number = LABS.incrementAndGet();
        this.directory = parent.resolve("%s-%d-%d".formatted(name, RUN.pid(), number));
    }

    /// Opens a lab, after removing what killed JVMs left behind.
    ///
    /// @param name names the directory of the logs: `target/lab/NAME-PID-NUMBER`, elsewhere by the
    ///   system property `postern.lab.directory`
    /// @throws LabException when this process may not make network namespaces
    public static Lab open(String name) {
        requireRoot();
        Leftovers.remove();
        try {
            String parent = System.getProperty("postern.lab.directory", "target/lab");
            Lab lab = new Lab(name, Path.of(parent).toAbsolutePath());
            Files.createDirectories(lab.directory);
            Runtime.getRuntime().addShutdownHook(lab.closingAtExit);
            return lab;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireRoot() {
        try {
            String effectiveUser =
                    Files.readAllLines(Path.of("/proc/self/status")).stream()
                            .filter(line -> line.startsWith("Uid:"))
                            .map(line -> line.split("\\s+", -1)[2])
                            .findFirst()
                            .orElse("unknown");
            if (!effectiveUser.equals("0")) {
                throw new LabException(
                        "the lab makes network namespaces and must run as root, but this is user "
                                + effectiveUser);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A new host without any interface but the loopback.
    ///
    /// @param host a short name, unique in this lab: `gwA`
    public NetworkNamespace host(String host) {
        return closing(NetworkNamespace.create(this, host, RUN.namespaceName(number, host)));
    }

    /// A new switch in a namespace of its own.
    public Bridge bridge(String device) {
        return Bridge.create(host("switch-" + device), device);
    }

    /// Lays a cable between two hosts, both ends up and without addresses, MTU 1500.
    public void join(
            NetworkNamespace one, String oneInterface, NetworkNamespace two, String twoInterface) {
        one.ip(
                "link",
                "add",
                oneInterface,
                "mtu",
                "1500",
                "type",
                "veth",
                "peer",
                "name",
                twoInterface,
                "mtu",
                "1500",
                "netns",
                two.name());
        one.ip("link", "set", oneInterface, "up");
        two.ip("link", "set", twoInterface, "up");
    }

    /// Where logs and captures of this lab are.
    public Path directory() {
        return directory;
    }

    /// A file or directory of this lab, not created.
    public Path file(String name) {
        return directory.resolve(name);
    }

    /// Writes a file of this lab, for example a configuration.
    public Path write(String name, String content) {
        try {
            Path path = file(name);
            Path parent = path.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.writeString(path, content);
            // Postern refuses secrets that others may read.
            return Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Hands over something that ends with the lab, before all that was made earlier.
    public <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }

    /// Ends everything that this lab made.
    ///
    /// @throws LabException when something could not be ended; the rest is ended all the same
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(closingAtExit);
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook with it is at work or done.
            return;
        }
        closeAll();
    }

    private void closeAll() {
        LabException failure = null;
        while (!open.isEmpty()) {
            AutoCloseable resource = open.pop();
            try {
                resource.close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new LabException(resource + " could not be closed", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
