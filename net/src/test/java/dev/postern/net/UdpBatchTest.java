package dev.postern.net;

import static dev.postern.net.UdpFixture.PATIENCE_MILLIS;
import static dev.postern.net.UdpFixture.loopback4;
import static dev.postern.net.UdpFixture.loopback6;
import static dev.postern.net.UdpFixture.nativeCopy;
import static dev.postern.net.UdpFixture.octets;
import static dev.postern.net.UdpFixture.random;
import static dev.postern.net.UdpFixture.receiveAll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

class UdpBatchTest {
    private final ReceiveBatch in = ReceiveBatch.allocate(Arena.ofAuto(), 8);
    private final SendBatch out = SendBatch.allocate(Arena.ofAuto(), 32);

    @Test
    void aBatchArrivesInOrderAndUnchanged() throws IOException {
        roundTrip(loopback4());
    }

    @Test
    void aBatchArrivesOverIpv6() throws IOException {
        roundTrip(loopback6());
    }

    private void roundTrip(UdpSocketOptions options) throws IOException {
        RandomGenerator random = random(1);
        List<byte[]> wanted = new ArrayList<>();
        try (UdpSocket sender = UdpSocket.open(options);
                UdpSocket receiver = UdpSocket.open(options)) {
            for (int i = 0; i < 20; i++) {
                wanted.add(octets(random, 1 + random.nextInt(1_400)));
                out.add(receiver.local(), null, nativeCopy(wanted.get(i)), 0, wanted.get(i).length);
            }

            assertThat(sender.send(out, 0)).isZero();

            assertThat(receiveAll(receiver, in, 20)).containsExactlyElementsOf(wanted);
            assertThat(in.peer(0)).isEqualTo(sender.local());
            assertThat(in.isFrom(0, sender.local())).isTrue();
            assertThat(in.isFrom(0, receiver.local())).isFalse();
            assertThat(in.local(0)).isEqualTo(receiver.local());
            assertThat(in.isTo(0, receiver.local())).isTrue();
        }
    }

    @Test
    void aReceiveTakesNoMoreThanTheBatchHolds() throws IOException {
        try (UdpSocket socket = UdpSocket.open(loopback4().withOffloads(false, true))) {
            for (int i = 0; i < 11; i++) {
                out.add(socket.local(), null, nativeCopy(new byte[] {(byte) i}), 0, 1);
            }
            socket.send(out, 0);

            assertThat(socket.receive(in, PATIENCE_MILLIS)).isEqualTo(8);
            assertThat(in.buffer(7).get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0))
                    .isEqualTo((byte) 7);
            assertThat(socket.receive(in, PATIENCE_MILLIS)).isEqualTo(3);
            assertThat(in.count()).isEqualTo(3);
            assertThat(socket.receive(in, 0)).isZero();
            assertThat(in.count()).isZero();
        }
    }

    @Test
    void anEmptyDatagramIsADatagram() throws IOException {
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            out.add(socket.local(), null, nativeCopy(new byte[0]), 0, 0);

            assertThat(socket.send(out, 0)).isZero();

            assertThat(socket.receive(in, PATIENCE_MILLIS)).isEqualTo(1);
            assertThat(in.length(0)).isZero();
            assertThat(in.segmentSize(0)).isPositive();
        }
    }

    @Test
    void theLongestDatagramArrivesWhole() throws IOException {
        byte[] longest = octets(random(2), SendBatch.MAX_LENGTH);
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            out.add(socket.local(), null, nativeCopy(longest), 0, longest.length);
            assertThat(socket.send(out, 0)).isZero();

            assertThat(receiveAll(socket, in, 1)).containsExactly(longest);
            assertThat(in.isTruncated(0)).isFalse();
        }
    }

    @Test
    void aMessageMayLieInTheMiddleOfABuffer() throws IOException {
        MemorySegment memory = nativeCopy(new byte[] {1, 2, 3, 4, 5});
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            out.add(socket.local(), null, memory, 1, 3);
            socket.send(out, 0);

            assertThat(receiveAll(socket, in, 1)).containsExactly(new byte[] {2, 3, 4});
        }
    }

    @Test
    void aSlotOutsideTheBatchIsRefused() {
        assertThatThrownBy(() -> in.length(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void octetsBehindTheEndOfTheBufferAreRefused() throws IOException {
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            assertThatThrownBy(() -> out.add(socket.local(), null, nativeCopy(new byte[4]), 2, 3))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() ->
                            out.add(socket.local(), null, MemorySegment.ofArray(new byte[4]), 0, 4))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("native");
        }
    }

    @Test
    void aFullBatchIsRefusedUntilItIsSent() throws IOException {
        SendBatch two = SendBatch.allocate(Arena.ofAuto(), 2);
        MemorySegment octet = nativeCopy(new byte[1]);
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            two.add(socket.local(), null, octet, 0, 1);
            two.add(socket.local(), null, octet, 0, 1);
            assertThat(two.isFull()).isTrue();
            assertThatThrownBy(() -> two.add(socket.local(), null, octet, 0, 1))
                    .isInstanceOf(IllegalStateException.class);

            socket.send(two, 0);

            assertThat(two.isEmpty()).isTrue();
            assertThat(two.add(socket.local(), null, octet, 0, 1)).isZero();
        }
    }
}
