package dev.postern.bench;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.IvPrefix;
import dev.postern.ike.Effect;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Clients that resume their sessions over and over, one every so often, with the retransmissions
/// that clients have by default; on one UDP port, in the thread of the caller. What fails is
/// counted and tried again as another client would.
final class ValidClients implements AutoCloseable {
    private static final int MOST_DATAGRAM = 4096;
    private static final int LAST_COUNT = 14;

    private final DatagramChannel channel;
    private final Selector selector;
    private final IkeEndpoint endpoint;
    private final InitiatorProfile profile;
    private final Path path;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST_DATAGRAM);
    private final Deque<ResumableSession> ready = new ArrayDeque<>();
    private final Map<Long, ResumableSession> newest = new HashMap<>();
    private final Map<Long, Attempt> running = new HashMap<>();
    private final List<Long> latencies = new ArrayList<>();
    private long lastHandle;
    private long lastSpiI;
    private long lastSpiR;
    private int failed;

    private record Attempt(long since, @Nullable ResumableSession session) {}

    ValidClients(
            InetAddress from,
            InetSocketAddress gateway,
            String identity,
            String gatewayIdentity,
            String preSharedKey)
            throws IOException {
        channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(from, 0));
        channel.connect(gateway);
        channel.configureBlocking(false);
        selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
        SecureRandom random = new SecureRandom();
        Entropy entropy = random::nextBytes;
        Identity name = Identity.fqdn(identity);
        Identity peer = Identity.fqdn(gatewayIdentity);
        endpoint =
                new IkeEndpoint(
                        EndpointConfiguration.builder(name, "bench", new IvPrefix(0, 0)).build(),
                        entropy);
        profile =
                LoadProfile.of(name, peer, preSharedKey, LoadProfile.Tickets.ONE_ROUND_TRIP)
                        .build();
        path = new Path((InetSocketAddress) channel.getLocalAddress(), gateway, true);
    }

    /// Sets sessions up, one after the other.
    void connect(int count) throws IOException {
        while (ready.size() < count) {
            int before = ready.size();
            begin(null);
            while (!running.isEmpty()) {
                pump(10);
            }
            if (ready.size() == before) {
                throw new IOException("the gateway lets nobody in");
            }
        }
        forget();
    }

    /// With the SPIs of a session more, which nobody resumes, so that its IKE SA stands at the
    /// gateway.
    Garbage.Overheard overheard(byte[] withCookie) throws IOException {
        connect(ready.size() + 1);
        ready.removeLast();
        return new Garbage.Overheard(withCookie, lastSpiI, lastSpiR);
    }

    /// Begins a resume each `everyMillis`, for so long, and waits for the last ones.
    void resume(int everyMillis, long forMillis) throws IOException {
        long end = System.nanoTime() + forMillis * 1_000_000;
        long next = System.nanoTime();
        while (System.nanoTime() < end || !running.isEmpty()) {
            if (System.nanoTime() >= next && System.nanoTime() < end && !ready.isEmpty()) {
                begin(ready.remove());
                next += everyMillis * 1_000_000L;
            }
            pump(1);
        }
    }

    private void begin(@Nullable ResumableSession session) throws IOException {
        lastHandle++;
        running.put(lastHandle, new Attempt(System.nanoTime(), session));
        carryOut(
                endpoint.handle(
                        now(),
                        session == null
                                ? new Input.Initiate(lastHandle, profile, path)
                                : new Input.Resume(lastHandle, profile, path, session)));
    }

    private void pump(int waitMillis) throws IOException {
        selector.select(waitMillis);
        selector.selectedKeys().clear();
        for (byte[] octets = receive(); octets != null; octets = receive()) {
            carryOut(endpoint.handle(now(), new Input.Datagram(path, octets)));
        }
        if (endpoint.nextDeadline() <= System.nanoTime()) {
            carryOut(endpoint.handle(now(), new Input.DeadlineReached()));
        }
    }

    private byte @Nullable [] receive() throws IOException {
        buffer.clear();
        int length = channel.read(buffer);
        if (length < Integer.BYTES) {
            return null;
        }
        byte[] octets = new byte[length - Integer.BYTES];
        buffer.flip().position(Integer.BYTES).get(octets);
        return octets;
    }

    private void carryOut(List<Effect> effects) throws IOException {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send send) {
                buffer.clear().putInt(0).put(send.octets()).flip();
                channel.write(buffer);
            } else if (effect instanceof Effect.InstallChildSa install) {
                install.installation().inboundKey().close();
                install.installation().outboundKey().close();
            } else if (effect instanceof Effect.Emit(Event event)) {
                on(event);
            }
        }
    }

    private void on(Event event) throws IOException {
        if (event instanceof Event.IkeSaEstablished done) {
            Attempt attempt = running.get(done.handle());
            if (attempt != null) {
                latencies.add(System.nanoTime() - attempt.since());
                if (attempt.session() == null) {
                    lastSpiI = done.spiI();
                    lastSpiR = done.spiR();
                    running.remove(done.handle());
                }
            }
        } else if (event instanceof Event.TicketReceived received) {
            if (received.session().session().gatewaySwitchCount() == 0) {
                ready.add(received.session());
                carryOut(endpoint.handle(now(), new Input.Close(received.handle(), true)));
            } else {
                newest.put(received.handle(), received.session());
            }
        } else if (event instanceof Event.PeerAlive alive) {
            running.remove(alive.handle());
            ResumableSession session = newest.remove(alive.handle());
            if (session != null && session.session().gatewaySwitchCount() <= LAST_COUNT) {
                ready.add(session);
            }
            carryOut(endpoint.handle(now(), new Input.Close(alive.handle(), true)));
        } else if (event instanceof Event.IkeSaClosed closed) {
            // Whose confirmation was lost has the next ticket all the same.
            ResumableSession session = newest.remove(closed.handle());
            Attempt attempt = running.remove(closed.handle());
            if (attempt != null) {
                failed++;
                session = session == null ? attempt.session() : session;
                if (session != null && session.session().gatewaySwitchCount() <= LAST_COUNT) {
                    ready.add(session);
                }
            }
        }
    }

    /// What was counted so far.
    void forget() {
        latencies.clear();
        failed = 0;
    }

    int succeeded() {
        return latencies.size();
    }

    int failed() {
        return failed;
    }

    /// Milliseconds from the first request to the answer, of this share of the resumes.
    double latencyMillis(double share) {
        List<Long> sorted = latencies.stream().sorted().toList();
        return sorted.isEmpty()
                ? Double.NaN
                : sorted.get((int) (share * (sorted.size() - 1))) / 1e6;
    }

    private static Now now() {
        return new Now(System.nanoTime(), System.currentTimeMillis() / 1000);
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
