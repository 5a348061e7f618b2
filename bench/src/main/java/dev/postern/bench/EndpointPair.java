package dev.postern.bench;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.Entropy;
import dev.postern.crypto.IntegrityAlgorithm;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.Effect;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Input;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.Uniqueness;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.standby.StandbyFormat;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.TgsKeyFile;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A client's endpoint and a gateway's that talk without sockets, queues and data plane.
final class EndpointPair {
    /// Identities that take turns: a gateway looks through the IKE SAs of one when it comes again.
    private static final int CLIENTS = 1_000;

    private final Entropy entropy;
    private final IkeEndpoint gateway;
    private final IkeEndpoint client;
    private final List<InitiatorProfile> profiles;
    private final Path path;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long gatewayNanos;
    private InitiatorProfile profile;
    private long lastHandle;
    private int lastInnerAddress;
    private final StandbyPolicy standby;
    private final Identity name = Identity.fqdn("gateway.bench");
    private final ResponderProfile responder;
    private final TicketSealer tickets;
    private final Map<Octets, SecretBytes> records = new LinkedHashMap<>();
    private @Nullable ResumableSession session;

    EndpointPair() {
        this(true);
    }

    /// @param oneRoundTrip whether sessions are resumed in one round trip, else by RFC 5723
    EndpointPair(boolean oneRoundTrip) {
        this(oneRoundTrip, new SealedTickets(ring()));
    }

    /// @param tickets what the gateway seals and opens with
    EndpointPair(boolean oneRoundTrip, TicketSealer tickets) {
        this(oneRoundTrip, tickets, StandbyPolicy.DEFAULT, here());
    }

    /// @param standby whether a standby keeps records of the gateway's IKE SAs
    EndpointPair(StandbyPolicy standby) {
        this(true, new SealedTickets(ring()), standby, here());
    }

    /// @param path between the gateway's address and the client
    EndpointPair(StandbyPolicy standby, Path path) {
        this(true, new SealedTickets(ring()), standby, path);
    }

    private EndpointPair(
            boolean oneRoundTrip, TicketSealer tickets, StandbyPolicy standby, Path path) {
        this.path = path;
        this.standby = standby;
        this.tickets = tickets;
        SecureRandom random = new SecureRandom();
        entropy = random::nextBytes;
        IkeSuite ike =
                new IkeSuite(
                        EncryptionAlgorithm.AES_GCM_16_128,
                        IntegrityAlgorithm.NONE,
                        Prf.HMAC_SHA2_256,
                        KeyExchangeMethod.X25519);
        EspSuite esp = new EspSuite(EncryptionAlgorithm.AES_GCM_16_128, false);
        List<Identity> peers = peers();
        SecretBytes key = SecretBytes.owning(entropy.octets(32));
        List<TrafficSelector> inside =
                List.of(TrafficSelector.subnet(InetAddress.ofLiteral("10.1.0.0"), 24));
        ResumptionPolicy policy =
                new ResumptionPolicy(
                        oneRoundTrip,
                        !oneRoundTrip,
                        3600,
                        ResumptionPolicy.KeyExchangeInResume.NEVER,
                        ResumptionPolicy.Rfc5723Auth.RFC);
        responder =
                ResponderProfile.builder("bench")
                        .preSharedKeys(
                                peers.stream().collect(Collectors.toMap(peer -> peer, _ -> key)))
                        .ikeSuites(List.of(ike))
                        .espSuites(List.of(esp))
                        .assignsAddresses(true)
                        .localSelectors(inside)
                        .resumption(policy)
                        .life(LifePolicy.UNLIMITED.withUniqueness(Uniqueness.NEVER))
                        .build();
        profiles =
                peers.stream()
                        .map(peer ->
                                InitiatorProfile.builder("bench", peer)
                                        .namedGateway(name)
                                        .acceptedGateways(List.of(name))
                                        .secureDomain("bench")
                                        .preSharedKey(key)
                                        .ikeSuites(List.of(ike))
                                        .espSuites(List.of(esp))
                                        .requestAddresses(true)
                                        .remoteSelectors(inside)
                                        .resumption(policy)
                                        .resumeSchedule(RetransmissionSchedule.STANDARD)
                                        .life(LifePolicy.UNLIMITED.withUniqueness(Uniqueness.NEVER))
                                        .build())
                        .toList();
        profile = profiles.getFirst();
        gateway = endpoint(name, 1, List.of(responder), tickets);
        client = endpoint(peers.getFirst(), 0, List.of(), null);
    }

    /// Who the clients are.
    static List<Identity> peers() {
        return IntStream.range(0, CLIENTS)
                .mapToObj(i -> Identity.fqdn("client" + i + ".bench"))
                .toList();
    }

    static TgsKeyRing ring() {
        TgsKeyFile.Parsed keys =
                TgsKeyFile.parse(TgsKeyFile.generate(new SecureRandom()::nextBytes, 0));
        if (!(keys instanceof TgsKeyFile.Parsed.Valid valid)) {
            throw new IllegalStateException("a generated TGS key does not parse");
        }
        return valid.ring();
    }

    private IkeEndpoint endpoint(
            Identity name,
            int member,
            List<ResponderProfile> profiles,
            @Nullable TicketSealer tickets) {
        return new IkeEndpoint(
                EndpointConfiguration.builder(name, "bench", new IvPrefix(member, 0))
                        .profiles(profiles)
                        .tickets(tickets)
                        .standby(standby)
                        .build(),
                entropy);
    }

    private static Path here() {
        return new Path(address(), address(), true);
    }

    private static InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 4500);
    }

    /// Sets up a session.
    ///
    /// @return its handle at the client
    long handshake() {
        lastHandle++;
        profile = profiles.get((int) (lastHandle % CLIENTS));
        converse(new Input.Initiate(lastHandle, profile, path));
        return lastHandle;
    }

    /// Forgets the client's end of the last session and resumes it from its ticket.
    long resume() {
        ResumableSession held = session;
        if (held == null) {
            throw new IllegalStateException("the gateway issued no ticket");
        }
        forget();
        lastHandle++;
        converse(new Input.Resume(lastHandle, profile, path, held));
        return lastHandle;
    }

    /// Has the client of this session ask whether the gateway lives.
    void probe(long handle) {
        converse(new Input.Probe(handle, RetransmissionSchedule.STANDARD));
    }

    /// Hands the gateway a datagram of a stranger.
    ///
    /// @return how many datagrams it answered with
    int strange(byte[] octets) {
        int answers = 0;
        for (Effect effect : gateway(new Input.Datagram(path, octets))) {
            answers += effect instanceof Effect.Send ? 1 : 0;
        }
        return answers;
    }

    /// The ticket of the last session.
    byte[] ticket() {
        ResumableSession held = session;
        return held == null ? new byte[0] : held.ticket().array().clone();
    }

    /// Forgets the client's end of the last session, as a crash would.
    void forget() {
        client.handle(now(), new Input.Close(lastHandle, true));
    }

    /// Ends the last session with a Delete.
    void delete() {
        converse(new Input.Close(lastHandle, false));
    }

    /// CPU time of the gateway's endpoint since the last call.
    long takeGatewayNanos() {
        long nanos = gatewayNanos;
        gatewayNanos = 0;
        return nanos;
    }

    IkeEndpoint gateway() {
        return gateway;
    }

    /// Another member of the gateway's cluster, which knows nothing yet.
    IkeEndpoint nextMember() {
        return endpoint(name, 2, List.of(responder), tickets);
    }

    /// Of the client whose session is the last.
    InitiatorProfile profile() {
        return profile;
    }

    Path path() {
        return path;
    }

    IkeEndpoint client() {
        return client;
    }

    /// What the standby keeps, by name.
    Map<Octets, SecretBytes> records() {
        return records;
    }

    private void keep(Effect.OfStandby told) {
        switch (told) {
            case Effect.KeepRecord(StandbyRecord record) -> {
                records.put(record.key(), StandbyFormat.encode(record));
                record.close();
            }
            case Effect.ForgetRecord(Octets key) -> records.remove(key);
            case Effect.KeepCounters counters -> StandbyFormat.encode(counters.counters());
        }
    }

    static Now now() {
        return new Now(System.nanoTime(), System.currentTimeMillis() / 1000);
    }

    private void converse(Input first) {
        Queue<Effect> fromClient = new ArrayDeque<>(client.handle(now(), first));
        Queue<Effect> fromGateway = new ArrayDeque<>();
        while (!fromClient.isEmpty() || !fromGateway.isEmpty()) {
            for (Effect effect = fromClient.poll(); effect != null; effect = fromClient.poll()) {
                if (effect instanceof Effect.Send send) {
                    fromGateway.addAll(gateway(new Input.Datagram(send.path(), send.octets())));
                } else if (effect instanceof Effect.Emit(Event.TicketReceived received)) {
                    session = received.session();
                }
            }
            for (Effect effect = fromGateway.poll(); effect != null; effect = fromGateway.poll()) {
                if (effect instanceof Effect.Send send) {
                    fromClient.addAll(
                            client.handle(now(), new Input.Datagram(send.path(), send.octets())));
                } else if (effect instanceof Effect.Raise raise) {
                    Answer lease =
                            new Answer.AddressesLeased(List.of(nextInnerAddress()), List.of());
                    fromGateway.addAll(gateway(new Input.Answered(raise.askId(), lease)));
                }
            }
        }
    }

    private List<Effect> gateway(Input input) {
        Now now = now();
        long before = threads.getCurrentThreadCpuTime();
        List<Effect> effects = gateway.handle(now, input);
        for (Effect effect : effects) {
            if (effect instanceof Effect.OfStandby told) {
                keep(told);
            }
        }
        gatewayNanos += threads.getCurrentThreadCpuTime() - before;
        return effects;
    }

    InetAddress nextInnerAddress() {
        lastInnerAddress++;
        byte[] octets = {
            10,
            (byte) (lastInnerAddress >>> 16),
            (byte) (lastInnerAddress >>> 8),
            (byte) lastInnerAddress
        };
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
