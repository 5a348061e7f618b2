package dev.postern.gateway.tickets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ticket.TicketFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSocket;

/// A gateway that was admitted and then misbehaves, and strangers who never say who they are: the
/// service goes on for everybody else.
final class HostileGatewayTest {
    private static void assertServed(ServiceOnLoopback service) throws Exception {
        try (GatewayOnLoopback other =
                GatewayOnLoopback.withCertificate("gw-b", service.address())) {
            assertThat(other.ticketOf(ExampleSession.of(1)).length()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 5, 6 + TicketFrame.LONGEST_BODY + 1, Integer.MAX_VALUE})
    void aFrameOfAnImpossibleLengthEndsTheConnection(int length) throws Exception {
        try (ServiceOnLoopback service = ServiceOnLoopback.start();
                SSLSocket gateway = TlsByHand.admitted(service)) {
            new DataOutputStream(gateway.getOutputStream()).writeInt(length);
            assertThat(service.heard.await("left"))
                    .contains("a frame of " + length + " octets; legal are 6 to 8198");
            assertThat(gateway.getInputStream().readAllBytes()).isEmpty();
            assertServed(service);
        }
    }

    @Test
    void noiseIsRefusedOrEndsTheConnection() throws Exception {
        Random random = new Random(20260801);
        try (ServiceOnLoopback service = ServiceOnLoopback.start()) {
            for (int i = 0; i < 20; i++) {
                byte[] noise = new byte[1 + random.nextInt(4_000)];
                random.nextBytes(noise);
                try (SSLSocket gateway = TlsByHand.admitted(service)) {
                    gateway.getOutputStream().write(noise);
                }
                service.heard.await("left");
            }
            assertServed(service);
        }
    }

    @Test
    void wellFormedFramesWithNonsenseInThemAreRefusedOneByOne() throws Exception {
        Random random = new Random(4711);
        try (ServiceOnLoopback service = ServiceOnLoopback.start();
                SSLSocket gateway = TlsByHand.admitted(service)) {
            DataOutputStream out =
                    new DataOutputStream(new BufferedOutputStream(gateway.getOutputStream()));
            DataInputStream in = new DataInputStream(gateway.getInputStream());
            for (int i = 0; i < 2_000; i++) {
                byte[] body = new byte[random.nextInt(i % 100 == 0 ? 8_193 : 300)];
                random.nextBytes(body);
                new TicketFrame(random.nextInt(5), random.nextInt(4), i, body).write(out);
                out.flush();
                TicketFrame answer = TicketFrame.read(in);
                assertThat(answer.number()).isEqualTo(i);
                assertThat(answer.code()).isEqualTo(TicketFrame.Status.REFUSED.code());
            }
            assertThat(service.admitted()).isEqualTo(1);
        }
    }

    /// What the kernel takes of answers that nobody reads is a few MB; after that the service waits
    /// for five seconds, holds one answer, and reads nothing more.
    @Test
    void whoDoesNotReadItsAnswersIsNotReadFromAndThenCutOff() throws Exception {
        try (ServiceOnLoopback service = ServiceOnLoopback.start();
                SSLSocket gateway = TlsByHand.admitted(service)) {
            Thread writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    DataOutputStream out =
                                            new DataOutputStream(gateway.getOutputStream());
                                    byte[] chain = TicketFormat.encode(ExampleSession.of(3));
                                    while (true) {
                                        TicketFrame.of(TicketFrame.Op.SEAL, 1, 1, chain).write(out);
                                    }
                                } catch (IOException cutOff) {
                                    // As it must come.
                                }
                            });
            assertThat(service.heard.await("left")).contains("gw-a.example");
            assertServed(service);
            writer.join();
        }
    }

    @Test
    void strangersWhoSayNothingKeepNoGatewayOut() throws Exception {
        List<Socket> strangers = new ArrayList<>();
        try (ServiceOnLoopback service = ServiceOnLoopback.start()) {
            for (int i = 0; i < 3 * Connections.STRANGERS; i++) {
                strangers.add(
                        new Socket(service.address().getAddress(), service.address().getPort()));
            }
            assertServed(service);
            // The first had to make room.
            assertThat(endsWithoutAWord(strangers.getFirst())).isTrue();
        } finally {
            for (Socket stranger : strangers) {
                stranger.close();
            }
        }
    }

    private static boolean endsWithoutAWord(Socket stranger) throws IOException {
        stranger.setSoTimeout(30_000);
        try {
            return stranger.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void aHandshakeThatTricklesInIsCutOff() throws Exception {
        try (ServiceOnLoopback service = ServiceOnLoopback.start();
                Socket stranger =
                        new Socket(service.address().getAddress(), service.address().getPort())) {
            CountDownLatch cutOff = new CountDownLatch(1);
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            // A ClientHello of 16 KB whose octets come one by one.
                            OutputStream out = stranger.getOutputStream();
                            out.write(new byte[] {22, 3, 1, 0x40, 0});
                            while (!cutOff.await(50, TimeUnit.MILLISECONDS)) {
                                out.write(1);
                            }
                        } catch (IOException | InterruptedException over) {
                            // As it must come.
                        }
                    });
            service.heard.await("refused");
            cutOff.countDown();
            assertServed(service);
        }
    }
}
