package dev.postern.bench;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.PacketCipher;
import dev.postern.crypto.SecretBytes;
import dev.postern.esp.Coalescer;
import dev.postern.esp.EspOpener;
import dev.postern.esp.EspSaParameters;
import dev.postern.esp.EspSealer;
import dev.postern.esp.InboundEvidence;
import dev.postern.esp.OutgoingBatch;
import dev.postern.esp.SecurityAssociations;
import dev.postern.esp.Selector;
import dev.postern.esp.UdpEndpoint;
import dev.postern.esp.VerdictCounters;

import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// What the pure data plane costs for each packet of a TCP train, without system calls: cutting and
/// sealing on one side, opening and joining on the other, and the cipher's part of it.
///
/// Argument: seconds to run.
public final class EspPacketCost implements InboundEvidence {
    private static final PrintStream OUT =
            new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.AES_GCM_16_128;
    private static final int SEGMENT = 1348;
    private static final int SEGMENTS = 44;
    private static final int ROUNDS = 2_000;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment received = arena.allocate(1 << 17, 64);
    private final MemorySegment frame = arena.allocate(1 << 17, 64);
    private final EspSealer sealer;
    private final EspOpener opener;
    private final Coalescer coalescer;
    private long openNanos;
    private long joined;

    private EspPacketCost(InetAddress here, InetAddress there) {
        SecurityAssociations client = new SecurityAssociations();
        SecurityAssociations gateway = new SecurityAssociations();
        client.install(parameters(1001, 1002, here, there));
        gateway.install(parameters(1002, 1001, there, here));
        coalescer = new Coalescer(arena, true, (memory, offset, length) -> joined += length);
        opener =
                new EspOpener(
                        gateway,
                        new VerdictCounters(),
                        coalescer,
                        (memory, offset, length) -> {},
                        this,
                        arena);
        OutgoingBatch batch = new OutgoingBatch(arena.allocate(1 << 18, 64), 64, this::receive);
        sealer = new EspSealer(client, new VerdictCounters(), batch, arena);
    }

    /// Prints a line for each second or so.
    public static void main(String[] arguments) throws UnknownHostException {
        long seconds = arguments.length > 0 ? Long.parseLong(arguments[0]) : 10;
        InetAddress here = InetAddress.getByName("10.9.0.2");
        InetAddress there = InetAddress.getByName("10.9.0.1");
        EspPacketCost cost = new EspPacketCost(here, there);
        int length = cost.fill(here, there);
        long end = System.nanoTime() + seconds * 1_000_000_000;
        while (System.nanoTime() < end) {
            cost.round(length);
        }
    }

    private void round(int length) {
        long packets = (long) ROUNDS * SEGMENTS;
        openNanos = 0;
        long start = System.nanoTime();
        for (int i = 0; i < ROUNDS; i++) {
            sealer.sealFrame(frame, 0, length);
            sealer.flush();
        }
        long sealNanos = System.nanoTime() - start - openNanos;
        long cipherNanos = cipherNanos(packets);
        OUT.printf(
                "ns per packet: seal %d, open %d, of which cipher about %d each; %d octets"
                        + " joined%n",
                sealNanos / packets, openNanos / packets, cipherNanos / packets, joined);
    }

    private long cipherNanos(long packets) {
        try (PacketCipher cipher = PacketCipher.of(ALGORITHM, key(9).expose())) {
            long start = System.nanoTime();
            for (long iv = 0; iv < packets; iv++) {
                cipher.seal(received, 0, 8, iv, received, 16, SEGMENT + 56);
            }
            return System.nanoTime() - start;
        }
    }

    private void receive(OutgoingBatch batch) {
        for (int train = 0; train < batch.trains(); train++) {
            int length = batch.length(train);
            MemorySegment.copy(batch.memory(), batch.offset(train), received, 0, length);
            long start = System.nanoTime();
            opener.open(received, 0, length, batch.segmentLength(train), 0, 0, 0, 4500);
            coalescer.flush();
            openNanos += System.nanoTime() - start;
        }
    }

    /// A train as a TUN device hands it out: virtio header, IPv4, TCP with timestamps.
    private int fill(InetAddress here, InetAddress there) {
        int payload = SEGMENT * SEGMENTS;
        ByteBuffer train = ByteBuffer.allocate(10 + 52 + payload);
        train.order(ByteOrder.nativeOrder()).put((byte) 1).put((byte) 1).putShort((short) 52);
        train.putShort((short) SEGMENT).putShort((short) 20).putShort((short) 16);
        train.order(ByteOrder.BIG_ENDIAN).putShort((short) 0x4500).putShort((short) (52 + payload));
        train.putShort((short) 1).putShort((short) 0x4000).putShort((short) 0x4006);
        train.putShort((short) 0).put(here.getAddress()).put(there.getAddress());
        train.putShort((short) 40_000).putShort((short) 5201).putInt(1).putInt(1);
        train.putShort((short) 0x8010).putShort((short) 501).putInt(0);
        train.putInt(0x0101_080a).putLong(0x1111_1111_2222_2222L);
        byte[] octets = train.array();
        MemorySegment.copy(octets, 0, frame, ValueLayout.JAVA_BYTE, 0, octets.length);
        return octets.length;
    }

    private static EspSaParameters parameters(
            int inboundSpi, int outboundSpi, InetAddress here, InetAddress there) {
        return new EspSaParameters(
                inboundSpi,
                outboundSpi,
                ALGORITHM,
                key(inboundSpi),
                key(outboundSpi),
                true,
                new IvPrefix(1, 0),
                List.of(Selector.host(here)),
                List.of(Selector.host(there)),
                new InetSocketAddress(here, 4500),
                new InetSocketAddress(there, 4500),
                EspSaParameters.DEFAULT_REPLAY_WINDOW,
                null,
                EspSaParameters.Standing.CONFIRMED,
                EspSaParameters.Sequences.NEW);
    }

    private static SecretBytes key(int seed) {
        byte[] octets = new byte[ALGORITHM.keyMaterialLength()];
        Arrays.fill(octets, (byte) seed);
        return SecretBytes.owning(octets);
    }

    @Override
    public void firstPacket(int inboundSpi) {}

    @Override
    public void peerMoved(int inboundSpi, UdpEndpoint source) {}
}
