package dev.postern.net;

import static dev.postern.net.UdpFixture.nativeCopy;
import static dev.postern.net.UdpFixture.octets;
import static dev.postern.net.UdpFixture.random;
import static dev.postern.net.UdpFixture.receiveAll;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/// What loopback as every user has it cannot show: a small MTU, a full send buffer, marks, devices.
@Tag("privileged")
class UdpPrivilegedTest {
    private final NetworkNamespace namespace = NetworkNamespace.create();
    private final ReceiveBatch in = ReceiveBatch.allocate(Arena.ofAuto(), 64);
    private final SendBatch out = SendBatch.allocate(Arena.ofAuto(), 8);

    @AfterEach
    void end() {
        namespace.close();
    }

    @Test
    void aRunOfDatagramsLongerThanTheMtuIsSentOneByOneInFragments() throws Exception {
        namespace.ip("link", "set", "lo", "mtu", "1400");
        byte[] run = octets(random(10), 4_500);
        try (UdpSocket sender = open(bound("127.0.0.1"));
                UdpSocket receiver = open(bound("127.0.0.1"))) {
            out.add(receiver.local(), null, nativeCopy(run), 0, run.length, 2_000);
            out.add(receiver.local(), null, nativeCopy(run), 0, run.length, 1_000);

            assertThat(sender.send(out, 0)).isZero();

            assertThat(receiveAll(receiver, in, 8))
                    .containsExactly(
                            Arrays.copyOfRange(run, 0, 2_000),
                            Arrays.copyOfRange(run, 2_000, 4_000),
                            Arrays.copyOfRange(run, 4_000, 4_500),
                            Arrays.copyOfRange(run, 0, 1_000),
                            Arrays.copyOfRange(run, 1_000, 2_000),
                            Arrays.copyOfRange(run, 2_000, 3_000),
                            Arrays.copyOfRange(run, 3_000, 4_000),
                            Arrays.copyOfRange(run, 4_000, 4_500));
            assertThat(sender.isSegmenting()).isTrue();
        }
    }

    @Test
    void withDfADatagramLongerThanTheMtuIsReported() throws Exception {
        namespace.ip("link", "set", "lo", "mtu", "1400");
        byte[] run = octets(random(11), 3_000);
        UdpSocketOptions options = bound("127.0.0.1").withPathMtuDiscovery(PathMtuDiscovery.DO);
        try (UdpSocket sender = open(options);
                UdpSocket receiver = open(bound("127.0.0.1"))) {
            int single = out.add(receiver.local(), null, nativeCopy(run), 0, 1_500);
            int mixed = out.add(receiver.local(), null, nativeCopy(run), 0, 2_000, 1_500);
            int fits = out.add(receiver.local(), null, nativeCopy(run), 0, 1_000);

            assertThat(sender.send(out, 0)).isEqualTo(2);

            assertThat(out.error(single)).isEqualTo(Errno.EMSGSIZE);
            assertThat(out.error(mixed)).isEqualTo(Errno.EMSGSIZE);
            assertThat(out.error(fits)).isZero();
            assertThat(receiveAll(receiver, in, 2))
                    .containsExactly(
                            Arrays.copyOfRange(run, 1_500, 2_000), Arrays.copyOf(run, 1_000));
        }
    }

    /// Datagrams to a neighbour that does not answer keep the sender's memory until ARP gives up.
    @Test
    void aFullSendBufferFailsWithEagainOrWaits() throws Exception {
        try (NetworkNamespace silent = NetworkNamespace.create()) {
            NetworkNamespace.join(namespace, silent);
            namespace.ip("address", "add", "10.6.0.1/24", "dev", "eth0");
            byte[] octets = new byte[1_400];
            Endpoint nobody = Endpoint.of(InetAddress.ofLiteral("10.6.0.2"), 500);
            try (UdpSocket sender = open(bound("10.6.0.1").withBuffers(0, 4_608))) {
                for (int i = 0; i < 8; i++) {
                    out.add(nobody, null, nativeCopy(octets), 0, octets.length);
                }

                int failed = sender.send(out, 0);

                assertThat(failed).isBetween(1, 7);
                assertThat(out.error(0)).isZero();
                assertThat(out.error(7)).isEqualTo(Errno.EAGAIN);
                out.add(nobody, null, nativeCopy(octets), 0, octets.length);
                namespace.ip(
                        "neigh",
                        "replace",
                        "10.6.0.2",
                        "lladdr",
                        "02:00:00:00:00:02",
                        "dev",
                        "eth0",
                        "nud",
                        "permanent");
                assertThat(sender.send(out, UdpFixture.PATIENCE_MILLIS)).isZero();
            }
        }
    }

    @Test
    void aSocketBoundToADeviceHearsThatDeviceOnly() throws Exception {
        try (NetworkNamespace other = NetworkNamespace.create()) {
            NetworkNamespace.join(namespace, other);
            namespace.ip("address", "add", "10.6.0.1/24", "dev", "eth0");
            other.ip("address", "add", "10.6.0.2/24", "dev", "eth0");
            try (UdpSocket deaf = open(bound("0.0.0.0").withDevice("lo"));
                    UdpSocket hearing = open(bound("0.0.0.0").withDevice("eth0").withMark(7));
                    UdpSocket sender = other.call(() -> UdpSocket.open(bound("10.6.0.2")))) {
                for (UdpSocket socket : new UdpSocket[] {deaf, hearing}) {
                    Endpoint destination =
                            Endpoint.of(InetAddress.ofLiteral("10.6.0.1"), socket.local().port());
                    out.add(destination, null, nativeCopy(new byte[1]), 0, 1);
                    sender.send(out, 0);
                }

                assertThat(hearing.receive(in, UdpFixture.PATIENCE_MILLIS)).isEqualTo(1);
                assertThat(deaf.receive(in, 0)).isZero();
            }
        }
    }

    @Test
    void aBufferBeyondTheSystemsLimitIsForced() throws Exception {
        try (UdpSocket socket = open(bound("127.0.0.1").withBuffers(64 << 20, 32 << 20))) {
            assertThat(socket.receiveBufferBytes()).isEqualTo(2 * (64 << 20));
            assertThat(socket.sendBufferBytes()).isEqualTo(2 * (32 << 20));
        }
    }

    private UdpSocket open(UdpSocketOptions options) throws Exception {
        return namespace.call(() -> UdpSocket.open(options));
    }

    private static UdpSocketOptions bound(String address) {
        return UdpSocketOptions.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
    }
}
