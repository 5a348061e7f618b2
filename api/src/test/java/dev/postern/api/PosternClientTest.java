package dev.postern.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A client and a gateway in one process, and what they refuse.
class PosternClientTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path directory = Path.of("");

    private static <E, T extends E> T next(BlockingQueue<E> events, Class<T> type)
            throws InterruptedException {
        while (true) {
            E event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(event).as("no %s", type.getSimpleName()).isNotNull();
            if (type.isInstance(event)) {
                return type.cast(event);
            }
        }
    }

    /// It is closed by hand, and again by the statement, on purpose.
    @Test
    @SuppressWarnings("try")
    void bothEndsTellOfOneSessionFromItsBeginningToItsEnd() throws Exception {
        TestDomain domain = TestDomain.in(directory, 1);
        BlockingQueue<GatewayEvent> atGateway = new LinkedBlockingQueue<>();
        BlockingQueue<ClientEvent> atClient = new LinkedBlockingQueue<>();
        BlockingQueue<byte[]> inside = new LinkedBlockingQueue<>();
        try (PosternGateway gateway =
                        PosternGateway.builder(domain.gateway(0))
                                .packets(inside::add)
                                .onEvent(atGateway::add)
                                .build()
                                .start();
                PosternClient client =
                        PosternClient.builder(domain.client())
                                .packets(_ -> {})
                                .onEvent(atClient::add)
                                .build()) {
            client.connect();
            ClientEvent.Service service = client.awaitConnected(PATIENCE);
            assertThat(service.identity()).isEqualTo("gw-0.example");
            assertThat(gateway.addresses()).hasSize(1);
            GatewayEvent.SessionEstablished here =
                    next(atGateway, GatewayEvent.SessionEstablished.class);
            assertThat(here.client().identity()).isEqualTo("node.example");
            assertThat(here.client().innerAddresses()).isEqualTo(service.innerAddresses());
            ClientEvent.Connected connected = next(atClient, ClientEvent.Connected.class);
            assertThat(connected.resumed()).isFalse();
            assertThat(client.sessionId()).isEqualTo(connected.sessionId()).isNotEmpty();
            assertThat(client.gateways())
                    .singleElement()
                    .satisfies(only -> assertThat(only.serving()).isTrue());

            client.hintGatewaySuspected();
            assertThat(next(atClient, ClientEvent.GatewaySuspected.class).cause())
                    .isEqualTo("application");
            next(atClient, ClientEvent.GatewayAlive.class);

            client.switchTo("gw-9.example");
            assertThat(next(atClient, ClientEvent.SwitchRefused.class).reason())
                    .contains("no such gateway");
            client.close();
            next(atClient, ClientEvent.Closed.class);
            assertThat(next(atGateway, GatewayEvent.SessionLeft.class).sessionId())
                    .isEqualTo(here.sessionId());
            assertThatCode(client::close).as("again").doesNotThrowAnyException();
            assertThatThrownBy(client::connect)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
            assertThatThrownBy(client::hintGatewaySuspected).hasMessageContaining("closed");
        }
    }

    @Test
    void logoutLeavesNothingThatResumesAndCloseDoes() throws Exception {
        TestDomain domain = TestDomain.in(directory, 1);
        domain.write(
                "client.toml",
                Files.readString(domain.client()) + "[ticket]\nfile = \"client.ticket\"\n");
        Path ticket = directory.resolve("client.ticket");
        try (PosternGateway _ =
                PosternGateway.builder(domain.gateway(0)).packets(_ -> {}).build().start()) {
            for (boolean again : new boolean[] {false, true, false}) {
                BlockingQueue<ClientEvent> atClient = new LinkedBlockingQueue<>();
                try (PosternClient client =
                        PosternClient.builder(domain.client())
                                .packets(_ -> {})
                                .onEvent(atClient::add)
                                .build()
                                .connect()) {
                    assertThat(next(atClient, ClientEvent.Connected.class).resumed())
                            .isEqualTo(again);
                    if (again) {
                        client.logout();
                        next(atClient, ClientEvent.Closed.class);
                        assertThat(ticket).doesNotExist();
                    }
                }
                assertThat(Files.exists(ticket)).isEqualTo(!again);
            }
        }
    }

    /// Each would present the other's tickets.
    @Test
    @SuppressWarnings("try")
    void ofTwoClientsWithOneTicketTheLaterOneIsRefused() throws Exception {
        TestDomain domain = TestDomain.in(directory, 1);
        domain.write(
                "client.toml",
                Files.readString(domain.client()) + "[ticket]\nfile = \"client.ticket\"\n");
        try (PosternClient first =
                        PosternClient.builder(domain.client()).packets(_ -> {}).build().connect();
                PosternClient second =
                        PosternClient.builder(domain.client()).packets(_ -> {}).build()) {
            assertThatThrownBy(second::connect)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("client.ticket is in use by a client that runs")
                    .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
            first.close();
            second.connect();
        }
    }

    @Test
    void wrongUseIsRefusedInWords() throws Exception {
        TestDomain domain = TestDomain.in(directory, 1);
        CompletableFuture<Throwable> inListener = new CompletableFuture<>();
        CompletableFuture<PosternClient> self = new CompletableFuture<>();
        PosternClient.Builder builder =
                PosternClient.builder(domain.client())
                        .packets(_ -> {})
                        .onEvent(_ -> {
                            try {
                                self.join().close();
                            } catch (IllegalStateException e) {
                                inListener.complete(e);
                            }
                        });
        try (PosternClient client = builder.build()) {
            self.complete(client);
            assertThatThrownBy(client::gateways)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("call connect first");
            client.connect();
            assertThatThrownBy(client::connect)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("already");
            assertThat(inListener.get(2, TimeUnit.MINUTES))
                    .as("closed by its own listener")
                    .hasMessageContaining("from another one");
            assertThatThrownBy(() -> client.awaitConnected(Duration.ofMillis(50)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("gw-0.example");
            InetSocketAddress here =
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 4500);
            assertThatThrownBy(() -> client.addGateway("evil.example", here, 0, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("evil.example")
                    .hasMessageContaining("gw-0.example");
            InetSocketAddress unresolved = InetSocketAddress.createUnresolved("gw.example", 4500);
            assertThatThrownBy(() -> client.addGateway("gw-0.example", unresolved, 0, 1))
                    .hasMessageContaining("not resolved");
            assertThatThrownBy(() -> client.addGateway("gw-0.example", here, -1, 1))
                    .hasMessageContaining("-1");
            client.addGateway("gw-0.example", here, 7, 1);
            assertThat(client.gateways()).anyMatch(each -> each.source().equals("application"));
            assertThat(client.removeGateway(here)).isTrue();
            assertThat(client.removeGateway(here)).isFalse();
            assertThat(client.gateways())
                    .isNotEmpty()
                    .noneMatch(each -> each.source().equals("application"));
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullIsRefusedByName() throws Exception {
        TestDomain domain = TestDomain.in(directory, 1);
        assertThatThrownBy(() -> PosternClient.builder(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("file");
        assertThatThrownBy(() -> PosternClient.builder(domain.client()).onEvent(null))
                .hasMessage("listener");
        try (PosternClient client = PosternClient.builder(domain.client()).build()) {
            assertThatThrownBy(() -> client.send(null)).hasMessage("packet");
            assertThatThrownBy(() -> client.send(new byte[1])).hasMessageContaining("TUN");
        }
    }

    @Test
    void everyMistakeOfAFileAndOfItsKeysIsInTheException() throws Exception {
        TestDomain domain = TestDomain.in(directory, 1);
        assertThatThrownBy(() -> PosternClient.builder(directory.resolve("none.toml")).build())
                .isInstanceOf(UnusableConfigurationException.class)
                .hasMessageContaining("none.toml");
        String file = Files.readString(domain.client());
        domain.write(
                "client.toml",
                file.replace(
                                "psk = \"a pre-shared key for a test alone\"",
                                "psk-file = \"open.psk\"")
                        .replace("10.1.0.0/24", "10.1.0.0/99"));
        Path key = Files.writeString(directory.resolve("open.psk"), "a pre-shared key\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> PosternClient.builder(domain.client()).build())
                .isInstanceOfSatisfying(
                        UnusableConfigurationException.class,
                        refused -> assertThat(refused.problems()).hasSizeGreaterThanOrEqualTo(2))
                .hasMessageContaining("open.psk")
                .hasMessageContaining("10.1.0.0/99");
        Files.delete(domain.gateway(0));
        assertThatThrownBy(() -> PosternGateway.builder(domain.gateway(0)).build())
                .isInstanceOf(UnusableConfigurationException.class);
    }
}
