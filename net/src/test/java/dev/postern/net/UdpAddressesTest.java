package dev.postern.net;

import static dev.postern.net.UdpFixture.PATIENCE_MILLIS;
import static dev.postern.net.UdpFixture.loopback4;
import static dev.postern.net.UdpFixture.nativeCopy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Binding, and the local address of what is received and sent on a wildcard socket.
class UdpAddressesTest {
    private final ReceiveBatch in = ReceiveBatch.allocate(Arena.ofAuto(), 4);
    private final SendBatch out = SendBatch.allocate(Arena.ofAuto(), 4);

    @Test
    void port0BecomesAFreePort() throws IOException {
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            assertThat(socket.localAddress().getAddress())
                    .isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
            assertThat(socket.localAddress().getPort()).isPositive();
        }
    }

    @Test
    void anAnswerLeavesFromTheAddressThatWasAsked() throws IOException {
        answerFrom(bound("0.0.0.0"), bound("127.0.0.1"), "127.9.8.7");
    }

    @Test
    void anAnswerLeavesFromTheAddressThatWasAskedOverIpv6() throws IOException {
        answerFrom(bound("::"), bound("::1"), "::1");
    }

    private void answerFrom(UdpSocketOptions wildcard, UdpSocketOptions asking, String asked)
            throws IOException {
        try (UdpSocket server = UdpSocket.open(wildcard);
                UdpSocket client = UdpSocket.open(asking)) {
            Endpoint destination = Endpoint.of(InetAddress.ofLiteral(asked), server.local().port());
            out.add(destination, null, nativeCopy(new byte[] {1}), 0, 1);
            assertThat(client.send(out, 0)).isZero();
            assertThat(server.receive(in, PATIENCE_MILLIS)).isEqualTo(1);
            assertThat(in.local(0)).isEqualTo(destination);
            assertThat(in.arrivalInterface(0)).isPositive();

            out.add(in.peer(0), in.local(0), nativeCopy(new byte[] {2}), 0, 1);
            assertThat(server.send(out, 0)).isZero();

            assertThat(client.receive(in, PATIENCE_MILLIS)).isEqualTo(1);
            assertThat(in.peer(0)).isEqualTo(destination);
        }
    }

    /// A run brings one control message more than a single datagram: the room for it must be there
    /// again after the kernel has shortened it.
    @Test
    void theLocalAddressOfARunIsKnownInASlotThatHeldASingleDatagramBefore() throws IOException {
        try (UdpSocket server = UdpSocket.open(bound("0.0.0.0"));
                UdpSocket client = UdpSocket.open(loopback4())) {
            Endpoint destination =
                    Endpoint.of(InetAddress.ofLiteral("127.1.2.3"), server.local().port());
            for (int datagrams = 1; datagrams <= 3; datagrams++) {
                out.add(destination, null, nativeCopy(new byte[300]), 0, datagrams * 100, 100);
                assertThat(client.send(out, 0)).isZero();

                assertThat(server.receive(in, PATIENCE_MILLIS)).isEqualTo(1);

                assertThat(in.length(0)).isEqualTo(datagrams * 100);
                assertThat(in.segmentSize(0)).isEqualTo(100);
                assertThat(in.local(0)).isEqualTo(destination);
            }
        }
    }

    @Test
    void anAddressInUseIsExplained() throws IOException {
        try (UdpSocket first = UdpSocket.open(loopback4())) {
            UdpSocketOptions again = UdpSocketOptions.bind(first.localAddress());
            assertThatThrownBy(() -> UdpSocket.open(again))
                    .isInstanceOf(SystemCallException.class)
                    .hasMessageStartingWith("cannot bind UDP " + first.local())
                    .hasMessageContaining("address already in use (EADDRINUSE)")
                    .hasMessageContaining("ss -lunp");
        }
    }

    @Test
    void twoSocketsShareAPortWhenBothSaySo() throws IOException {
        try (UdpSocket first = UdpSocket.open(loopback4().withReusePort());
                UdpSocket second =
                        UdpSocket.open(
                                UdpSocketOptions.bind(first.localAddress()).withReusePort())) {
            assertThat(second.local()).isEqualTo(first.local());
        }
    }

    @Test
    void anAddressOfAnotherHostIsExplained() {
        assertThatThrownBy(() -> UdpSocket.open(bound("192.0.2.1")))
                .isInstanceOf(SystemCallException.class)
                .hasMessageContaining("192.0.2.1")
                .hasMessageContaining("EADDRNOTAVAIL");
    }

    @Test
    void anAddressOfAnotherHostIsBoundInAdvanceByFreeBind() throws IOException {
        try (UdpSocket socket = UdpSocket.open(bound("192.0.2.1").withFreeBind())) {
            assertThat(socket.localAddress().getAddress())
                    .isEqualTo(InetAddress.ofLiteral("192.0.2.1"));
        }
    }

    @Test
    void anUnknownDeviceIsExplained() {
        assertThatThrownBy(() -> UdpSocket.open(loopback4().withDevice("nosuch0")))
                .isInstanceOf(SystemCallException.class)
                .hasMessageContaining("interface nosuch0")
                .hasMessageContaining("ip link");
    }

    @Test
    void aBufferIsGrantedAtLeastAsAskedWithinTheSystemsLimit() throws IOException {
        try (UdpSocket socket = UdpSocket.open(loopback4().withBuffers(100_000, 60_000))) {
            assertThat(socket.receiveBufferBytes()).isEqualTo(200_000);
            assertThat(socket.sendBufferBytes()).isEqualTo(120_000);
        }
    }

    private static UdpSocketOptions bound(String address) {
        return UdpSocketOptions.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
    }
}
