package dev.postern.bench;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.IvPrefix;
import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.pki.Credentials;
import dev.postern.pki.SubjectNames;
import dev.postern.pki.TrustAnchors;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Many initiators in one thread, on one UDP port, without a data plane: the load on an IKE
/// responder. Every session is a full exchange with PSK, X25519, AES-128-GCM and PRF HMAC-SHA-256,
/// and a Child SA with an inner address.
final class InitiatorLoad implements AutoCloseable {
    private static final int MOST_DATAGRAM = 4096;
    private static final int BUFFER = 4 << 20;

    /// What each session does once it stands.
    enum Work {
        /// It is deleted.
        HANDSHAKE,
        /// It is resumed again and again, until its switch counts are nearly used up, and then
        /// deleted.
        RESUME
    }

    private final DatagramChannel channel;
    private final Selector selector;
    private final IkeEndpoint endpoint;
    private final InitiatorProfile profile;

    /// Who connects, one after the other.
    private List<InitiatorProfile> clients;

    private final Path path;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST_DATAGRAM);
    private final Map<Long, ResumableSession> sessions = new HashMap<>();
    private final Deque<Long> ready = new ArrayDeque<>();
    private long lastHandle;
    private long established;
    private long confirmed;

    InitiatorLoad(
            InetSocketAddress gateway,
            String identity,
            String gatewayIdentity,
            String preSharedKey,
            LoadProfile.Tickets tickets)
            throws IOException {
        channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
        channel.bind(null);
        channel.connect(gateway);
        channel.configureBlocking(false);
        selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
        SecureRandom random = new SecureRandom();
        Entropy entropy = random::nextBytes;
        endpoint =
                new IkeEndpoint(
                        EndpointConfiguration.builder(
                                        Identity.fqdn(identity), "bench", new IvPrefix(0, 0))
                                .build(),
                        entropy);
        RetransmissionSchedule patient =
                new RetransmissionSchedule(2 * Now.NANOS_PER_SECOND, 1.5, 4);
        profile =
                LoadProfile.of(
                                Identity.fqdn(identity),
                                Identity.fqdn(gatewayIdentity),
                                preSharedKey,
                                tickets)
                        .exchangeSchedule(patient)
                        .resumeSchedule(patient)
                        .build();
        clients = List.of(profile);
        path = new Path((InetSocketAddress) channel.getLocalAddress(), gateway, true);
    }

    /// Lets clients with these certificates connect from now on, each by the name in its own.
    void connectAs(List<Credentials> credentials, TrustAnchors anchors) {
        clients =
                credentials.stream()
                        .map(each ->
                                as(SubjectNames.firstOf(each.chain().leaf()))
                                        .certificates(
                                                new CertificatePolicy(
                                                        each,
                                                        anchors,
                                                        List.of(),
                                                        CertificatePolicy.Revocation.OFF))
                                        .build())
                        .toList();
    }

    private InitiatorProfile.Builder as(Identity identity) {
        return profile.toBuilder().localIdentity(identity);
    }

    /// Sets sessions up and deletes them, `count` of them, `width` at a time.
    void handshakes(int count, int width) throws IOException {
        long wanted = established + count;
        int begun = 0;
        while (established < wanted) {
            while (begun < count && endpoint.size() < width) {
                begun++;
                begin();
            }
            pump(Work.HANDSHAKE);
        }
        drain();
    }

    /// Sets up sessions that stay, with tickets.
    void populate(int count, int width) throws IOException {
        long wanted = established + count;
        int begun = 0;
        while (established < wanted) {
            while (begun < count && begun - (established - (wanted - count)) < width) {
                begun++;
                begin();
            }
            pump(Work.RESUME);
        }
        while (ready.size() < count) {
            pump(Work.RESUME);
        }
    }

    /// Resumes the sessions of [#populate], `count` times in all, `width` at a time: by the 1-RTT
    /// profile, each confirmed by INFORMATIONAL, or by RFC 5723, each with its IKE_AUTH.
    void resumes(int count, int width) throws IOException {
        long from = confirmed;
        int begun = 0;
        while (confirmed - from < count) {
            while (begun < count && begun - (confirmed - from) < width && !ready.isEmpty()) {
                begun++;
                resume(ready.remove());
            }
            pump(Work.RESUME);
        }
    }

    /// Deletes the sessions of [#populate], `width` at a time.
    void deleteAll(int width) throws IOException {
        ready.clear();
        Deque<Long> left = new ArrayDeque<>(sessions.keySet());
        sessions.clear();
        while (endpoint.size() > 0) {
            while (!left.isEmpty() && endpoint.size() - left.size() < width) {
                carryOut(
                        endpoint.handle(now(), new Input.Close(left.remove(), false)), Work.RESUME);
            }
            pump(Work.RESUME);
        }
    }

    private void begin() throws IOException {
        lastHandle++;
        carryOut(
                endpoint.handle(
                        now(),
                        new Input.Initiate(
                                lastHandle,
                                clients.get((int) (lastHandle % clients.size())),
                                path)),
                Work.HANDSHAKE);
    }

    private void resume(long old) throws IOException {
        ResumableSession session = sessions.remove(old);
        if (session == null) {
            throw new IllegalStateException("session " + old + " has no ticket");
        }
        carryOut(endpoint.handle(now(), new Input.Close(old, true)), Work.RESUME);
        lastHandle++;
        carryOut(
                endpoint.handle(now(), new Input.Resume(lastHandle, profile, path, session)),
                Work.RESUME);
    }

    private void drain() throws IOException {
        while (endpoint.size() > 0) {
            pump(Work.HANDSHAKE);
        }
    }

    private void pump(Work work) throws IOException {
        long deadline = endpoint.nextDeadline();
        long waitMillis =
                deadline == Long.MAX_VALUE
                        ? 100
                        : Math.clamp((deadline - System.nanoTime()) / 1_000_000, 1, 100);
        selector.select(waitMillis);
        selector.selectedKeys().clear();
        for (byte[] octets = receive(); octets != null; octets = receive()) {
            carryOut(endpoint.handle(now(), new Input.Datagram(path, octets)), work);
        }
        if (endpoint.nextDeadline() <= System.nanoTime()) {
            carryOut(endpoint.handle(now(), new Input.DeadlineReached()), work);
        }
    }

    /// One IKE message without its non-ESP marker, or null.
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

    private void carryOut(List<Effect> effects, Work work) throws IOException {
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Send send -> {
                    buffer.clear().putInt(0).put(send.octets()).flip();
                    channel.write(buffer);
                }
                case Effect.InstallChildSa install -> {
                    install.installation().inboundKey().close();
                    install.installation().outboundKey().close();
                }
                case Effect.Emit(Event event) -> on(event, work);
                case Effect.ActivateChildSa _,
                        Effect.MoveChildSa _,
                        Effect.RemoveChildSa _,
                        Effect.SkipSequences _,
                        Effect.OfStandby _,
                        Effect.Raise _,
                        Effect.LogKeys _ -> {}
            }
        }
    }

    private void on(Event event, Work work) throws IOException {
        switch (event) {
            case Event.IkeSaEstablished done -> {
                established++;
                if (done.origin() == Event.Origin.RESUMED_RFC_5723) {
                    confirmed++;
                }
                if (work == Work.HANDSHAKE) {
                    carryOut(endpoint.handle(now(), new Input.Close(done.handle(), false)), work);
                }
            }
            case Event.TicketReceived received -> {
                if (work == Work.RESUME) {
                    sessions.put(received.handle(), received.session());
                    // A later one of the 1-RTT profile is used when its resume is confirmed.
                    if (received.session().session().gatewaySwitchCount() == 0) {
                        ready.add(received.handle());
                    }
                }
            }
            case Event.PeerAlive alive -> {
                confirmed++;
                ResumableSession session = sessions.get(alive.handle());
                if (session != null && session.session().gatewaySwitchCount() < 15) {
                    ready.add(alive.handle());
                }
            }
            case Event.IkeSaClosed closed -> {
                if (closed.reason() != Event.CloseReason.CLOSED_LOCALLY) {
                    throw new IllegalStateException(
                            "a session failed: " + closed.reason() + " " + closed.detail());
                }
            }
            case Event.NetworkAssigned _,
                    Event.SessionConfirmed _,
                    Event.SessionContinued _,
                    Event.TicketIssued _,
                    Event.ResumeAuthenticated _,
                    Event.TicketWithheld _,
                    Event.ReauthenticationDue _,
                    Event.GatewaysAnnounced _,
                    Event.PeerUnresponsive _,
                    Event.IkeSaRekeyed _,
                    Event.ChildSaEstablished _,
                    Event.ChildSaRefused _,
                    Event.ChildSaClosed _,
                    Event.Redirected _,
                    Event.GatewayAnswered _,
                    Event.SwitchOrdered _,
                    Event.OfClient _ -> {}
        }
    }

    /// Requests that had to be sent again: a figure with many of them is not one of CPU time alone.
    long retransmissions() {
        return endpoint.counters().get(Counter.RETRANSMITTED_REQUEST);
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
