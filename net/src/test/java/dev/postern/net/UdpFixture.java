package dev.postern.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Sockets on the loopback interface and datagrams with a known content.
final class UdpFixture {
    /// Time after which a wait for a datagram that must come is given up.
    static final int PATIENCE_MILLIS = 5_000;

    private UdpFixture() {}

    static UdpSocketOptions loopback4() {
        return UdpSocketOptions.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    }

    static UdpSocketOptions loopback6() {
        return UdpSocketOptions.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
    }

    static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    static byte[] octets(RandomGenerator random, int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }

    static MemorySegment nativeCopy(byte[] octets) {
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, octets.length));
        MemorySegment.copy(octets, 0, copy, JAVA_BYTE, 0, octets.length);
        return copy;
    }

    /// The datagrams of a batch, runs taken apart.
    static List<byte[]> datagrams(ReceiveBatch batch) {
        List<byte[]> datagrams = new ArrayList<>();
        for (int slot = 0; slot < batch.count(); slot++) {
            int at = 0;
            do {
                int length = Math.min(batch.segmentSize(slot), batch.length(slot) - at);
                datagrams.add(batch.buffer(slot).asSlice(at, length).toArray(JAVA_BYTE));
                at += length;
            } while (at < batch.length(slot));
        }
        return datagrams;
    }

    /// Receives until so many datagrams have come or none comes any more.
    static List<byte[]> receiveAll(UdpSocket socket, ReceiveBatch batch, int wanted)
            throws IOException {
        List<byte[]> all = new ArrayList<>();
        while (all.size() < wanted && socket.receive(batch, PATIENCE_MILLIS) > 0) {
            all.addAll(datagrams(batch));
        }
        return all;
    }
}
