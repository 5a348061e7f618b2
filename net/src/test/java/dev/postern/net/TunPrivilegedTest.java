package dev.postern.net;

import static dev.postern.net.UdpFixture.PATIENCE_MILLIS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/// Two hosts, each with a TUN device, and a pump between the two devices in the place of ESP:
///
///     one tun0 10.8.0.1, 2001:db8:8::1 ===== tun0 10.8.0.2, 2001:db8:8::2 other
///
/// The time limit is only there to end a broken run.
@Tag("privileged")
@Timeout(60)
class TunPrivilegedTest {
    private static final int TRANSFER_BYTES = 20_000_000;

    private final NetworkNamespace one = NetworkNamespace.create();
    private final NetworkNamespace other = NetworkNamespace.create();

    @AfterEach
    void end() {
        one.close();
        other.close();
    }

    @Test
    void tcpRunsThroughTwoDevicesWithoutOffloads() throws Exception {
        try (TunDevice a = device(one, 1, TunOptions.plain("tun0"));
                TunDevice b = device(other, 2, TunOptions.plain("tun0"))) {
            TunPump pump = TunPump.start(a, b);
            TunPump back = TunPump.start(b, a);

            transfer("10.8.0.2");

            assertThat(a.headerLength()).isZero();
            assertThat(pump.longest()).isEqualTo(1_500);
            assertThat(pump.refused() + back.refused()).isZero();
        }
    }

    @Test
    void tcpOverIpv4IsHandedOverInFramesToCutAndTakenSo() throws Exception {
        tcpWithOffloads("10.8.0.2", VirtioNetHeader.GSO_TCPV4);
    }

    @Test
    void tcpOverIpv6IsHandedOverInFramesToCutAndTakenSo() throws Exception {
        tcpWithOffloads("2001:db8:8::2", VirtioNetHeader.GSO_TCPV6);
    }

    private void tcpWithOffloads(String server, int gsoType) throws Exception {
        try (TunDevice a = device(one, 1, TunOptions.named("tun0"));
                TunDevice b = device(other, 2, TunOptions.named("tun0"))) {
            assertThat(a.offload()).isNotEqualTo(TunOffload.NONE);
            TunPump pump = TunPump.start(a, b);
            TunPump back = TunPump.start(b, a);

            transfer(server);

            assertThat(a.headerLength()).isEqualTo(VirtioNetHeader.LENGTH);
            assertThat(pump.sawFramesToCut(gsoType)).isTrue();
            assertThat(pump.longest()).isGreaterThan(10_000);
            assertThat(pump.refused() + back.refused()).isZero();
        }
    }

    @Test
    void withHeadersButWithoutOffloadsEachPacketIsComplete() throws Exception {
        TunOptions options = TunOptions.named("tun0").withOffload(TunOffload.NONE);
        try (TunDevice a = device(one, 1, options);
                TunDevice b = device(other, 2, options)) {
            TunPump pump = TunPump.start(a, b);
            TunPump.start(b, a);

            transfer("10.8.0.2");

            assertThat(pump.longest()).isEqualTo(1_500 + VirtioNetHeader.LENGTH);
            assertThat(pump.sawFramesToCut(VirtioNetHeader.GSO_TCPV4)).isFalse();
        }
    }

    @Test
    void aRunOfDatagramsGoesThroughAsOneFrame() throws Exception {
        try (TunDevice a = device(one, 1, TunOptions.named("tun0"));
                TunDevice b = device(other, 2, TunOptions.named("tun0"));
                UdpSocket sender = one.call(() -> UdpSocket.open(bound("10.8.0.1")));
                UdpSocket receiver = other.call(() -> UdpSocket.open(bound("10.8.0.2")))) {
            assertThat(a.offload()).isEqualTo(TunOffload.TCP_AND_UDP);
            TunPump pump = TunPump.start(a, b);
            byte[] run = UdpFixture.octets(UdpFixture.random(8), 40 * 1_000 - 1);
            SendBatch out = SendBatch.allocate(Arena.ofAuto(), 1);
            out.add(receiver.local(), null, UdpFixture.nativeCopy(run), 0, run.length, 1_000);

            assertThat(sender.send(out, 0)).isZero();

            ReceiveBatch in = ReceiveBatch.allocate(Arena.ofAuto(), 64);
            assertThat(UdpFixture.receiveAll(receiver, in, 40)).hasSize(40);
            assertThat(in.length(in.count() - 1)).isPositive();
            assertThat(pump.sawFramesToCut(VirtioNetHeader.GSO_UDP_L4)).isTrue();
        }
    }

    @Test
    void anEchoRequestThatIsWrittenIsAnsweredByTheKernel() throws Exception {
        byte[] request = {
            0x45, 0, 0, 28, 0, 0, 0, 0, 64, 1, 0, 0, 10, 8, 0, 77, 10, 8, 0, 1, 8, 0, 0, 0, 0, 7, 0,
            9
        };
        setChecksum(request, 0, 20, 10);
        setChecksum(request, 20, 28, 22);
        try (TunDevice tun = device(one, 1, TunOptions.named("tun0"))) {
            MemorySegment buffer = Arena.ofAuto().allocate(66_000);
            VirtioNetHeader.writePlain(buffer, 0);
            MemorySegment.copy(request, 0, buffer, ValueLayout.JAVA_BYTE, 10, request.length);

            assertThat(tun.write(buffer, 0, 10 + request.length)).isZero();

            int length = tun.read(buffer, 0, 66_000, PATIENCE_MILLIS);
            while (length > 0 && buffer.get(ValueLayout.JAVA_BYTE, 10) != 0x45) {
                length = tun.read(buffer, 0, 66_000, PATIENCE_MILLIS);
            }
            byte[] answer = buffer.asSlice(10, length - 10).toArray(ValueLayout.JAVA_BYTE);
            assertThat(Arrays.copyOfRange(answer, 12, 20))
                    .containsExactly(10, 8, 0, 1, 10, 8, 0, 77);
            assertThat(answer[20]).isZero();
            assertThat(Arrays.copyOfRange(answer, 24, 28)).containsExactly(0, 7, 0, 9);
        }
    }

    @Test
    void aPacketThatIsNeitherIpv4NorIpv6IsRefused() throws Exception {
        try (TunDevice tun = device(one, 1, TunOptions.plain("tun0"))) {
            MemorySegment buffer = Arena.ofAuto().allocate(100);
            assertThat(tun.write(buffer, 0, 100)).isEqualTo(Errno.EINVAL);
        }
    }

    @Test
    void aPacketForADeviceThatIsDownIsRefused() throws Exception {
        try (TunDevice tun = one.call(() -> TunDevice.open(TunOptions.plain("tun0")))) {
            MemorySegment buffer = Arena.ofAuto().allocate(100);
            buffer.set(ValueLayout.JAVA_BYTE, 0, (byte) 0x45);
            assertThat(tun.write(buffer, 0, 100)).isEqualTo(Errno.EIO);
        }
    }

    @Test
    void theNameIsNumberedTheMtuIsSetAndTheInterfaceGoesWithTheDevice() throws Exception {
        TunOptions options = TunOptions.named("postern%d").withMtu(1_380);
        TunDevice first = one.call(() -> TunDevice.open(options));
        TunDevice second = one.call(() -> TunDevice.open(options));
        try (Netlink netlink = one.call(Netlink::open)) {
            assertThat(first.name()).isEqualTo("postern0");
            assertThat(second.name()).isEqualTo("postern1");
            assertThat(netlink.existing("postern1").mtu()).isEqualTo(1_380);
            first.close();
            second.close();
            assertThat(netlink.link("postern0")).isEmpty();
        }
    }

    @Test
    void aDeviceHasAsManyQueuesAsAreOpened() throws Exception {
        TunOptions options = TunOptions.named("tun0").withMultiQueue();
        try (TunDevice first = one.call(() -> TunDevice.open(options));
                TunDevice second = one.call(() -> TunDevice.open(options))) {
            assertThat(second.name()).isEqualTo(first.name());
        }
    }

    @Test
    void aNameInUseIsExplained() throws Exception {
        TunOptions options = TunOptions.named("tun0");
        try (TunDevice first = one.call(() -> TunDevice.open(options))) {
            assertThatThrownBy(() -> one.call(() -> TunDevice.open(options)))
                    .isInstanceOf(SystemCallException.class)
                    .hasMessageStartingWith("cannot create TUN device " + first.name())
                    .hasMessageContaining("(EBUSY); another process uses a device of this name");
        }
        assertThatThrownBy(() -> one.call(() -> TunDevice.open(TunOptions.named("lo"))))
                .isInstanceOf(SystemCallException.class)
                .hasMessageContaining("lo")
                .hasMessageContaining("choose another name");
    }

    @Test
    void aWakeUpAndACloseEndARead() throws Exception {
        TunDevice tun = device(one, 1, TunOptions.plain("tun0"));
        MemorySegment buffer = Arena.ofAuto().allocate(2_048);
        tun.wakeUp();
        assertThat(tun.read(buffer, 0, 2_048, -1)).isZero();
        Callable<Boolean> reading =
                () -> {
                    try {
                        while (true) {
                            tun.read(buffer, 0, 2_048, -1);
                        }
                    } catch (ClosedChannelException e) {
                        return true;
                    }
                };
        FutureTask<Boolean> reader = one.start(reading);

        tun.close();

        assertThat(reader.get()).isTrue();
        assertThatThrownBy(() -> tun.write(buffer, 0, 20))
                .isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void anInterfaceThatIsDeletedEndsTheReadWithAnExplanation() throws Exception {
        try (TunDevice tun = device(one, 1, TunOptions.plain("tun0"))) {
            one.ip("link", "del", "tun0");
            MemorySegment buffer = Arena.ofAuto().allocate(2_048);
            assertThatThrownBy(() -> tun.read(buffer, 0, 2_048, PATIENCE_MILLIS))
                    .isInstanceOf(SystemCallException.class)
                    .hasMessageContaining("the interface was deleted");
        }
    }

    private static TunDevice device(NetworkNamespace namespace, int host, TunOptions options)
            throws Exception {
        return namespace.call(() -> {
            TunDevice tun = TunDevice.open(options);
            try (Netlink netlink = Netlink.open()) {
                netlink.setUp(tun.name());
                netlink.addAddress(tun.name(), Prefix.parse("10.8.0." + host + "/24"));
                netlink.addAddress(tun.name(), Prefix.parse("2001:db8:8::" + host + "/64"));
            }
            return tun;
        });
    }

    private static UdpSocketOptions bound(String address) {
        return UdpSocketOptions.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
    }

    /// Sends octets from `one` to a server in `other` and compares them there.
    private void transfer(String server) throws Exception {
        byte[] octets = UdpFixture.octets(UdpFixture.random(9), TRANSFER_BYTES);
        ServerSocket listening =
                other.call(() -> new ServerSocket(7_000, 1, InetAddress.ofLiteral(server)));
        FutureTask<byte[]> received = other.start(() -> accepted(listening));
        one.call(() -> {
            try (Socket socket = new Socket(InetAddress.ofLiteral(server), 7_000);
                    OutputStream out = socket.getOutputStream()) {
                out.write(octets);
            }
            return true;
        });
        assertThat(Arrays.equals(received.get(), octets)).isTrue();
    }

    private static byte[] accepted(ServerSocket listening) throws IOException {
        try (listening;
                Socket socket = listening.accept();
                InputStream in = socket.getInputStream()) {
            return in.readAllBytes();
        }
    }

    private static void setChecksum(byte[] octets, int from, int to, int at) {
        int sum = 0;
        for (int i = from; i < to; i += 2) {
            sum += ((octets[i] & 0xff) << 8) | (octets[i + 1] & 0xff);
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        octets[at] = (byte) (~sum >> 8);
        octets[at + 1] = (byte) ~sum;
    }
}
