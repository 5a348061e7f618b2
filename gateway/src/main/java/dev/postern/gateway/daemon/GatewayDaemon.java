package dev.postern.gateway.daemon;

import dev.postern.cluster.LeasePermits;
import dev.postern.esp.InboundEvidence;
import dev.postern.esp.UdpEndpoint;
import dev.postern.gateway.aaa.Aaa;
import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.configuration.Profile;
import dev.postern.gateway.dataplane.DataPlane;
import dev.postern.gateway.dataplane.DataPlanePort;
import dev.postern.gateway.dataplane.IkeSink;
import dev.postern.gateway.dataplane.InnerSide;
import dev.postern.gateway.revocation.RevocationNews;
import dev.postern.gateway.store.SessionKeeper;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.pki.RevocationEvidence;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// A running gateway. `close` ends it without a word to its clients: their sessions live on, here
/// after a restart or at another gateway of the secure domain.
public final class GatewayDaemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayDaemon.class);
    private static final long EVIDENCE_INTERVAL_MILLIS = 1_000;

    private final GatewayConfiguration configuration;
    private final Embedding embedding;
    private final EventLog events;
    private final StepEntropy entropy = new StepEntropy(new SystemEntropy());
    private final IkeEndpoint endpoint;
    private final EndpointLoop loop;
    private final IkeIntake intake;
    private final DataPlane dataPlane;
    private final ReturnPaths returnPaths;
    private final PacketEffects packets;
    private final AddressLeases leases;
    private final DhcpDesk dhcp;
    private final LeaseFile leaseFile;
    private final EapServers eap;
    private final RevocationNews revocation;
    private final TicketCustody custody;
    private final LeasePermits permits;
    private final GatewayAnswers answers;
    private final @Nullable SessionKeeper sessions;
    private final @Nullable Aaa aaa;
    private final Neighbours neighbours;
    private final Drainage drainage;
    private final @Nullable StatusServer status;
    private final @Nullable ClusterSeat cluster;
    private final StandbyDesk standby;
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("evidence").factory());

    private GatewayDaemon(
            GatewayConfiguration configuration,
            EventLog events,
            Embedding embedding,
            Acquired acquired)
            throws IOException {
        acquired.add(timer, ScheduledExecutorService::shutdownNow);
        this.configuration = configuration;
        this.embedding = embedding;
        this.events = events;
        this.custody =
                acquired.add(
                        new TicketCustody(configuration, Clock.systemUTC()), TicketCustody::close);
        this.endpoint = new IkeEndpoint(configuration.endpoint(0, custody.sealer()), entropy);
        this.loop = new EndpointLoop("ike", new GatewayDriver(), Clock.systemUTC());
        this.leases = AddressLeases.of(configuration);
        this.dhcp =
                acquired.add(
                        DhcpDesk.open(configuration, endpoint, loop, leases, new SystemEntropy()),
                        DhcpDesk::close);
        this.leaseFile = LeaseFile.open(configuration.leaseFile(), leases);
        this.cluster =
                acquired.addIfAny(ClusterSeat.join(configuration, events), ClusterSeat::close);
        this.permits = cluster == null ? LeasePermits.ALL : cluster.leases(configuration);
        this.sessions =
                acquired.addIfAny(ClusterSeat.keeper(configuration, cluster), SessionKeeper::close);
        this.standby =
                acquired.add(
                        StandbyDesk.open(configuration, cluster, endpoint, loop, permits, events),
                        StandbyDesk::close);
        KeyLog keyLog =
                configuration.log().keyDirectory() == null
                        ? null
                        : new KeyLog(configuration.log().keyDirectory());
        List<DataPlanePort> ports =
                acquired.add(
                        GatewayPorts.open(configuration.listen(), standby.addresses()),
                        opened -> opened.forEach(port -> port.socket().close()));
        for (DataPlanePort port : ports) {
            addresses.add(port.socket().localAddress());
        }
        InnerSide inner =
                acquired.add(
                        GatewayDevices.inside(configuration.inside(), embedding),
                        GatewayDevices::close);
        this.returnPaths =
                acquired.add(
                        new ReturnPaths(GatewayDevices.returnPath(configuration, inner)),
                        ReturnPaths::close);
        this.intake =
                IkeIntake.of(loop, standby.guard(endpoint::handle), endpoint, custody::mightOpen);
        this.dataPlane =
                acquired.add(
                        DataPlane.start(ports, inner, intake, new Evidence()), DataPlane::close);
        this.packets =
                new PacketEffects(
                        dataPlane,
                        returnPaths,
                        keyLog,
                        GatewayDevices.transport(configuration, inner, events));
        acquired.add(packets, PacketEffects::close);
        this.aaa =
                configuration.radius() == null
                        ? null
                        : Aaa.start(
                                configuration.radius(),
                                configuration.member(),
                                new AaaSurroundings(endpoint, loop, dataPlane, custody, leases),
                                new SystemEntropy());
        acquired.addIfAny(aaa, Aaa::close);
        this.revocation =
                acquired.add(
                        RevocationNews.of(configuration, Clock.systemUTC()), RevocationNews::close);
        this.eap = acquired.add(ProfileEap.of(configuration, aaa, revocation), EapServers::close);
        this.answers =
                new GatewayAnswers(
                        endpoint, loop, dhcp, leases, permits, sessions, eap, custody, revocation);
        this.neighbours =
                acquired.add(
                        Neighbours.of(configuration, cluster, endpoint, loop), Neighbours::close);
        this.drainage =
                new Drainage(
                        configuration.redirects(),
                        neighbours::standing,
                        neighbours::isOurs,
                        endpoint,
                        loop,
                        events);
        this.status =
                configuration.status() == null
                        ? null
                        : StatusServer.start(
                                configuration.status(),
                                endpoint,
                                dataPlane,
                                loop,
                                intake,
                                drainage::wantsClients);
        acquired.addIfAny(status, StatusServer::close);
        custody.start(endpoint, loop, events, cluster, drainage);
    }

    /// Opens sockets and devices and begins to serve.
    ///
    /// @throws IOException with the reason in words where an address, device or privilege is
    ///   missing; then nothing stays open
    public static GatewayDaemon start(GatewayConfiguration configuration, EventLog events)
            throws IOException {
        return start(configuration, events, Embedding.NONE);
    }

    /// The same in the process of an application.
    public static GatewayDaemon start(
            GatewayConfiguration configuration, EventLog events, Embedding embedding)
            throws IOException {
        Profile profile = configuration.profiles().getFirst();
        Rehearsal.run(
                new SystemEntropy(),
                profile.ikeSuites().getFirst(),
                profile.espSuites().getFirst());
        return Acquired.during(acquired -> begin(configuration, events, embedding, acquired));
    }

    private static GatewayDaemon begin(
            GatewayConfiguration configuration,
            EventLog events,
            Embedding embedding,
            Acquired acquired)
            throws IOException {
        GatewayDaemon daemon = new GatewayDaemon(configuration, events, embedding, acquired);
        acquired.add(daemon.loop, EndpointLoop::close);
        daemon.loop.start(daemon.new GatewayEffects());
        daemon.timer.scheduleWithFixedDelay(
                daemon::reportEvidence,
                EVIDENCE_INTERVAL_MILLIS,
                EVIDENCE_INTERVAL_MILLIS,
                TimeUnit.MILLISECONDS);
        daemon.timer.scheduleWithFixedDelay(
                () -> daemon.packets.keep(events),
                ClientNetwork.KEEPING_SECONDS,
                ClientNetwork.KEEPING_SECONDS,
                TimeUnit.SECONDS);
        daemon.custody.watchOn(daemon.timer);
        daemon.dhcp.tickOn(daemon.timer);
        daemon.revocation.start(daemon.timer, daemon::know);
        daemon.leaseFile.start(daemon.loop);
        daemon.standby.start();
        daemon.neighbours.start(daemon.drainage::wantsClients);
        events.line(
                "gateway-ready", "identity", configuration.identity(), "listens", daemon.listens());
        return daemon;
    }

    private String listens() {
        List<String> texts = new ArrayList<>();
        for (InetSocketAddress address : addresses) {
            texts.add(address.getAddress().getHostAddress() + ":" + address.getPort());
        }
        return String.join(" ", texts);
    }

    private void know(RevocationEvidence evidence) {
        loop.offer(now -> endpoint.handle(now, new Input.KnowRevocations(evidence)));
    }

    /// Completes where its cluster goes on without it, with the reason in words: it has another
    /// member's name, number or address, and is to be closed. Never in no cluster.
    public CompletionStage<String> refused() {
        return cluster == null ? new CompletableFuture<>() : cluster.grid().refused();
    }

    /// Reads the TGS key file again.
    public void reload() {
        custody.reload();
    }

    /// What must not be resumed, and who can add to it.
    TicketCustody custody() {
        return custody;
    }

    /// Tells the endpoint which Child SAs have opened packets lately.
    private void reportEvidence() {
        List<Integer> living = new ArrayList<>();
        dataPlane.reportLiving(living::add);
        for (int inboundSpi : living) {
            loop.offer(now -> endpoint.handle(now, new Input.PacketVerified(inboundSpi)));
        }
        loop.offer(now -> endpoint.handle(now, new Input.ParkIdle()));
        if (aaa != null) {
            aaa.tick();
        }
        standby.report(dataPlane);
        UnknownSpis.report(dataPlane, input -> loop.offer(now -> endpoint.handle(now, input)));
        dataPlane.reportUse((spi, octets, packets) ->
                loop.offer(
                        now -> endpoint.handle(now, new Input.ChildSaUsed(spi, octets, packets))));
    }

    /// The addresses and ports that this gateway receives on.
    public List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    /// Counts by reason and other figures for the status page.
    public IkeEndpoint endpoint() {
        return endpoint;
    }

    /// Where the sockets' IKE messages go, for whoever measures what is behind them.
    public IkeSink intake() {
        return intake;
    }

    public DataPlane dataPlane() {
        return dataPlane;
    }

    @Override
    public void close() {
        events.line("gateway-stopping", "identity", configuration.identity());
        timer.shutdownNow();
        if (status != null) {
            status.close();
        }
        standby.close();
        loop.close();
        leaseFile.close();
        dhcp.close();
        custody.close();
        if (sessions != null) {
            sessions.close();
        }
        neighbours.close();
        if (cluster != null) {
            cluster.close();
        }
        eap.close();
        revocation.close();
        returnPaths.close();
        packets.close();
        dataPlane.close();
    }

    private final class GatewayDriver implements EndpointLoop.Driver {
        @Override
        public void onStep() {
            entropy.begin();
        }

        @Override
        public List<Effect> onDeadline(Now now) {
            return endpoint.handle(now, new Input.DeadlineReached());
        }

        @Override
        public long nextDeadline() {
            return endpoint.nextDeadline();
        }
    }

    private final class GatewayEffects implements EndpointLoop.Effects {
        @Override
        public void carryOut(Now now, Effect effect) {
            if (aaa != null) {
                aaa.sessions().observe(now, effect);
            }
            switch (effect) {
                case Effect.Send send -> packets.send(send);
                case Effect.InstallChildSa install -> packets.install(install);
                case Effect.ActivateChildSa activate -> packets.activate(activate);
                case Effect.MoveChildSa move -> packets.move(move);
                case Effect.RemoveChildSa remove -> packets.remove(remove);
                case Effect.SkipSequences skip -> packets.skip(skip);
                case Effect.OfStandby told -> standby.keep(told);
                case Effect.LogKeys keys -> packets.logKeys(keys);
                case Effect.Raise raise ->
                        answers.answer(now, raise).forEach(answer -> carryOut(now, answer));
                case Effect.Emit emit -> on(now, emit.event());
            }
        }

        @Override
        public void flush() {
            packets.flush();
        }

        private void on(Now now, Event event) {
            if (event instanceof Event.IkeSaEstablished established) {
                dhcp.hold(established);
                standby.on(established, leases);
                leases.hold(
                        established.handle(),
                        established.sessionId(),
                        established.peer(),
                        established.innerAddresses(),
                        now.nanos());
            } else if (event instanceof Event.IkeSaClosed closed) {
                dhcp.release(closed);
                permits.released(leases.release(closed.handle()));
            }
            events.write(event);
            embedding.events().accept(event);
        }
    }

    private final class Evidence implements InboundEvidence {
        @Override
        public void firstPacket(int inboundSpi) {
            loop.offer(now -> endpoint.handle(now, new Input.PacketVerified(inboundSpi)));
        }

        /// RFC 7296 section 2.23: packets go to where the newest authentic one came from.
        @Override
        public void peerMoved(int inboundSpi, UdpEndpoint source) {
            loop.offer(now -> {
                @Nullable Path path = packets.pathOf(inboundSpi);
                if (path == null) {
                    return List.of();
                }
                LOG.info("a peer moved to {}", source);
                Path from = new Path(path.local(), source.toSocketAddress(), path.nonEspMarker());
                return endpoint.handle(now, new Input.PeerMoved(inboundSpi, from));
            });
        }
    }
}
