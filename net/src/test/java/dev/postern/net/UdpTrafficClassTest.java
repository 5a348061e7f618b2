package dev.postern.net;

import static dev.postern.net.UdpFixture.PATIENCE_MILLIS;
import static dev.postern.net.UdpFixture.nativeCopy;
import static dev.postern.net.UdpFixture.octets;
import static dev.postern.net.UdpFixture.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// DSCP and ECN of the IP header, sent and received by control messages.
class UdpTrafficClassTest {
    private static final int LENGTH = 200;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachMessageHasItsOwnWithAndWithoutSegmentation(boolean ipv4) throws IOException {
        for (boolean segments : new boolean[] {true, false}) {
            assertThat(received(ipv4, segments)).containsExactly(0, 3, 0xb8, 0xba, 1, 0);
        }
    }

    private static List<Integer> received(boolean ipv4, boolean segments) throws IOException {
        UdpSocketOptions options = ipv4 ? UdpFixture.loopback4() : UdpFixture.loopback6();
        List<Integer> classes = new ArrayList<>();
        try (UdpSocket from = UdpSocket.open(options.withOffloads(false, segments));
                UdpSocket to = UdpSocket.open(options)) {
            SendBatch sent = SendBatch.allocate(Arena.ofAuto(), 8);
            MemorySegment run = nativeCopy(octets(random(1), 3 * LENGTH));
            for (int trafficClass : new int[] {0, 3, 0xb8, 0xba, 1, 0}) {
                sent.add(to.local(), from.local(), run, 0, 3 * LENGTH, LENGTH, trafficClass);
            }
            assertThat(from.send(sent, PATIENCE_MILLIS)).isZero();
            ReceiveBatch batch = ReceiveBatch.allocate(Arena.ofAuto(), 32);
            int octets = 0;
            while (octets < 18 * LENGTH && to.receive(batch, PATIENCE_MILLIS) > 0) {
                for (int slot = 0; slot < batch.count(); slot++) {
                    octets += batch.length(slot);
                    int seen = batch.trafficClass(slot);
                    if (classes.isEmpty() || classes.getLast() != seen) {
                        classes.add(seen);
                    }
                }
            }
            assertThat(octets).isEqualTo(18 * LENGTH);
        }
        return classes;
    }
}
