package dev.postern.net;

import static dev.postern.net.UdpFixture.PATIENCE_MILLIS;
import static dev.postern.net.UdpFixture.loopback4;
import static dev.postern.net.UdpFixture.octets;
import static dev.postern.net.UdpFixture.random;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.random.RandomGenerator;

class UdpMemoryTest {
    private static final int DATAGRAMS = 100_000;
    private static final int LONGEST = 9_000;

    /// What the measuring itself allocates in a round of 23,000 datagrams.
    private static final long MEASURING_BYTES = 2_000;

    private final Arena arena = Arena.ofAuto();
    private final ReceiveBatch in = ReceiveBatch.allocate(arena, 64);
    private final SendBatch out = SendBatch.allocate(arena, 64);

    /// Before the JIT compiler has compiled the path for good, it allocates; so rounds are measured
    /// until one does without.
    @Test
    void sendingAndReceivingAllocateNothing() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        MemorySegment memory = arena.allocate(40_000);
        long least = Long.MAX_VALUE;
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            Endpoint self = socket.local();
            for (int round = 0; round < 200 && least > MEASURING_BYTES; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                long datagrams = 0;
                for (int i = 0; i < 1_000; i++) {
                    datagrams += exchange(socket, self, memory);
                }
                long allocated = threads.getCurrentThreadAllocatedBytes() - before;
                assertThat(datagrams).isEqualTo(1_000L * (3 + 20));
                least = Math.min(least, allocated);
            }
        }
        assertThat(least).isLessThanOrEqualTo(MEASURING_BYTES);
    }

    private long exchange(UdpSocket socket, Endpoint self, MemorySegment memory)
            throws IOException {
        for (int i = 0; i < 3; i++) {
            out.add(self, self, memory, i * 100L, 1_000);
        }
        out.add(self, self, memory, 0, 20_000, 1_000);
        if (socket.send(out, 0) != 0) {
            throw new IOException("not sent: " + Errno.name(out.error(0)));
        }
        long datagrams = 0;
        while (datagrams < 23 && socket.receive(in, PATIENCE_MILLIS) > 0) {
            for (int slot = 0; slot < in.count(); slot++) {
                if (!in.isFrom(slot, self) || !in.isTo(slot, self)) {
                    throw new IOException("from somewhere else");
                }
                datagrams += (in.length(slot) + in.segmentSize(slot) - 1) / in.segmentSize(slot);
            }
        }
        return datagrams;
    }

    /// Each datagram repeats one octet that follows from its number, at random lengths, alone or in
    /// runs; a stray write of the kernel's or ours would show in a neighbour's content.
    @Test
    void aHundredThousandDatagramsOfRandomLengthKeepTheirContent() throws IOException {
        RandomGenerator random = random(12);
        MemorySegment memory = arena.allocate(64L * LONGEST);
        memory.copyFrom(MemorySegment.ofArray(octets(random, 64 * LONGEST)));
        try (UdpSocket sender = UdpSocket.open(loopback4());
                UdpSocket receiver = UdpSocket.open(loopback4())) {
            int sent = 0;
            while (sent < DATAGRAMS) {
                long[] lengths = new long[64];
                int messages = 1 + random.nextInt(64);
                int count = 0;
                long sum = 0;
                for (int i = 0; i < messages && sum < 200_000 && count < 64; i++) {
                    int length = 1 + random.nextInt(LONGEST);
                    int repeats = Math.min(1 + random.nextInt(3), 64 - count);
                    out.add(
                            receiver.local(),
                            null,
                            memory,
                            (long) i * LONGEST,
                            Math.min(length * repeats, LONGEST),
                            length);
                    for (int at = 0; at < Math.min(length * repeats, LONGEST); at += length) {
                        long one = Math.min(length, Math.min(length * repeats, LONGEST) - at);
                        lengths[count++] = (((long) i * LONGEST + at) << 16) | one;
                        sum += one;
                    }
                }
                assertThat(sender.send(out, PATIENCE_MILLIS)).isZero();
                verify(receiver, memory, lengths, count);
                sent += count;
            }
        }
    }

    private void verify(UdpSocket receiver, MemorySegment memory, long[] lengths, int count)
            throws IOException {
        int seen = 0;
        while (seen < count) {
            assertThat(receiver.receive(in, PATIENCE_MILLIS)).isPositive();
            for (int slot = 0; slot < in.count(); slot++) {
                for (int at = 0; at < in.length(slot); at += in.segmentSize(slot)) {
                    int length = Math.min(in.segmentSize(slot), in.length(slot) - at);
                    assertThat(length).isEqualTo((int) (lengths[seen] & 0xffff));
                    long offset = lengths[seen] >>> 16;
                    assertThat(
                                    MemorySegment.mismatch(
                                            in.buffer(slot),
                                            at,
                                            at + length,
                                            memory,
                                            offset,
                                            offset + length))
                            .isEqualTo(-1);
                    seen++;
                }
            }
        }
        assertThat(seen).isEqualTo(count);
    }
}
