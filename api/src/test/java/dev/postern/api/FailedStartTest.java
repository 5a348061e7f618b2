package dev.postern.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A start that fails gives back what it has opened: the next one works, and no thread of it keeps
/// the process from its end.
final class FailedStartTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int TRIES = 5;

    /// Of threads that a client or a gateway begins.
    private static final List<String> NAMES =
            List.of("ike", "watch", "ticket", "evidence", "admin", "gateway-names", "return-path");

    @TempDir private Path directory = Path.of("");
    private final Set<Thread> before = new HashSet<>();
    private long socketsBefore;

    @BeforeEach
    void count() throws IOException {
        before.addAll(threads());
        socketsBefore = sockets();
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(each ->
                        NAMES.contains(each.getName()) || each.getName().startsWith("postern "))
                .toList();
    }

    private static long sockets() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(FailedStartTest::isSocket).count();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closed) {
            return false;
        }
    }

    private void nothingIsLeftOpen() throws Exception {
        for (Thread thread : threads()) {
            if (!before.contains(thread)) {
                thread.join(PATIENCE.toMillis());
                assertThat(thread.isAlive()).as("thread %s lives on", thread.getName()).isFalse();
            }
        }
        // The JDK keeps one of its own from the first that it closes under a waiting thread.
        assertThat(sockets()).as("open sockets").isLessThan(socketsBefore + TRIES);
    }

    private Path withAdminSocketNowhere(Path file) throws IOException {
        Files.writeString(
                file, Files.readString(file) + "\n[admin]\nsocket = \"missing/admin.sock\"\n");
        return file;
    }

    @Test
    void aClientsConnectThatFailsMayBeTriedAgain() throws Exception {
        TestDomain domain = TestDomain.in(directory, 1);
        Path file = withAdminSocketNowhere(domain.client());
        try (PosternClient client = PosternClient.builder(file).packets(_ -> {}).build()) {
            for (int i = 0; i < TRIES; i++) {
                assertThatThrownBy(client::connect)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("no directory");
            }
            nothingIsLeftOpen();
            Files.createDirectory(directory.resolve("missing"));
            try (PosternGateway _ =
                    PosternGateway.builder(domain.gateway(0)).packets(_ -> {}).build().start()) {
                client.connect();
                client.awaitConnected(PATIENCE);
            }
        }
        nothingIsLeftOpen();
    }

    @Test
    void aGatewaysStartThatFailsMayBeTriedAgain() throws Exception {
        TestDomain domain = TestDomain.in(directory, 1);
        Path file = withAdminSocketNowhere(domain.gateway(0));
        try (PosternGateway gateway = PosternGateway.builder(file).packets(_ -> {}).build()) {
            for (int i = 0; i < TRIES; i++) {
                assertThatThrownBy(gateway::start)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("no directory");
            }
            nothingIsLeftOpen();
            Files.createDirectory(directory.resolve("missing"));
            gateway.start();
            assertThat(gateway.addresses()).hasSize(1);
        }
        nothingIsLeftOpen();
    }
}
