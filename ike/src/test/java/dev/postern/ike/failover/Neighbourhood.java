package dev.postern.ike.failover;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.FoundGateway;
import dev.postern.ike.GatewayName;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.LivenessPolicy;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.NotaryByHand;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.ike.world.StandbyShelf;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Identity;
import dev.postern.wire.MalformedException;
import dev.postern.wire.MessageCodec;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A client under test and the gateways it knows, on a virtual wire without delay. A gateway that
/// is cut off neither hears nor answers.
final class Neighbourhood {
    static final RetryPolicy RETRY =
            new RetryPolicy(Now.NANOS_PER_SECOND, 30 * Now.NANOS_PER_SECOND);

    private static final long EPOCH = 1_767_225_600L;

    final ClientSettings settings;
    final List<Event> events = new ArrayList<>();
    final List<ExchangeType> exchangesSent = new ArrayList<>();
    final NotaryByHand notary = new NotaryByHand();
    final StandbyShelf standby = new StandbyShelf();
    final Set<InetSocketAddress> cutOff = new HashSet<>();
    final List<Effect.Send> sent = new ArrayList<>();

    /// Gateways whose cluster does not say which addresses they may give.
    final Set<InetSocketAddress> undecided = new HashSet<>();

    /// What gateways have sent, whether it arrived or not.
    final List<Effect.Send> said = new ArrayList<>();

    /// What of the client's messages is lost wherever it goes.
    final Set<ExchangeType> lost = EnumSet.noneOf(ExchangeType.class);

    final NameServer names = new NameServer();
    private final Map<InetSocketAddress, IkeEndpoint> gateways = new LinkedHashMap<>();
    private final FailoverClient client;
    private long nanos = 1;
    private int activeSpi;

    /// Child SAs that the client's data plane opens, and in which order it has sealed under them.
    final Set<Integer> installed = new HashSet<>();

    final List<Integer> activated = new ArrayList<>();

    /// A NAT before the client, with a port of its own for each gateway: it drops what comes to the
    /// port of another one.
    boolean behindNat;

    /// Gateways that lease addresses of their own network; else all lease the same one.
    boolean ownPools;

    /// How many of the addresses that gateways ask for next are refused.
    int refusedLeases;

    /// @param auxiliary sessions that the client holds ready
    static Neighbourhood with(
            AuxiliaryPolicy auxiliary, ResumptionPolicy resumption, GatewaySettings... known) {
        return new Neighbourhood(
                asking(resumption),
                RedirectAllowance.DEFAULT,
                CalmPolicy.DEFAULT,
                DiscoveryPolicy.NONE,
                SwitchAllowance.CONFIGURED,
                auxiliary,
                List.of(known),
                List.of(),
                known);
    }

    /// A client whose list begins with that many addresses at which nobody is.
    static Neighbourhood behind(int dead, GatewaySettings honest) {
        List<InetSocketAddress> first = new ArrayList<>();
        for (int i = 0; i < dead; i++) {
            first.add(Net.port4500(Net.ip(198, 18, i / 256, i % 256)));
        }
        return new Neighbourhood(
                new ClientSettings(),
                RedirectAllowance.DEFAULT,
                CalmPolicy.DEFAULT,
                DiscoveryPolicy.NONE,
                SwitchAllowance.CONFIGURED,
                AuxiliaryPolicy.NONE,
                List.of(honest),
                first,
                honest);
    }

    private static ClientSettings asking(ResumptionPolicy resumption) {
        ClientSettings settings = new ClientSettings();
        settings.resumption = resumption;
        return settings;
    }

    Neighbourhood(GatewaySettings... known) {
        this(RedirectAllowance.DEFAULT, List.of(known), known);
    }

    /// @param resumption what the client asks for
    Neighbourhood(ResumptionPolicy resumption, GatewaySettings... known) {
        this(asking(resumption), known);
    }

    /// With a client that is not as most are.
    Neighbourhood(ClientSettings client, GatewaySettings... known) {
        this(
                client,
                RedirectAllowance.DEFAULT,
                CalmPolicy.DEFAULT,
                DiscoveryPolicy.NONE,
                SwitchAllowance.CONFIGURED,
                AuxiliaryPolicy.NONE,
                List.of(known),
                List.of(),
                known);
    }

    /// @param there every gateway that there is
    /// @param known those in the client's configuration
    Neighbourhood(
            RedirectAllowance redirects, List<GatewaySettings> there, GatewaySettings... known) {
        this(redirects, CalmPolicy.DEFAULT, there, known);
    }

    Neighbourhood(
            RedirectAllowance redirects,
            CalmPolicy calm,
            List<GatewaySettings> there,
            GatewaySettings... known) {
        this(redirects, calm, DiscoveryPolicy.NONE, there, known);
    }

    Neighbourhood(
            RedirectAllowance redirects,
            CalmPolicy calm,
            DiscoveryPolicy discovery,
            List<GatewaySettings> there,
            GatewaySettings... known) {
        this(redirects, calm, discovery, SwitchAllowance.CONFIGURED, there, known);
    }

    /// @param discovery names in it are asked of [#names]
    Neighbourhood(
            RedirectAllowance redirects,
            CalmPolicy calm,
            DiscoveryPolicy discovery,
            SwitchAllowance switches,
            List<GatewaySettings> there,
            GatewaySettings... known) {
        this(
                new ClientSettings(),
                redirects,
                calm,
                discovery,
                switches,
                AuxiliaryPolicy.NONE,
                there,
                List.of(),
                known);
    }

    private Neighbourhood(
            ClientSettings settings,
            RedirectAllowance redirects,
            CalmPolicy calm,
            DiscoveryPolicy discovery,
            SwitchAllowance switches,
            AuxiliaryPolicy auxiliary,
            List<GatewaySettings> there,
            List<InetSocketAddress> dead,
            GatewaySettings... known) {
        this.settings = settings;
        settings.liveness = new LivenessPolicy(0, RetransmissionSchedule.QUICK, true);
        List<GatewayCandidate> candidates = new ArrayList<>();
        for (GatewaySettings gateway : there) {
            gateways.put(
                    gateway.address(),
                    new IkeEndpoint(
                            gateway.configuration(), new SeededEntropy(10 + gateways.size())));
        }
        for (InetSocketAddress address : dead) {
            candidates.add(
                    new GatewayCandidate(
                            "gw-at-" + address.getAddress().getHostAddress(),
                            null,
                            new Path(settings.address(), address, true)));
        }
        for (GatewaySettings gateway : known) {
            candidates.add(
                    new GatewayCandidate(
                            gateway.name(),
                            gateway.identity(),
                            new Path(settings.address(), gateway.address(), true)));
        }
        SeededEntropy entropy = new SeededEntropy(1);
        ClientPolicy policy =
                new ClientPolicy(
                        settings.profile(),
                        candidates,
                        RetransmissionSchedule.QUICK,
                        RETRY,
                        redirects,
                        calm,
                        discovery,
                        switches,
                        auxiliary);
        client =
                new FailoverClient(
                        policy, new IkeEndpoint(settings.configuration(), entropy), entropy);
    }

    void start() {
        carryOut(client.start(now(), null));
    }

    /// With a session of an earlier life.
    void start(ResumableSession kept) {
        carryOut(client.start(now(), kept));
    }

    void stop() {
        carryOut(client.stop(now()));
    }

    void suspect() {
        carryOut(client.suspect(now(), Event.Suspicion.TRAFFIC_SILENCE));
    }

    /// An answer has come through the gateway that serves us.
    void packetComes() {
        packetVerified();
        client.answered(activeSpi);
    }

    /// An answer had come through this Child SA, and is told now.
    void answersCame(int inboundSpi) {
        client.answered(inboundSpi);
    }

    /// The SPI that the client receives under.
    int activeSpi() {
        return activeSpi;
    }

    /// Something authentic has come, if only an ICMP error of the gateway's own.
    void packetVerified() {
        carryOut(client.handle(now(), new Input.PacketVerified(activeSpi)));
    }

    /// What an ICMP message says.
    void unreachable() {
        carryOut(client.suspect(now(), Event.Suspicion.UNREACHABLE));
    }

    void switchTo(String gateway) {
        carryOut(client.switchTo(now(), reference(gateway)));
    }

    private static GatewayReference reference(String gateway) {
        boolean literal = gateway.matches("[0-9.]+|.*:.*");
        return new GatewayReference(
                gateway,
                gateway.isEmpty() ? null : Identity.fqdn(gateway),
                literal ? InetAddress.ofLiteral(gateway) : null,
                0);
    }

    void park() {
        carryOut(client.park(now()));
    }

    /// The host has another address towards the gateway that serves us.
    void moved() {
        carryOut(client.moved(now()));
    }

    /// A packet from inside that no SA takes.
    void wake() {
        carryOut(client.wake(now()));
    }

    boolean isParked() {
        return client.isParked();
    }

    /// What a gateway's own timer or operator does there.
    void tell(GatewaySettings gateway, Input input) {
        IkeEndpoint endpoint = gateways.get(gateway.address());
        if (endpoint != null) {
            fromGateway(gateway.address(), endpoint.handle(now(), input));
        }
    }

    void cutOff(GatewaySettings gateway) {
        cutOff.add(gateway.address());
    }

    void reconnect(GatewaySettings gateway) {
        cutOff.remove(gateway.address());
    }

    /// A gateway that comes back without any memory.
    void restart(GatewaySettings gateway) {
        cutOff.remove(gateway.address());
        gateways.put(
                gateway.address(),
                new IkeEndpoint(gateway.configuration(), new SeededEntropy(nanos)));
    }

    String current() {
        GatewayCandidate candidate = client.currentGateway();
        return candidate == null ? "" : candidate.name();
    }

    int sessionsAt(GatewaySettings gateway) {
        IkeEndpoint endpoint = gateways.get(gateway.address());
        return endpoint == null ? 0 : endpoint.size();
    }

    <E extends Event> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    void pass(Duration time) {
        long until = nanos + time.toNanos();
        while (nextDeadline() <= until) {
            nanos = Math.max(nanos, nextDeadline());
            if (client.nextDeadline() <= nanos) {
                carryOut(client.handle(now(), new Input.DeadlineReached()));
            }
            for (Map.Entry<InetSocketAddress, IkeEndpoint> gateway :
                    List.copyOf(gateways.entrySet())) {
                if (gateway.getValue().nextDeadline() <= nanos) {
                    fromGateway(
                            gateway.getKey(),
                            gateway.getValue().handle(now(), new Input.DeadlineReached()));
                }
            }
        }
        nanos = until;
    }

    private long nextDeadline() {
        long earliest = client.nextDeadline();
        for (IkeEndpoint gateway : gateways.values()) {
            earliest = Math.min(earliest, gateway.nextDeadline());
        }
        return earliest;
    }

    Now now() {
        return at(nanos);
    }

    static Now at(long nanos) {
        return new Now(nanos, EPOCH + nanos / Now.NANOS_PER_SECOND);
    }

    private void carryOut(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Emit(Event event)) {
                events.add(event);
            } else if (effect instanceof Effect.Raise raise
                    && raise.ask() instanceof Ask.VerifyVouchers ask) {
                carryOut(
                        client.handle(
                                now(), new Input.Answered(raise.askId(), notary.answer(ask))));
            } else if (effect instanceof Effect.ActivateChildSa(int inboundSpi)) {
                activeSpi = inboundSpi;
                activated.add(inboundSpi);
            } else if (effect instanceof Effect.InstallChildSa(var installation)) {
                installed.add(installation.inboundSpi());
            } else if (effect instanceof Effect.RemoveChildSa(int inboundSpi)) {
                installed.remove(inboundSpi);
            } else if (effect instanceof Effect.Send send) {
                note(send.octets());
                sent.add(send);
                if (!lost.contains(exchangesSent.getLast())) {
                    toGateway(send.path().remote(), send.octets());
                }
            } else if (effect
                    instanceof Effect.Raise(long askId, Ask.LookUpGateways(GatewayName name))) {
                names.asked.add(new NameServer.Question(nanos, askId, name));
                Answer answer = names.answer(name);
                if (answer != null) {
                    answer(askId, answer);
                }
            }
        }
    }

    /// What the name server has to say, whether anybody waits for it or not.
    void answer(long askId, Answer answer) {
        carryOut(client.handle(now(), new Input.Answered(askId, answer)));
    }

    /// The way to a gateway, as a name server's answer has it.
    FoundGateway found(InetSocketAddress gateway, int priority, int weight) {
        return new FoundGateway(
                "host.example",
                gateway,
                new Path(settings.address(), gateway, true),
                priority,
                weight);
    }

    /// Adds a gateway of the application's.
    boolean add(GatewaySettings gateway, Rank rank) {
        List<Effect> effects =
                client.addGateway(
                        now(),
                        new GatewayCandidate(
                                gateway.name(),
                                gateway.identity(),
                                new Path(settings.address(), gateway.address(), true)),
                        rank);
        if (effects != null) {
            carryOut(effects);
        }
        return effects != null;
    }

    boolean remove(GatewaySettings gateway) {
        return client.removeGateway(gateway.address());
    }

    /// A gateway has another address, which the client knows too.
    void alsoAt(GatewaySettings gateway, InetSocketAddress other, Rank rank) {
        IkeEndpoint endpoint = gateways.get(gateway.address());
        if (endpoint != null) {
            gateways.put(other, endpoint);
        }
        GatewayCandidate candidate =
                new GatewayCandidate(
                        gateway.name() + " there",
                        gateway.identity(),
                        new Path(settings.address(), other, true));
        List<Effect> effects = client.addGateway(now(), candidate, rank);
        carryOut(effects == null ? List.of() : effects);
    }

    GatewayOverview overview() {
        return client.gateways(now());
    }

    /// A datagram that says it comes from there.
    void deliver(InetSocketAddress from, byte[] datagram) {
        Path path = new Path(settings.address(), from, true);
        carryOut(client.handle(now(), new Input.Datagram(path, datagram)));
    }

    /// A gateway gets the last datagram of the client, late, or sent there by somebody else.
    void bringLastTo(GatewaySettings gateway) {
        toGateway(gateway.address(), sent.getLast().octets());
    }

    /// A datagram of the client arrives late.
    void bring(Effect.Send late) {
        toGateway(late.path().remote(), late.octets());
    }

    private void note(byte[] octets) {
        try {
            exchangesSent.add(MessageCodec.decode(octets).header().exchange());
        } catch (MalformedException e) {
            throw new AssertionError("the client sends what does not decode", e);
        }
    }

    private void toGateway(InetSocketAddress to, byte[] octets) {
        IkeEndpoint gateway = gateways.get(to);
        if (gateway != null && !cutOff.contains(to)) {
            Path path = new Path(to, seenAt(to), true);
            fromGateway(to, gateway.handle(now(), new Input.Datagram(path, octets.clone())));
        }
    }

    /// Where the client's datagrams come from, as that gateway sees it.
    private InetSocketAddress seenAt(InetSocketAddress gateway) {
        InetSocketAddress own = settings.address();
        int port = 20_000 + gateway.getAddress().getAddress()[3];
        return behindNat ? new InetSocketAddress(own.getAddress(), port) : own;
    }

    private InetAddress leased(InetSocketAddress gateway) {
        return Net.ip(10, 9, ownPools ? gateway.getAddress().getAddress()[3] : 0, 1);
    }

    private void fromGateway(InetSocketAddress from, List<Effect> effects) {
        IkeEndpoint gateway = gateways.get(from);
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send send) {
                said.add(send);
            }
            if (effect instanceof Effect.Send send
                    && (cutOff.contains(from) || !seenAt(from).equals(send.path().remote()))) {
                continue;
            }
            if (effect instanceof Effect.Send send) {
                deliver(from, send.octets().clone());
            } else if (effect instanceof Effect.OfStandby told) {
                standby.follow(told);
            } else if (effect instanceof Effect.Raise raise
                    && gateway != null
                    && !undecided.contains(from)) {
                fromGateway(
                        from,
                        gateway.handle(now(), new Input.Answered(raise.askId(), lease(from))));
            }
        }
    }

    private Answer lease(InetSocketAddress gateway) {
        if (refusedLeases > 0) {
            refusedLeases--;
            return new Answer.AddressesRefused();
        }
        return new Answer.AddressesLeased(List.of(leased(gateway)), List.of());
    }
}
