package dev.postern.sim;

import dev.postern.crypto.SecretBytes;
import dev.postern.esp.Dialogue;
import dev.postern.esp.EspOpener;
import dev.postern.esp.EspSaParameters;
import dev.postern.esp.EspSealer;
import dev.postern.esp.InboundEvidence;
import dev.postern.esp.InnerPacketSink;
import dev.postern.esp.IpAddress;
import dev.postern.esp.OutgoingBatch;
import dev.postern.esp.SecurityAssociations;
import dev.postern.esp.Selector;
import dev.postern.esp.TransportMode;
import dev.postern.esp.UdpEndpoint;
import dev.postern.esp.VerdictCounters;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.Path;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.sa.PeersAddresses;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;

/// The data plane of one simulated node: the production sealer, opener and tables, with the threads
/// left out.
final class PacketSide {
    private final SecurityAssociations associations = new SecurityAssociations();
    private final VerdictCounters counters = new VerdictCounters();
    private final Map<Integer, Path> paths = new HashMap<>();
    private final Scratch scratch;
    private final Consumer<Datagram> wire;
    private final UnaryOperator<List<TrafficSelector>> ownSide;
    private final EspSealer sealer;
    private final EspOpener opener;

    /// @param ownSide what it takes for its own side of a Child SA, from what was agreed
    PacketSide(
            Scratch scratch,
            Consumer<Datagram> wire,
            InnerPacketSink inner,
            InboundEvidence evidence,
            UnaryOperator<List<TrafficSelector>> ownSide) {
        this.scratch = scratch;
        this.wire = wire;
        this.ownSide = ownSide;
        OutgoingBatch batch = new OutgoingBatch(scratch.outgoing(), 8, this::send);
        this.sealer = new EspSealer(associations, counters, batch, scratch.allocator());
        this.opener =
                new EspOpener(
                        associations,
                        counters,
                        inner,
                        (_, _, _) -> {},
                        evidence,
                        scratch.allocator());
    }

    /// @return false where the inbound SPI is taken
    boolean install(ChildSaInstallation child) {
        paths.put(child.inboundSpi(), child.path());
        try (SecretBytes inbound = child.inboundKey();
                SecretBytes outbound = child.outboundKey()) {
            return associations.install(
                    new EspSaParameters(
                            child.inboundSpi(),
                            child.outboundSpi(),
                            child.encryption(),
                            inbound,
                            outbound,
                            child.extendedSequenceNumbers(),
                            child.ivPrefix(),
                            selectors(ownSide.apply(child.local())),
                            selectors(child.remote()),
                            child.path().local(),
                            child.path().remote(),
                            EspSaParameters.DEFAULT_REPLAY_WINDOW,
                            transport(child),
                            EspSaParameters.Standing.PROVISIONAL,
                            new EspSaParameters.Sequences(
                                    child.lastOutbound(), child.inboundFloor())));
        }
    }

    private static @Nullable TransportMode transport(ChildSaInstallation child) {
        PeersAddresses peers = child.transport();
        return peers == null
                ? null
                : TransportMode.of(
                        child.local().getFirst().startAddress(),
                        child.remote().getFirst().startAddress(),
                        peers.own(),
                        peers.ours());
    }

    void activate(int inboundSpi) {
        associations.confirm(inboundSpi);
    }

    /// How far the sequence numbers are, where they have gone on by so many.
    List<Input> sequences(long step) {
        List<Input> used = new ArrayList<>();
        associations.reportSequences(
                step, (spi, out, in) -> used.add(new Input.SequencesUsed(spi, out, in)));
        return used;
    }

    /// The pairs to which packets have come that they do not take.
    List<Input> refused() {
        List<Input> refused = new ArrayList<>();
        associations.reportRefused(spi -> refused.add(new Input.PacketRefused(spi)));
        return refused;
    }

    /// Packets for which there was no SA.
    List<Input> wayward() {
        List<Input.Wayward> packets = new ArrayList<>();
        opener.reportWayward(
                (spi, source) -> packets.add(new Input.Wayward(spi, source.toSocketAddress())));
        return packets.isEmpty() ? List.of() : List.of(new Input.WaywardPackets(packets));
    }

    void skip(Effect.SkipSequences skip) {
        associations.advance(skip.inboundSpi(), skip.count());
    }

    void move(Effect.MoveChildSa move) {
        associations.updatePath(move.inboundSpi(), move.path().local(), move.path().remote());
    }

    /// RFC 7296 section 2.23: packets go to where the newest authentic one came from.
    void follow(int inboundSpi, UdpEndpoint source) {
        @Nullable Path path = paths.get(inboundSpi);
        if (path != null) {
            associations.updatePath(inboundSpi, path.local(), source.toSocketAddress());
        }
    }

    void keepPath(int inboundSpi) {
        associations.keepPath(inboundSpi);
    }

    void remove(int inboundSpi) {
        paths.remove(inboundSpi);
        associations.remove(inboundSpi);
        sealer.closeRetired();
        opener.closeRetired();
    }

    Dialogue dialogue(int inboundSpi) {
        return associations.dialogue(inboundSpi).orElse(Dialogue.NONE);
    }

    void reportLiving(IntConsumer inboundSpi) {
        associations.reportLiving(inboundSpi);
    }

    int size() {
        return associations.size();
    }

    /// Opens one datagram.
    void open(Datagram datagram) {
        MemorySegment memory = scratch.incoming();
        byte[] octets = datagram.octets();
        MemorySegment.copy(
                octets, 0, memory, ValueLayout.JAVA_BYTE, Scratch.HEADROOM, octets.length);
        IpAddress source = IpAddress.of(datagram.from().getAddress());
        opener.open(
                memory,
                Scratch.HEADROOM,
                octets.length,
                0,
                0,
                source.high(),
                source.low(),
                datagram.from().getPort());
    }

    /// Seals a packet of our own and sends it.
    void send(byte[] packet) {
        MemorySegment memory = scratch.inner();
        MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.length);
        seal(memory, 0, packet.length);
    }

    void seal(MemorySegment memory, long offset, int length) {
        sealer.sealPacket(memory, offset, length);
        sealer.flush();
    }

    /// Wipes all keys, as the memory of a process that ends is.
    void close() {
        associations.close();
    }

    private void send(OutgoingBatch batch) {
        for (int train = 0; train < batch.trains(); train++) {
            byte[] octets =
                    batch.memory()
                            .asSlice(batch.offset(train), batch.length(train))
                            .toArray(ValueLayout.JAVA_BYTE);
            InetSocketAddress local = batch.path(train).local().toSocketAddress();
            InetSocketAddress remote = batch.path(train).peer().toSocketAddress();
            wire.accept(new Datagram(local, remote, octets));
        }
    }

    private static List<Selector> selectors(List<TrafficSelector> selectors) {
        return selectors.stream()
                .map(s ->
                        new Selector(
                                IpAddress.of(s.startAddress()),
                                IpAddress.of(s.endAddress()),
                                s.protocol(),
                                s.startPort(),
                                s.endPort()))
                .toList();
    }
}
