package dev.postern.net;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// UDP_SEGMENT and UDP_GRO: forty datagrams as one message, the last one shorter.
class UdpSegmentationTest {
    private static final int SEGMENT = 1_300;
    private static final int TAIL = 77;
    private static final byte[] RUN = octets(random(3), 39 * SEGMENT + TAIL);

    private final ReceiveBatch in = ReceiveBatch.allocate(Arena.ofAuto(), 64);
    private final SendBatch out = SendBatch.allocate(Arena.ofAuto(), 8);

    @Test
    void aRunArrivesAsOneSlotWhereBothSidesCan() throws IOException {
        try (UdpSocket sender = UdpSocket.open(loopback4());
                UdpSocket receiver = UdpSocket.open(loopback4())) {
            assertThat(sender.isSegmenting()).isTrue();
            assertThat(receiver.isCoalescing()).isTrue();

            assertThat(sendRun(sender, receiver)).isZero();

            assertThat(receiveAll(receiver, in, 40)).containsExactlyElementsOf(cut());
            assertThat(in.count()).isEqualTo(1);
            assertThat(in.segmentSize(0)).isEqualTo(SEGMENT);
            assertThat(in.length(0)).isEqualTo(RUN.length);
            assertThat(in.peer(0)).isEqualTo(sender.local());
        }
    }

    @Test
    void aRunArrivesAsFortyDatagramsWithoutCoalescing() throws IOException {
        try (UdpSocket sender = UdpSocket.open(loopback4());
                UdpSocket receiver = UdpSocket.open(loopback4().withOffloads(false, true))) {
            assertThat(sendRun(sender, receiver)).isZero();

            assertThat(receiveAll(receiver, in, 40)).containsExactlyElementsOf(cut());
            assertThat(in.count()).isEqualTo(40);
        }
    }

    @Test
    void aRunIsSentOneByOneWithoutSegmentation() throws IOException {
        try (UdpSocket sender = UdpSocket.open(loopback6().withOffloads(true, false));
                UdpSocket receiver = UdpSocket.open(loopback6())) {
            assertThat(sender.isSegmenting()).isFalse();

            assertThat(sendRun(sender, receiver)).isZero();

            assertThat(receiveAll(receiver, in, 40)).containsExactlyElementsOf(cut());
        }
    }

    @Test
    void runsAndSinglesMixInOneBatchInOrder() throws IOException {
        for (boolean segmenting : new boolean[] {true, false}) {
            try (UdpSocket sender = UdpSocket.open(loopback4().withOffloads(true, segmenting));
                    UdpSocket receiver = UdpSocket.open(loopback4())) {
                byte[] single = octets(random(5), 600);
                out.add(receiver.local(), null, nativeCopy(single), 0, single.length);
                out.add(receiver.local(), null, nativeCopy(RUN), 0, RUN.length, SEGMENT);
                out.add(receiver.local(), null, nativeCopy(single), 0, single.length);
                List<byte[]> wanted = new ArrayList<>(List.of(single));
                wanted.addAll(cut());
                wanted.add(single);

                assertThat(sender.send(out, 0)).isZero();

                assertThat(receiveAll(receiver, in, 42)).containsExactlyElementsOf(wanted);
            }
        }
    }

    @Test
    void aRunOfMoreThan64DatagramsIsRefused() throws IOException {
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            out.add(socket.local(), null, nativeCopy(new byte[640]), 0, 640, 10);
            assertThatThrownBy(() ->
                            out.add(socket.local(), null, nativeCopy(new byte[641]), 0, 641, 10))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("64");
        }
    }

    private int sendRun(UdpSocket sender, UdpSocket receiver) throws IOException {
        out.add(receiver.local(), sender.local(), nativeCopy(RUN), 0, RUN.length, SEGMENT);
        return sender.send(out, 0);
    }

    private static List<byte[]> cut() {
        List<byte[]> datagrams = new ArrayList<>();
        for (int at = 0; at < RUN.length; at += SEGMENT) {
            datagrams.add(Arrays.copyOfRange(RUN, at, Math.min(at + SEGMENT, RUN.length)));
        }
        return datagrams;
    }
}
