package dev.postern.esp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.PacketCipher;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;

/// The data plane allocates nothing for a packet. What the cipher itself allocates (nothing with
/// libcrypto, garbage with the JDK's) is measured apart and taken off.
class AllocationTest {
    private static final int TRAINS = 1_000;
    private static final int SEGMENTS = 45;
    private static final int SEGMENT = 1340;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment received = arena.allocate(1 << 17, 64);
    private long written;

    @Test
    void sealingOpeningAndCoalescingAllocateNothing() {
        SecurityAssociations client = new SecurityAssociations();
        SecurityAssociations gateway = new SecurityAssociations();
        EncryptionAlgorithm algorithm = EncryptionAlgorithm.AES_GCM_16_128;
        client.install(Tunnel.outbound(algorithm, true).build());
        gateway.install(Tunnel.inbound(algorithm, true).build());
        Coalescer coalescer =
                new Coalescer(arena, true, (memory, offset, length) -> written += length);
        EspOpener opener =
                new EspOpener(
                        gateway,
                        new VerdictCounters(),
                        coalescer,
                        (memory, offset, length) -> {},
                        new Tunnel(),
                        arena);
        OutgoingBatch batch =
                new OutgoingBatch(arena.allocate(1 << 17, 64), 16, b -> receive(b, opener));
        EspSealer sealer = new EspSealer(client, new VerdictCounters(), batch, arena);
        byte[] packet = Traffic.tcp(false, 1, 1, 0x10, Traffic.octets(1, SEGMENTS * SEGMENT));
        byte[] frame = Traffic.train(packet, 1, SEGMENT);
        MemorySegment source = arena.allocate(frame.length);
        MemorySegment.copy(MemorySegment.ofArray(frame), 0, source, 0, frame.length);

        run(sealer, coalescer, source, TRAINS);
        written = 0;
        long before = allocated();
        run(sealer, coalescer, source, TRAINS);
        long each = (allocated() - before) / ((long) TRAINS * SEGMENTS);
        assertThat(written).isEqualTo((long) TRAINS * frame.length);
        assertThat(each - cipherAllocates(algorithm)).isLessThan(8);
    }

    private static void run(EspSealer sealer, Coalescer coalescer, MemorySegment frame, int times) {
        for (int i = 0; i < times; i++) {
            sealer.sealFrame(frame, 0, (int) frame.byteSize());
            sealer.flush();
            coalescer.flush();
        }
    }

    private void receive(OutgoingBatch batch, EspOpener opener) {
        for (int train = 0; train < batch.trains(); train++) {
            MemorySegment.copy(
                    batch.memory(), batch.offset(train), received, 0, batch.length(train));
            opener.open(
                    received, 0, batch.length(train), batch.segmentLength(train), 0, 0, 0, 4500);
        }
    }

    private long cipherAllocates(EncryptionAlgorithm algorithm) {
        int length = SEGMENT + 56;
        try (PacketCipher seals = PacketCipher.of(algorithm, Tunnel.key(algorithm, 1).expose());
                PacketCipher opens =
                        PacketCipher.of(algorithm, Tunnel.key(algorithm, 1).expose())) {
            long iv = 0;
            for (; iv < 20_000; iv++) {
                sealAndOpen(seals, opens, iv, length);
            }
            long before = allocated();
            for (; iv < 60_000; iv++) {
                sealAndOpen(seals, opens, iv, length);
            }
            return (allocated() - before) / 40_000;
        }
    }

    private void sealAndOpen(PacketCipher seals, PacketCipher opens, long iv, int length) {
        seals.seal(received, 0, 12, iv, received, 16, length);
        if (!opens.open(received, 0, 12, iv, received, 16, length)) {
            throw new AssertionError("not authentic");
        }
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }
}
