package dev.postern.gateway.dataplane;

import dev.postern.esp.Dialogue;
import dev.postern.esp.EspSaParameters;
import dev.postern.esp.InboundEvidence;
import dev.postern.esp.SaTraffic;
import dev.postern.esp.SecurityAssociations;
import dev.postern.esp.SequenceReport;
import dev.postern.esp.UseReport;
import dev.postern.esp.WaywardReport;
import dev.postern.net.TunDevice;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/// The packets of a gateway or client: its UDP ports, its inner side, and the threads between them.
/// Any thread may call its methods; none of them waits for traffic.
///
/// A Child SA's life here: `install` (provisional: opens only), `confirm` (seals too), `updatePath`
/// when its peer moves, `remove`.
public final class DataPlane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataPlane.class);

    private static final long JOIN_MILLIS = 2_000;
    private static final long RETIREMENT_MILLIS = 500;

    private final List<DataPlanePort> ports;
    private final InnerSide inner;
    private final SecurityAssociations associations = new SecurityAssociations();
    private final IkeSender ikeSender;
    private final SealingSide sealing;
    private final OpeningSide opening;
    private final OuterPaths paths;
    private final List<NetworkReader> readers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    private DataPlane(
            List<DataPlanePort> ports, InnerSide inner, IkeSink ike, InboundEvidence evidence) {
        Arena arena = Arena.ofAuto();
        this.ports = List.copyOf(ports);
        this.inner = inner;
        this.ikeSender = new IkeSender(this.ports, arena);
        this.sealing =
                new SealingSide(
                        associations, this.ports, inner.tcpMtu(), inner.copiesDscp(), arena);
        this.opening =
                new OpeningSide(
                        associations,
                        InnerDelivery.to(inner, sealing, arena),
                        evidence,
                        inner.tcpMtu(),
                        arena);
        this.paths = new OuterPaths(this.ports, associations, sealing);
        for (DataPlanePort port : this.ports) {
            readers.add(new NetworkReader(port, ike, arena));
        }
    }

    /// Starts the threads.
    ///
    /// @param ports taken over: `close` closes them, and the TUN device of `inner`
    /// @param evidence called by network threads: hands the news on and returns at once
    public static DataPlane start(
            List<DataPlanePort> ports, InnerSide inner, IkeSink ike, InboundEvidence evidence) {
        DataPlane dataPlane = new DataPlane(ports, inner, ike, evidence);
        dataPlane.startThreads();
        return dataPlane;
    }

    private void startThreads() {
        for (int i = 0; i < readers.size(); i++) {
            NetworkReader reader = readers.get(i);
            Step step = reader.carriesEsp() ? () -> opening.pump(reader) : reader::pumpIke;
            threads.add(thread("network " + i, step));
        }
        if (inner instanceof InnerSide.Tun(TunDevice device, int _, boolean _)) {
            threads.add(
                    thread(
                            "inner",
                            () -> {
                                sealing.pump(device);
                                tellSenders();
                            }));
        } else {
            // Nobody else comes by regularly to wipe the keys of removed SAs.
            threads.add(thread("retirement", this::retire));
        }
        threads.add(thread("paths", this::tendPaths));
    }

    /// Installs an SA pair; the caller wipes its copy of the keys.
    ///
    /// @return false where the inbound SPI is taken
    public boolean install(EspSaParameters parameters) {
        synchronized (associations) {
            return associations.install(parameters);
        }
    }

    /// Lets a provisional pair take the outbound traffic of its selectors.
    ///
    /// @return false where there is no such pair
    public boolean confirm(int inboundSpi) {
        synchronized (associations) {
            return associations.confirm(inboundSpi);
        }
    }

    /// Removes an SA pair; its keys are wiped within a second.
    ///
    /// @return false where there is no such pair
    public boolean remove(int inboundSpi) {
        synchronized (associations) {
            return associations.remove(inboundSpi);
        }
    }

    /// Sends a pair's packets along another path, and lets `InboundEvidence.peerMoved` speak again.
    ///
    /// @return false where there is no such pair
    public boolean updatePath(int inboundSpi, InetSocketAddress local, InetSocketAddress peer) {
        synchronized (associations) {
            return associations.updatePath(inboundSpi, local, peer);
        }
    }

    /// The answer to `InboundEvidence.peerMoved` where the path stays as it is.
    public boolean keepPath(int inboundSpi) {
        synchronized (associations) {
            return associations.keepPath(inboundSpi);
        }
    }

    /// Leaves out sequence numbers of the packets that a pair seals (RFC 6311 section 5.2).
    ///
    /// @return false where there is no such pair
    public boolean advance(int inboundSpi, long count) {
        synchronized (associations) {
            return associations.advance(inboundSpi, count);
        }
    }

    /// What went through a pair so far.
    public Optional<SaTraffic> traffic(int inboundSpi) {
        synchronized (associations) {
            return associations.traffic(inboundSpi);
        }
    }

    /// What hosts have asked and answered each other through a pair so far.
    public Optional<Dialogue> dialogue(int inboundSpi) {
        synchronized (associations) {
            return associations.dialogue(inboundSpi);
        }
    }

    /// Names each pair that has opened an authentic packet since the last call: evidence of life,
    /// to be asked for every second or so.
    public void reportLiving(IntConsumer inboundSpi) {
        synchronized (associations) {
            associations.reportLiving(inboundSpi);
        }
    }

    /// Tells what went through each pair so far, where it has grown noticeably since the last call.
    public void reportUse(UseReport report) {
        synchronized (associations) {
            associations.reportUse(report);
        }
    }

    /// Tells of packets since the last call for which there was no SA, a few at most; to be asked
    /// for every second or so.
    public void reportWayward(WaywardReport report) {
        opening.reportWayward(report);
    }

    /// Tells of each pair that has used more than `step` sequence numbers since the last call, and
    /// of each to which packets have come that its window does not take.
    public void reportForStandby(long step, SequenceReport used, IntConsumer refused) {
        synchronized (associations) {
            associations.reportSequences(step, used);
            associations.reportRefused(refused);
        }
    }

    /// Queues an IKE message until `flushIke`, or until the queue is full.
    ///
    /// @param local one of our ports; the wildcard address leaves the source address to the kernel
    /// @param nonEspMarker whether the message goes out behind a marker (RFC 3948 section 2.2)
    public void sendIke(
            InetSocketAddress local,
            InetSocketAddress remote,
            byte[] octets,
            boolean nonEspMarker) {
        ikeSender.add(local, remote, octets, nonEspMarker);
    }

    /// Queues a NAT keepalive (RFC 3948 section 2.3) until `flushIke`.
    public void sendKeepalive(InetSocketAddress local, InetSocketAddress remote) {
        ikeSender.add(local, remote, new byte[] {(byte) 0xff}, false);
    }

    /// Sends what `sendIke` and `sendKeepalive` have queued.
    public void flushIke() {
        ikeSender.flush();
    }

    /// Seals and sends a packet of our own, for `InnerSide.Application`.
    public void sendInner(byte[] packet) {
        sealing.send(packet);
        tellSenders();
    }

    /// Outside the sealer's lock: an application may answer at once with another packet.
    private void tellSenders() {
        for (byte[] icmp = sealing.refused().poll(); icmp != null; ) {
            opening.insert(icmp);
            icmp = sealing.refused().poll();
        }
    }

    public DataPlaneMetrics metrics() {
        long ikeDropped = readers.stream().mapToLong(NetworkReader::dropped).sum();
        return new DataPlaneMetrics(
                sealing.counters(),
                opening.counters(),
                sealing.sendFailures(),
                opening.refusals(),
                ikeSender.failures(),
                ikeDropped);
    }

    /// Closes ports and TUN device, ends the threads, and wipes all keys.
    @Override
    public void close() {
        closed = true;
        ports.forEach(port -> port.socket().close());
        if (inner instanceof InnerSide.Tun(TunDevice device, int _, boolean _)) {
            device.close();
        }
        threads.forEach(Thread::interrupt);
        boolean ended = true;
        for (Thread thread : threads) {
            ended &= awaitEnd(thread);
        }
        if (ended) {
            synchronized (associations) {
                associations.close();
            }
        } else {
            LOG.error("a packet thread did not end within {} ms: keys stay in memory", JOIN_MILLIS);
        }
    }

    private static boolean awaitEnd(Thread thread) {
        try {
            return thread.join(Duration.ofMillis(JOIN_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !thread.isAlive();
        }
    }

    private void retire() throws IOException {
        rest(RETIREMENT_MILLIS);
        sealing.closeRetired();
    }

    private void tendPaths() throws IOException {
        rest(OuterPaths.INTERVAL_MILLIS);
        paths.tend(System.nanoTime());
    }

    private static void rest(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new ClosedChannelException();
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private Thread thread(String name, Step step) {
        return Thread.ofPlatform().daemon().name("postern " + name).start(() -> loop(name, step));
    }

    private void loop(String name, Step step) {
        long faults = 0;
        while (!closed) {
            try {
                step.run();
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                if (!closed) {
                    LOG.error("the {} thread has to stop: {}", name, e.getMessage(), e);
                }
                return;
            } catch (RuntimeException e) {
                // Our own bug: the packet is lost, the others go on. Logged ever more rarely.
                faults++;
                if (Long.bitCount(faults) == 1) {
                    LOG.error("fault {} in the {} thread", faults, name, e);
                }
            }
        }
    }
}
