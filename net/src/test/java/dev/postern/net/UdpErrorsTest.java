package dev.postern.net;

import static dev.postern.net.UdpFixture.PATIENCE_MILLIS;
import static dev.postern.net.UdpFixture.loopback4;
import static dev.postern.net.UdpFixture.nativeCopy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;

/// What goes wrong with one datagram must not touch the next one.
class UdpErrorsTest {
    private static final int IP_RECVERR = 11;

    private final ReceiveBatch in = ReceiveBatch.allocate(Arena.ofAuto(), 16);
    private final SendBatch out = SendBatch.allocate(Arena.ofAuto(), 16);
    private final MemorySegment octet = nativeCopy(new byte[] {1});

    @Test
    void aClosedPortDoesNotBreakTheNextReceive() throws IOException {
        Endpoint nobody = closedPort();
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            for (int i = 0; i < 10; i++) {
                out.add(nobody, null, octet, 0, 1);
                socket.send(out, 0);
            }
            out.add(socket.local(), null, octet, 0, 1);
            assertThat(socket.send(out, 0)).isZero();

            assertThat(socket.receive(in, PATIENCE_MILLIS)).isEqualTo(1);
        }
    }

    /// With IP_RECVERR the kernel reports each ICMP error on the next call, as it does without on
    /// other systems: the loop must get over both.
    @Test
    void reportedIcmpErrorsAreCountedAndBreakNeitherReceiveNorSend() throws IOException {
        Endpoint nobody = closedPort();
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            int fd = socket.descriptor().acquire();
            SocketOptions.set(fd, Linux.SOL_IP, IP_RECVERR, 1);
            socket.descriptor().release();
            out.add(nobody, null, octet, 0, 1);
            socket.send(out, 0);
            assertThat(socket.receive(in, 0)).isZero();
            assertThat(socket.pathErrors()).isEqualTo(1);

            out.add(nobody, null, octet, 0, 1);
            socket.send(out, 0);
            out.add(socket.local(), null, octet, 0, 1);
            assertThat(socket.send(out, 0)).isZero();
            assertThat(socket.pathErrors()).isEqualTo(2);
            assertThat(socket.receive(in, PATIENCE_MILLIS)).isEqualTo(1);
        }
    }

    @Test
    void whomIcmpCallsUnreachableIsToldOnceAndWakesNobodyForLong() throws IOException {
        Endpoint nobody = closedPort();
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            assertThat(socket.takeUnreachable()).isNull();
            assertThat(socket.reportPathErrors()).isTrue();
            for (int i = 0; i < 100; i++) {
                out.add(nobody, null, octet, 0, 1);
                socket.send(out, 0);
            }
            assertThat(socket.receive(in, PATIENCE_MILLIS)).isZero();
            assertThat(socket.receive(in, 50)).isZero();
            assertThat(socket.takeUnreachable()).isEqualTo(nobody.toSocketAddress());
            assertThat(socket.takeUnreachable()).isNull();
            out.add(socket.local(), null, octet, 0, 1);
            assertThat(socket.send(out, 0)).isZero();
            assertThat(socket.receive(in, PATIENCE_MILLIS)).isEqualTo(1);
        }
    }

    @Test
    void aMessageThatTheKernelRefusesIsReportedAndTheOthersAreSent() throws IOException {
        Endpoint sixth = Endpoint.of(InetAddress.ofLiteral("2001:db8::1"), 500);
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            out.add(socket.local(), null, octet, 0, 1);
            int refused = out.add(sixth, null, octet, 0, 1);
            out.add(socket.local(), null, octet, 0, 1);

            assertThat(socket.send(out, 0)).isEqualTo(1);

            assertThat(out.failed()).isEqualTo(1);
            assertThat(out.error(0)).isZero();
            assertThat(out.error(refused)).isEqualTo(Errno.EAFNOSUPPORT);
            assertThat(out.error(2)).isZero();
            assertThat(UdpFixture.receiveAll(socket, in, 2)).hasSize(2);
        }
    }

    @Test
    void aSourceThatIsNotOursIsReported() throws IOException {
        Endpoint foreign = Endpoint.of(InetAddress.ofLiteral("192.0.2.7"), 0);
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            int slot = out.add(socket.local(), foreign, octet, 0, 1);

            assertThat(socket.send(out, 0)).isEqualTo(1);
            assertThat(out.error(slot)).isNotZero();
        }
    }

    @Test
    void droppedDatagramsAreCounted() throws IOException {
        try (UdpSocket socket = UdpSocket.open(loopback4().withBuffers(2_304, 0))) {
            for (int i = 0; i < 100; i++) {
                out.add(socket.local(), null, octet, 0, 1);
                socket.send(out, 0);
            }
            int received = 0;
            while (socket.receive(in, 0) > 0) {
                received += in.count();
            }

            assertThat(received).isBetween(1, 99);
            assertThat(socket.receiveDrops()).isEqualTo(100 - received);
        }
    }

    private static Endpoint closedPort() throws IOException {
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            return socket.local();
        }
    }
}
