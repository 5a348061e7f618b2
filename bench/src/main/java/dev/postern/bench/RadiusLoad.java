package dev.postern.bench;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.Entropy;
import dev.postern.crypto.IntegrityAlgorithm;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.eap.EapOutcome;
import dev.postern.eap.EapPeer;
import dev.postern.eap.MsChapV2Peer;
import dev.postern.esp.SaTraffic;
import dev.postern.gateway.aaa.Aaa;
import dev.postern.gateway.configuration.Radius;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.EapPolicy;
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
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.lab.FreeRadius;
import dev.postern.radius.Nas;
import dev.postern.radius.RetryPolicy;
import dev.postern.radius.Server;
import dev.postern.ticket.Revocation;
import dev.postern.wire.Identity;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/// Clients and a gateway in one process, without sockets between them; the gateway's RADIUS is the
/// daemon's own.
final class RadiusLoad implements Aaa.Surroundings {
    static final String PASSWORD = "correct horse battery staple";

    private static final int AT_ONCE = 128;
    private static final long PAUSE_NANOS = 3_000_000_000L;
    private static final long IDLE_NANOS = 200_000;

    private final Entropy entropy;
    private final IkeEndpoint gateway;
    private final IkeEndpoint client;
    private final InitiatorProfile profile;
    private final Path path =
            new Path(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 4500),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 4500),
                    true);
    private final Aaa aaa;
    private final Map<Long, EapPeer> peers = new HashMap<>();
    private final Queue<Aaa.EndpointWork> toGateway = new ConcurrentLinkedQueue<>();
    private int established;
    private int closed;

    private RadiusLoad(String server) throws IOException {
        SecureRandom random = new SecureRandom();
        entropy = random::nextBytes;
        IkeSuite ike =
                new IkeSuite(
                        EncryptionAlgorithm.AES_GCM_16_128,
                        IntegrityAlgorithm.NONE,
                        Prf.HMAC_SHA2_256,
                        KeyExchangeMethod.X25519);
        EspSuite esp = new EspSuite(EncryptionAlgorithm.AES_GCM_16_128, false);
        Identity name = Identity.fqdn("gateway.bench");
        Identity peer = Identity.email("load@bench");
        SecretBytes key = SecretBytes.owning(entropy.octets(32));
        EapPolicy eap = new EapPolicy(key, false, true);
        List<TrafficSelector> inside =
                List.of(TrafficSelector.subnet(InetAddress.ofLiteral("10.1.0.0"), 24));
        ResumptionPolicy policy =
                new ResumptionPolicy(
                        false,
                        false,
                        3600,
                        ResumptionPolicy.KeyExchangeInResume.NEVER,
                        ResumptionPolicy.Rfc5723Auth.RFC);
        ResponderProfile responder =
                ResponderProfile.builder("bench")
                        .ikeSuites(List.of(ike))
                        .espSuites(List.of(esp))
                        .localSelectors(inside)
                        .remoteSelectors(inside)
                        .resumption(policy)
                        .eap(eap)
                        .life(LifePolicy.UNLIMITED)
                        .build();
        profile =
                InitiatorProfile.builder("bench", peer)
                        .namedGateway(name)
                        .acceptedGateways(List.of(name))
                        .secureDomain("bench")
                        .preSharedKey(key)
                        .ikeSuites(List.of(ike))
                        .espSuites(List.of(esp))
                        .localSelectors(inside)
                        .remoteSelectors(inside)
                        .resumption(policy)
                        .resumeSchedule(RetransmissionSchedule.STANDARD)
                        .eap(eap)
                        .life(LifePolicy.UNLIMITED)
                        .build();
        gateway = endpoint(name, List.of(responder));
        client = endpoint(peer, List.of());
        SecretBytes secret = SecretBytes.copyOf(FreeRadius.SECRET.getBytes(StandardCharsets.UTF_8));
        InetAddress address = InetAddress.ofLiteral(server);
        aaa =
                Aaa.start(
                        new Radius(
                                new Nas("gateway.bench", null),
                                null,
                                RetryPolicy.DEFAULT,
                                List.of(server(address, FreeRadius.AUTHENTICATION, secret)),
                                List.of(server(address, FreeRadius.ACCOUNTING, secret)),
                                new Radius.Books(0, null, 1_000_000),
                                null),
                        1,
                        this,
                        entropy);
    }

    private static Server server(InetAddress address, int port, SecretBytes secret) {
        return new Server("freeradius", new InetSocketAddress(address, port), secret);
    }

    private IkeEndpoint endpoint(Identity name, List<ResponderProfile> profiles) {
        return new IkeEndpoint(
                EndpointConfiguration.builder(name, "bench", new IvPrefix(1, 0))
                        .profiles(profiles)
                        .build(),
                entropy,
                bug -> {
                    throw bug;
                });
    }

    static void run(int count, String server) throws IOException {
        RadiusLoad load = new RadiusLoad(server);
        long began = System.nanoTime();
        load.sessions(count);
        double seconds = (System.nanoTime() - began) / 1e9;
        load.aaa.close();
        System.out.printf(
                Locale.ROOT,
                "done %d sessions in %.1f s, %d acknowledged records, %d lost in the queue%n",
                count,
                seconds,
                load.aaa.acknowledgedRecords(),
                load.aaa.lostRecords());
    }

    private void sessions(int count) {
        long begun = 0;
        boolean told = false;
        long pausedUntil = Long.MAX_VALUE;
        while (closed < count) {
            boolean idle = true;
            while (begun < count && begun - closed < AT_ONCE) {
                begun++;
                onClient(client.handle(now(), new Input.Initiate(begun, profile, path)));
                idle = false;
            }
            for (Aaa.EndpointWork work = toGateway.poll(); work != null; work = toGateway.poll()) {
                for (Input input : work.at(now())) {
                    onGateway(gateway.handle(now(), input));
                }
                idle = false;
            }
            if (client.nextDeadline() - System.nanoTime() <= 0) {
                onClient(client.handle(now(), new Input.DeadlineReached()));
            }
            if (gateway.nextDeadline() - System.nanoTime() <= 0) {
                onGateway(gateway.handle(now(), new Input.DeadlineReached()));
            }
            if (!told && established >= count / 2) {
                told = true;
                pausedUntil = System.nanoTime() + PAUSE_NANOS;
                System.out.println("established " + count / 2);
            }
            if (told && System.nanoTime() - pausedUntil >= 0) {
                pausedUntil = Long.MAX_VALUE;
                told = false;
                established = Integer.MIN_VALUE;
                System.out.println("paused");
            }
            if (idle) {
                LockSupport.parkNanos(IDLE_NANOS);
            }
        }
    }

    private static Now now() {
        return new Now(System.nanoTime(), System.currentTimeMillis() / 1000);
    }

    private void onClient(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send send) {
                onGateway(gateway.handle(now(), new Input.Datagram(send.path(), send.octets())));
            } else if (effect instanceof Effect.Raise(long id, Ask.EapToPeer ask)) {
                onClient(client.handle(now(), new Input.Answered(id, answer(ask))));
            } else if (effect instanceof Effect.Emit(Event event)) {
                onClientEvent(event);
            }
        }
    }

    private void onClientEvent(Event event) {
        if (event instanceof Event.IkeSaEstablished done) {
            established++;
            onClient(client.handle(now(), new Input.Close(done.handle(), false)));
        } else if (event instanceof Event.IkeSaClosed end) {
            closed++;
            if (end.reason() != Event.CloseReason.CLOSED_LOCALLY) {
                throw new IllegalStateException("a session failed: " + end);
            }
        }
    }

    private Answer answer(Ask.EapToPeer ask) {
        EapPeer peer =
                peers.computeIfAbsent(
                        ask.conversation(),
                        number ->
                                new EapPeer(
                                        "user" + Long.toHexString(number),
                                        new MsChapV2Peer(
                                                "user" + Long.toHexString(number),
                                                SecretBytes.copyOf(
                                                        PASSWORD.getBytes(StandardCharsets.UTF_8)),
                                                entropy)));
        return switch (peer.on(ask.packet())) {
            case EapOutcome.Continue next -> new Answer.EapContinues(next.packet());
            case EapOutcome.Success success -> {
                peers.remove(ask.conversation());
                yield new Answer.EapSucceeded(
                        success.packet(),
                        success.msk(),
                        Identity.fqdn(success.identity()),
                        success.mutual(),
                        List.of(),
                        0);
            }
            case EapOutcome.Failure failure ->
                    new Answer.EapFailed(failure.packet(), failure.reason());
        };
    }

    private void onGateway(List<Effect> effects) {
        for (Effect effect : effects) {
            aaa.sessions().observe(now(), effect);
            if (effect instanceof Effect.Send send) {
                onClient(client.handle(now(), new Input.Datagram(send.path(), send.octets())));
            } else if (effect instanceof Effect.Raise(long id, Ask.EapToServer ask)) {
                aaa.authentication()
                        .next(
                                ask,
                                true,
                                answer -> offer(_ -> List.of(new Input.Answered(id, answer))));
            }
        }
    }

    @Override
    public @Nullable EstablishedSession session(long handle) {
        return gateway.session(handle);
    }

    @Override
    public Optional<SaTraffic> traffic(int inboundSpi) {
        return Optional.empty();
    }

    @Override
    public void revoke(Revocation revocation) {
        throw new IllegalStateException("no server orders anything here");
    }

    @Override
    public String obstacle(Input.Reauthorize change, Set<Long> handles) {
        throw new IllegalStateException("no server orders anything here");
    }

    @Override
    public boolean offer(Aaa.EndpointWork work) {
        return toGateway.add(work);
    }
}
