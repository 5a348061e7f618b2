package dev.postern.esp;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// The ESP SA pairs of this host, as the control plane sees them: the SAD for what arrives and the
/// SPD for what leaves. All methods are called by one control thread; `EspOpener` and `EspSealer`
/// read on their own threads, without locks.
///
/// A removed pair is out of use when `remove` returns for every packet that is looked up later; its
/// keys are wiped by the packet threads' next `closeRetired`.
public final class SecurityAssociations {
    /// Less growth than this is not worth a report.
    private static final long USE_STEP_PACKETS = 64;

    private static final long USE_STEP_OCTETS = 1 << 16;

    /// A packet that lies further back is not on its way any more.
    private static final int PACKETS_ON_THE_WAY = 1 << 20;

    private static final class Pair {
        final InboundSa inbound;
        final OutboundSa outbound;
        final Set<Prefix> destinations;
        boolean confirmed;
        long reportedPackets;
        long usedPackets;
        long usedOctets;
        long reportedOutbound;
        long reportedInbound;
        long reportedRefused;

        Pair(InboundSa inbound, OutboundSa outbound, Set<Prefix> destinations) {
            this.inbound = inbound;
            this.outbound = outbound;
            this.destinations = destinations;
        }
    }

    final Sad sad = new Sad();
    final Spd spd = new Spd();
    final RetiredCiphers retiredInbound = new RetiredCiphers();
    final RetiredCiphers retiredOutbound = new RetiredCiphers();
    private final Map<Integer, Pair> pairs = new HashMap<>();

    /// Installs a pair: it opens what arrives from now on, and seals where its standing says so.
    ///
    /// @return false where the inbound SPI is taken; nothing has changed then
    public boolean install(EspSaParameters parameters) {
        if (pairs.containsKey(parameters.inboundSpi())) {
            return false;
        }
        UdpPath path = path(parameters.localAddress(), parameters.peerAddress());
        Set<Prefix> destinations = new LinkedHashSet<>(4);
        for (Selector selector : parameters.remote()) {
            destinations.addAll(Prefix.covering(selector.start(), selector.end()));
        }
        InboundSa inbound = new InboundSa(parameters, path);
        OutboundSa outbound = new OutboundSa(parameters, path);
        pairs.put(inbound.spi, new Pair(inbound, outbound, destinations));
        sad.add(inbound);
        if (parameters.standing() == EspSaParameters.Standing.CONFIRMED) {
            confirm(inbound.spi);
        }
        return true;
    }

    /// Lets a provisional pair take the outbound traffic of its selectors. No effect on a pair that
    /// is confirmed already.
    ///
    /// @return false where there is no such pair
    public boolean confirm(int inboundSpi) {
        Pair pair = pairs.get(inboundSpi);
        if (pair == null) {
            return false;
        }
        if (!pair.confirmed) {
            pair.confirmed = true;
            pair.destinations.forEach(prefix -> spd.add(prefix, pair.outbound));
        }
        return true;
    }

    /// Removes a pair; traffic of its selectors falls back to an older one where there is one.
    ///
    /// @return false where there is no such pair
    public boolean remove(int inboundSpi) {
        Pair pair = pairs.remove(inboundSpi);
        if (pair == null) {
            return false;
        }
        sad.remove(pair.inbound);
        if (pair.confirmed) {
            pair.destinations.forEach(prefix -> spd.remove(prefix, pair.outbound));
        }
        retiredInbound.add(pair.inbound.cipher);
        retiredOutbound.add(pair.outbound.cipher);
        return true;
    }

    /// Sends the pair's packets along another path (RFC 4555, or a NAT that has rebound), and lets
    /// `InboundEvidence.peerMoved` speak again.
    ///
    /// @return false where there is no such pair
    public boolean updatePath(int inboundSpi, InetSocketAddress local, InetSocketAddress peer) {
        Pair pair = pairs.get(inboundSpi);
        if (pair == null) {
            return false;
        }
        UdpPath path = path(local, peer);
        pair.outbound.path(path);
        pair.inbound.path(path);
        return true;
    }

    /// Lets `InboundEvidence.peerMoved` speak again for this pair, although its path stays.
    public boolean keepPath(int inboundSpi) {
        Pair pair = pairs.get(inboundSpi);
        if (pair != null) {
            pair.inbound.rearm();
        }
        return pair != null;
    }

    public Optional<SaTraffic> traffic(int inboundSpi) {
        Pair pair = pairs.get(inboundSpi);
        return pair == null ? Optional.empty() : Optional.of(traffic(pair));
    }

    /// What hosts have asked and answered each other through a pair.
    public Optional<Dialogue> dialogue(int inboundSpi) {
        Pair pair = pairs.get(inboundSpi);
        return pair == null
                ? Optional.empty()
                : Optional.of(new Dialogue(pair.outbound.questions(), pair.inbound.answers()));
    }

    /// Names each pair that has opened an authentic packet since the last call.
    public void reportLiving(IntConsumer inboundSpi) {
        for (Pair pair : pairs.values()) {
            long packets = pair.inbound.packets();
            if (packets != pair.reportedPackets) {
                pair.reportedPackets = packets;
                inboundSpi.accept(pair.inbound.spi);
            }
        }
    }

    /// Tells what went through each pair so far, in the direction that has carried more, where it
    /// has grown noticeably since the last call.
    public void reportUse(UseReport report) {
        for (Pair pair : pairs.values()) {
            long packets = Math.max(pair.inbound.packets(), pair.outbound.packets());
            long octets = Math.max(pair.inbound.octets(), pair.outbound.octets());
            if (packets - pair.usedPackets >= USE_STEP_PACKETS
                    || octets - pair.usedOctets >= USE_STEP_OCTETS) {
                pair.usedPackets = packets;
                pair.usedOctets = octets;
                report.used(pair.inbound.spi, octets, packets);
            }
        }
    }

    /// Tells the sequence numbers of each pair that has used more than `step` of them, in either
    /// direction, since the last call.
    public void reportSequences(long step, SequenceReport report) {
        for (Pair pair : pairs.values()) {
            long outbound = pair.outbound.sequence();
            long inbound = pair.inbound.highestSequence();
            if (outbound - pair.reportedOutbound > step || inbound - pair.reportedInbound > step) {
                pair.reportedOutbound = outbound;
                pair.reportedInbound = inbound;
                report.used(pair.inbound.spi, outbound, inbound);
            }
        }
    }

    /// Names each pair to which packets have come since the last call that its window does not
    /// take. Anybody can cause this.
    public void reportRefused(IntConsumer inboundSpi) {
        for (Pair pair : pairs.values()) {
            long refused = pair.inbound.refused();
            if (refused != pair.reportedRefused) {
                pair.reportedRefused = refused;
                inboundSpi.accept(pair.inbound.spi);
            }
        }
    }

    /// Leaves out sequence numbers of the packets that a pair seals (RFC 6311 section 5.2).
    ///
    /// @return false where there is no such pair
    public boolean advance(int inboundSpi, long delta) {
        Pair pair = pairs.get(inboundSpi);
        if (pair != null) {
            pair.outbound.advance(delta);
        }
        return pair != null;
    }

    /// Somebody says that a packet of ours was too big for its path. Believed of an SA to that peer
    /// alone, and of a packet that it has sent lately.
    ///
    /// @param spi the SPI and `sequence` the low half of the sequence number of that packet
    /// @return whether something is now believed that was not before
    public boolean tooBig(InetSocketAddress peer, int spi, int sequence, int mtu, long nanos) {
        UdpEndpoint end = UdpEndpoint.of(peer);
        boolean news = false;
        for (Pair pair : pairs.values()) {
            OutboundSa outbound = pair.outbound;
            int age = (int) outbound.sequence() - sequence;
            if (outbound.spi == spi
                    && outbound.path().peer().equals(end)
                    && age >= 0
                    && age < PACKETS_ON_THE_WAY) {
                news |= outbound.path().mtu().tooBig(mtu, nanos);
            }
        }
        return news;
    }

    /// The same of this host's own interface, whose word about a test needs no proof.
    public boolean tooBig(InetAddress peer, int mtu, long nanos) {
        IpAddress end = IpAddress.of(peer);
        boolean news = false;
        for (Pair pair : pairs.values()) {
            UdpPath path = pair.outbound.path();
            if (path.peer().address().equals(end)) {
                news |= path.mtu().tooBig(mtu, nanos);
            }
        }
        return news;
    }

    /// Hands on the tests of paths that are due.
    public void forPathProbes(long nanos, Consumer<PathProbe> probes) {
        for (Pair pair : pairs.values()) {
            if (pair.confirmed) {
                UdpPath path = pair.outbound.path();
                int length = path.mtu().testDue(nanos);
                if (length > 0) {
                    probes.accept(new PathProbe(pair.outbound, path, length));
                }
            }
        }
    }

    public int size() {
        return pairs.size();
    }

    /// Removes everything and wipes all keys; only after both packet threads have ended.
    public void close() {
        List.copyOf(pairs.keySet()).forEach(this::remove);
        retiredInbound.close();
        retiredOutbound.close();
    }

    /// For tests.
    @Nullable OutboundSa outbound(int inboundSpi) {
        Pair pair = pairs.get(inboundSpi);
        return pair == null ? null : pair.outbound;
    }

    private static SaTraffic traffic(Pair pair) {
        return new SaTraffic(
                pair.inbound.packets(),
                pair.inbound.octets(),
                pair.inbound.highestSequence(),
                pair.outbound.sequence(),
                pair.outbound.packets(),
                pair.outbound.octets());
    }

    private static UdpPath path(InetSocketAddress local, InetSocketAddress peer) {
        return new UdpPath(UdpEndpoint.of(local), UdpEndpoint.of(peer));
    }
}
