package dev.postern.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/// A network namespace made for one test. A namespace belongs to a thread: [#call] runs its work on
/// a new platform thread that has entered the namespace, and that ends with the work. Sockets and
/// devices opened there stay in the namespace whichever thread uses them later.
final class NetworkNamespace implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final MethodHandle SETNS =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().find("setns").orElseThrow(),
                            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private final String name;

    private NetworkNamespace(String name) {
        this.name = name;
    }

    static NetworkNamespace create() {
        String name = "postern-" + ProcessHandle.current().pid() + "-" + NUMBER.getAndIncrement();
        try {
            run("ip", "netns", "add", name);
        } catch (IllegalStateException e) {
            throw new AssertionError(
                    "a privileged test needs root (CAP_SYS_ADMIN and CAP_NET_ADMIN): run it as root"
                            + " or leave out the tag `privileged`",
                    e);
        }
        NetworkNamespace namespace = new NetworkNamespace(name);
        namespace.ip("link", "set", "lo", "up");
        return namespace;
    }

    /// Joins two namespaces by an Ethernet link whose ends are both called `eth0` and are up.
    static void join(NetworkNamespace one, NetworkNamespace other) {
        one.ip("link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", other.name);
        one.ip("link", "set", "eth0", "up");
        other.ip("link", "set", "eth0", "up");
    }

    String ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", name));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    /// Runs a program in the namespace.
    String exec(String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(List.of(command));
        return run(all.toArray(String[]::new));
    }

    <T> T call(Callable<T> work) throws Exception {
        try {
            return start(work).get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception exception -> throw exception;
                case Error error -> throw error;
                case null, default -> throw e;
            }
        }
    }

    <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task =
                new FutureTask<>(() -> {
                    enter();
                    return work.call();
                });
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    private void enter() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int fd =
                    Libc.open(
                            Libc.newCallState(arena),
                            arena.allocateFrom("/run/netns/" + name),
                            Linux.O_CLOEXEC);
            if (fd < 0 || setns(fd) != 0) {
                throw new IOException("cannot enter namespace " + name);
            }
            Libc.close(Libc.newCallState(arena), fd);
        }
    }

    private static int setns(int fd) {
        try {
            return (int) SETNS.invokeExact(fd, CLONE_NEWNET);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Asks again and again, with a process or a system call in each question; gives up in the end.
    static boolean becomes(BooleanSupplier claim) {
        for (int attempt = 0; attempt < 500; attempt++) {
            if (claim.getAsBoolean()) {
                return true;
            }
        }
        return false;
    }

    static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(
                        "`" + String.join(" ", command) + "` failed: " + output);
            }
            return output;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        run("ip", "netns", "del", name);
    }
}
