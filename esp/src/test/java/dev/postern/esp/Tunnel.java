package dev.postern.esp;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;
import dev.postern.esp.EspSaParameters.Standing;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A client that seals and a gateway that opens, with one SA pair between them.
final class Tunnel implements InboundEvidence {
    static final int SPI = 0x1000_0001;
    static final int CLIENT_SPI = 0x2000_0002;
    static final InetSocketAddress CLIENT_ADDRESS =
            new InetSocketAddress(Traffic.address("198.51.100.7"), 4500);
    static final InetSocketAddress GATEWAY_ADDRESS =
            new InetSocketAddress(Traffic.address("203.0.113.1"), 4500);

    final Arena arena = Arena.ofAuto();
    final SecurityAssociations client = new SecurityAssociations();
    final SecurityAssociations gateway = new SecurityAssociations();
    final VerdictCounters sealed = new VerdictCounters();
    final VerdictCounters opened = new VerdictCounters();
    final List<byte[]> packets = new ArrayList<>();
    final List<byte[]> ike = new ArrayList<>();
    final List<String> evidence = new ArrayList<>();

    /// What senders inside were told.
    final List<byte[]> refused = new ArrayList<>();

    final List<Integer> trainLengths = new ArrayList<>();
    final EspSealer sealer;
    final EspOpener opener;
    private final List<byte[]> datagrams = new ArrayList<>();

    /// What the network shows of the next datagram's IP header.
    int outerTrafficClass;

    final List<Integer> trafficClasses = new ArrayList<>();
    private UdpEndpoint source = UdpEndpoint.of(CLIENT_ADDRESS);

    Tunnel(EncryptionAlgorithm algorithm, boolean extended) {
        this();
        client.install(outbound(algorithm, extended).build());
        gateway.install(inbound(algorithm, extended).build());
    }

    Tunnel() {
        this(0, 0, true);
    }

    /// A pair that makes TCP connections fit these MTUs, 0 for none.
    static Tunnel clamping(int sealerMtu, int openerMtu) {
        Tunnel tunnel = new Tunnel(sealerMtu, openerMtu, true);
        tunnel.installBoth();
        return tunnel;
    }

    /// A tunnel that hides the DSCP.
    static Tunnel clearingDscp() {
        Tunnel tunnel = new Tunnel(0, 0, false);
        tunnel.installBoth();
        return tunnel;
    }

    private void installBoth() {
        client.install(outbound(EncryptionAlgorithm.AES_GCM_16_128, false).build());
        gateway.install(inbound(EncryptionAlgorithm.AES_GCM_16_128, false).build());
    }

    private Tunnel(int sealerMtu, int openerMtu, boolean copiesDscp) {
        OutgoingBatch batch = new OutgoingBatch(arena.allocate(1 << 18, 64), 16, this::collect);
        sealer = new EspSealer(client, sealed, batch, sealerMtu, copiesDscp, this::refuse, arena);
        opener =
                new EspOpener(
                        gateway,
                        opened,
                        this::collectPacket,
                        this::collectIke,
                        this,
                        openerMtu,
                        arena);
    }

    static Tunnel aesGcm() {
        return new Tunnel(EncryptionAlgorithm.AES_GCM_16_128, false);
    }

    static Tunnel extended() {
        return new Tunnel(EncryptionAlgorithm.AES_GCM_16_256, true);
    }

    /// The client's view of the pair: what it seals goes to the SPI of the gateway.
    static Pair outbound(EncryptionAlgorithm algorithm, boolean extended) {
        return new Pair(
                CLIENT_SPI, SPI, algorithm, extended, "client", CLIENT_ADDRESS, GATEWAY_ADDRESS);
    }

    static Pair inbound(EncryptionAlgorithm algorithm, boolean extended) {
        return new Pair(
                SPI, CLIENT_SPI, algorithm, extended, "gateway", GATEWAY_ADDRESS, CLIENT_ADDRESS);
    }

    /// Parameters with the fields that tests vary.
    static final class Pair {
        private final int inboundSpi;
        private final int outboundSpi;
        private final EncryptionAlgorithm algorithm;
        private final boolean extended;
        private final boolean client;
        private final InetSocketAddress here;
        private final InetSocketAddress there;
        private List<Selector> clients =
                List.of(Selector.host(Traffic.CLIENT), Selector.host(Traffic.CLIENT6));
        private List<Selector> servers =
                List.of(
                        Selector.network(Traffic.SERVER, 24),
                        Selector.network(Traffic.SERVER6, 48));
        private @Nullable TransportMode transport;
        private Standing standing = Standing.CONFIRMED;
        private IvPrefix ivPrefix = new IvPrefix(0xa1, 0xb2c3);
        private long inboundFloor;

        Pair(
                int inboundSpi,
                int outboundSpi,
                EncryptionAlgorithm algorithm,
                boolean extended,
                String role,
                InetSocketAddress here,
                InetSocketAddress there) {
            this.inboundSpi = inboundSpi;
            this.outboundSpi = outboundSpi;
            this.algorithm = algorithm;
            this.extended = extended;
            this.client = role.equals("client");
            this.here = here;
            this.there = there;
        }

        Pair clients(Selector... selectors) {
            clients = List.of(selectors);
            return this;
        }

        Pair servers(Selector... selectors) {
            servers = List.of(selectors);
            return this;
        }

        Pair standing(Standing newStanding) {
            standing = newStanding;
            return this;
        }

        Pair transport(TransportMode mode) {
            transport = mode;
            return this;
        }

        Pair ivPrefix(IvPrefix prefix) {
            ivPrefix = prefix;
            return this;
        }

        Pair inboundFloor(long floor) {
            inboundFloor = floor;
            return this;
        }

        EspSaParameters build() {
            return new EspSaParameters(
                    inboundSpi,
                    outboundSpi,
                    algorithm,
                    key(algorithm, client ? 2 : 1),
                    key(algorithm, client ? 1 : 2),
                    extended,
                    ivPrefix,
                    client ? clients : servers,
                    client ? servers : clients,
                    here,
                    there,
                    EspSaParameters.DEFAULT_REPLAY_WINDOW,
                    transport,
                    standing,
                    new EspSaParameters.Sequences(0, inboundFloor));
        }
    }

    /// Direction 1 is client to gateway.
    static SecretBytes key(EncryptionAlgorithm algorithm, int direction) {
        return SecretBytes.owning(Traffic.octets(direction, algorithm.keyMaterialLength()));
    }

    OutboundSa outboundSa() {
        return Objects.requireNonNull(client.outbound(CLIENT_SPI));
    }

    /// Seals a packet and answers its datagram.
    byte[] seal(byte[] packet) {
        List<byte[]> all = sealFrame(Traffic.frame(packet));
        if (all.size() != 1) {
            throw new AssertionError(all.size() + " datagrams: " + sealed);
        }
        return all.getFirst();
    }

    List<byte[]> sealFrame(byte[] frame) {
        datagrams.clear();
        MemorySegment memory = natively(frame);
        sealer.sealFrame(memory, 0, frame.length);
        sealer.flush();
        return List.copyOf(datagrams);
    }

    /// Opens one datagram and says which verdict it met.
    Verdict open(byte[] datagram) {
        long[] before = new long[Verdict.values().length];
        for (Verdict verdict : Verdict.values()) {
            before[verdict.compareTo(Verdict.SEALED)] = opened.of(verdict);
        }
        openTrain(datagram, 0);
        for (Verdict verdict : Verdict.values()) {
            if (opened.of(verdict) != before[verdict.compareTo(Verdict.SEALED)]) {
                return verdict;
            }
        }
        throw new AssertionError("no verdict");
    }

    void openTrain(byte[] train, int segmentLength) {
        opener.open(
                natively(train),
                0,
                train.length,
                segmentLength,
                outerTrafficClass,
                source.address().high(),
                source.address().low(),
                source.port());
    }

    void from(InetSocketAddress address) {
        source = UdpEndpoint.of(address);
    }

    MemorySegment natively(byte[] octets) {
        MemorySegment memory = arena.allocate(Math.max(1, octets.length));
        MemorySegment.copy(octets, 0, memory, ValueLayout.JAVA_BYTE, 0, octets.length);
        return memory;
    }

    private void collect(OutgoingBatch batch) {
        for (int train = 0; train < batch.trains(); train++) {
            long at = batch.offset(train);
            long end = at + batch.length(train);
            trainLengths.add(batch.segments(train));
            trafficClasses.add(batch.trafficClass(train));
            while (at < end) {
                int length = (int) Math.min(batch.segmentLength(train), end - at);
                datagrams.add(copy(batch.memory(), at, length));
                at += length;
            }
        }
    }

    private void collectPacket(MemorySegment memory, long offset, InnerPacket packet) {
        packets.add(copy(memory, offset, packet.length()));
    }

    private void refuse(MemorySegment memory, long offset, int length) {
        refused.add(copy(memory, offset, length));
    }

    /// Seals the probes of paths that are due.
    List<byte[]> probes(long nanos) {
        datagrams.clear();
        client.forPathProbes(nanos, sealer::sealProbe);
        sealer.flush();
        return List.copyOf(datagrams);
    }

    private void collectIke(MemorySegment memory, long offset, int length) {
        ike.add(copy(memory, offset, length));
    }

    static byte[] copy(MemorySegment memory, long offset, int length) {
        return memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public void firstPacket(int inboundSpi) {
        evidence.add("first " + Integer.toHexString(inboundSpi));
    }

    @Override
    public void peerMoved(int inboundSpi, UdpEndpoint from) {
        evidence.add("moved " + Integer.toHexString(inboundSpi) + " " + from.toSocketAddress());
    }
}
