package dev.postern.gateway.daemon;

import dev.postern.esp.InboundEvidence;
import dev.postern.esp.UdpEndpoint;
import dev.postern.gateway.configuration.ClientConfiguration;
import dev.postern.gateway.configuration.ClientInside;
import dev.postern.gateway.dataplane.DataPlane;
import dev.postern.gateway.dataplane.InnerSide;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.failover.FailoverClient;
import dev.postern.ike.failover.GatewayCandidate;
import dev.postern.ike.failover.IdleWatch;
import dev.postern.ike.failover.SetUpAhead;
import dev.postern.ike.failover.TrafficWatch;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.net.TunDevice;
import dev.postern.pki.RevocationEvidence;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// A running client: keeps one session alive across the gateways of its configuration. `close` ends
/// the session with a Delete.
public final class ClientDaemon implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 800;

    private final EventLog events;
    private final Embedding embedding;
    private final ClientControls controls;
    private final EndpointLoop loop;
    private final ClientPorts ports;
    private final FailoverClient client;
    private final DataPlane dataPlane;
    private final PacketEffects packets;
    private final @Nullable TunDevice tun;
    private final @Nullable ProbeSource probe;
    private final @Nullable ClientNetwork network;
    private final ClientDesk desk = new ClientDesk();
    private final TicketFile ticket;
    private final ClientAnswers answers;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("watch").factory());
    private final IkeTraffic traffic = new IkeTraffic();
    private final SetUpAhead ahead;
    private final OuterPath outerPath;
    private final SealingChildSas sealing;
    private final ClientTraffic packetsSeen;

    private ClientDaemon(
            ClientConfiguration configuration,
            EventLog events,
            Embedding embedding,
            Acquired acquired)
            throws IOException {
        this.events = events;
        this.embedding = embedding;
        ClientInside inside = embedding.packets() == null ? configuration.inside() : null;
        acquired.add(timer, ScheduledExecutorService::shutdownNow);
        this.ports = acquired.add(ClientPorts.open(), ClientPorts::close);
        this.outerPath = new OuterPath(ports::sourceTowards);
        GatewayPaths gateways = GatewayPaths.of(configuration, ports);
        SystemEntropy entropy = new SystemEntropy();
        this.ticket =
                acquired.add(TicketFile.open(configuration.ticket(), entropy), TicketFile::close);
        this.client =
                new FailoverClient(
                        configuration.policy(gateways.reached(), gateways.apart()),
                        new IkeEndpoint(configuration.endpoint(), entropy),
                        entropy);
        this.tun =
                acquired.addIfAny(
                        inside instanceof ClientInside.Tun t ? ClientDevice.open(t) : null,
                        TunDevice::close);
        this.network =
                tun != null && inside instanceof ClientInside.Tun t
                        ? acquired.add(
                                ClientNetwork.open(tun.name(), t, configuration, ports, events),
                                ClientNetwork::abandon)
                        : null;
        // What is seen before the first packet is what a change is measured against.
        gateways.reached().forEach(gateway -> outerPath.hasChanged(gateway.path().remote()));
        this.loop = new EndpointLoop("ike", new ClientDriver(client), Clock.systemUTC());
        this.answers =
                acquired.add(
                        ClientAnswers.of(configuration, client, loop, ports, network),
                        ClientAnswers::close);
        this.ahead = new SetUpAhead(configuration.setsUpAhead());
        this.probe = inside instanceof ClientInside.Probe p ? new ProbeSource(p, events) : null;
        InnerSide inner =
                tun != null && inside instanceof ClientInside.Tun t
                        ? new InnerSide.Tun(tun, t.clampsTcp() ? t.mtu() : 0, t.copiesDscp())
                        : new InnerSide.Application(this::deliver);
        this.dataPlane =
                acquired.add(
                        DataPlane.start(ports.all(), inner, this::offer, new Evidence()),
                        DataPlane::close);
        this.sealing = new SealingChildSas(dataPlane::traffic, dataPlane::dialogue);
        this.packetsSeen =
                new ClientTraffic(
                        client,
                        dataPlane,
                        ports,
                        sealing,
                        ahead,
                        new TrafficWatch(configuration.trafficSilence().toNanos()),
                        new IdleWatch(configuration.resumption().parkAfterNanos()));
        this.controls =
                new ClientControls(
                        configuration,
                        client,
                        loop,
                        dataPlane,
                        GatewayPaths.ways(configuration, ports));
        KeyLog keyLog =
                configuration.log().keyDirectory() == null
                        ? null
                        : new KeyLog(configuration.log().keyDirectory());
        this.packets =
                new PacketEffects(
                        dataPlane,
                        new ReturnPaths(new NoReturnPath()),
                        keyLog,
                        tun != null && network != null && configuration.isTransport()
                                ? TransportRoutes.open(
                                        tun.name(), ports.numbers(), network.journal())
                                : null);
        acquired.add(packets, PacketEffects::close);
    }

    /// Opens socket and device and begins to connect; the result is seen in the event log.
    ///
    /// @param adminSocket where it is spoken to; null for nowhere
    /// @throws IOException with the reason in words where a name, device or privilege is missing;
    ///   then nothing stays open
    public static ClientDaemon start(
            ClientConfiguration configuration,
            EventLog events,
            java.nio.file.@Nullable Path adminSocket)
            throws IOException {
        return start(configuration, events, adminSocket, Embedding.NONE);
    }

    /// The same in the process of an application.
    public static ClientDaemon start(
            ClientConfiguration configuration,
            EventLog events,
            java.nio.file.@Nullable Path adminSocket,
            Embedding embedding)
            throws IOException {
        Rehearsal.run(
                new SystemEntropy(),
                configuration.ikeSuites().getFirst(),
                configuration.espSuites().getFirst());
        return Acquired.during(
                acquired -> begin(configuration, events, adminSocket, embedding, acquired));
    }

    private static ClientDaemon begin(
            ClientConfiguration configuration,
            EventLog events,
            java.nio.file.@Nullable Path adminSocket,
            Embedding embedding,
            Acquired acquired)
            throws IOException {
        ClientDaemon daemon = new ClientDaemon(configuration, events, embedding, acquired);
        @Nullable ResumableSession kept =
                daemon.ticket.load(
                        configuration.identity(),
                        configuration.secureDomain(),
                        daemon.loop.now().epochSeconds());
        acquired.add(daemon.loop, EndpointLoop::close);
        daemon.loop.start(daemon.new ClientEffects());
        daemon.answers.revocation().start(daemon.timer, daemon::know);
        acquired.add(daemon.desk, ClientDesk::close);
        daemon.desk.open(adminSocket, events, new ClientCommands(daemon.client, daemon.loop));
        if (daemon.network != null) {
            daemon.network.bar();
        }
        daemon.loop.offer(now -> daemon.client.start(now, kept));
        daemon.timer.scheduleAtFixedRate(
                () -> daemon.loop.offer(daemon.packetsSeen::look),
                ClientTraffic.INTERVAL_MILLIS,
                ClientTraffic.INTERVAL_MILLIS,
                TimeUnit.MILLISECONDS);
        daemon.timer.scheduleAtFixedRate(
                () -> daemon.loop.offer(daemon::watchPath),
                OuterPath.INTERVAL_MILLIS,
                OuterPath.INTERVAL_MILLIS,
                TimeUnit.MILLISECONDS);
        ClientNetwork network = daemon.network;
        if (network != null) {
            daemon.timer.scheduleWithFixedDelay(
                    () -> network.keep(daemon.packets),
                    ClientNetwork.KEEPING_SECONDS,
                    ClientNetwork.KEEPING_SECONDS,
                    TimeUnit.SECONDS);
        }
        if (daemon.probe != null) {
            daemon.probe.start(daemon.dataPlane::sendInner);
        }
        events.line("client-ready", "identity", configuration.identity());
        return daemon;
    }

    /// What its application can have it do.
    public ClientControls controls() {
        return controls;
    }

    private void know(RevocationEvidence evidence) {
        loop.offer(now -> client.handle(now, new Input.KnowRevocations(evidence)));
    }

    private boolean offer(
            InetSocketAddress local, InetSocketAddress remote, byte[] octets, boolean marker) {
        Path path = new Path(local, remote, marker);
        return loop.offer(now -> {
            traffic.received(octets);
            return client.handle(now, new Input.Datagram(path, octets));
        });
    }

    private void deliver(byte[] packet) {
        if (probe != null) {
            probe.onPacket(packet);
        } else if (embedding.packets() != null) {
            embedding.packets().accept(packet);
        }
    }

    /// Keeps the way through a NAT open, and tells the gateway when this host has another address
    /// towards it.
    private List<Effect> watchPath(Now now) {
        GatewayCandidate gateway = client.currentGateway();
        if (gateway == null) {
            return List.of();
        }
        Path path = gateway.path();
        long sent = sealing.outboundPackets() + traffic.messages();
        if (outerPath.needsKeepalive(now, sent)) {
            dataPlane.sendKeepalive(path.local(), path.remote());
        }
        outerPath.keepOpen(now, client.auxiliaryGateways(), dataPlane::sendKeepalive);
        dataPlane.flushIke();
        return outerPath.hasChanged(path.remote()) ? client.moved(now) : List.of();
    }

    /// Ends the session with a Delete, and removes its ticket where that is kept.
    public void logOut() {
        desk.logOut();
        close();
    }

    /// Ends the session with a Delete, or parks it where its ticket is kept, and waits a moment for
    /// the answer.
    @Override
    public void close() {
        timer.shutdownNow();
        if (probe != null) {
            probe.close();
        }
        desk.ended();
        boolean parks = ticket.isKept() && !desk.isLogout();
        loop.offer(parks ? client::park : client::stop);
        try {
            boolean answered = ended.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            String what = parks ? "parkingAnswered" : "deleteAnswered";
            events.line("client-stopped", what, answered);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.close();
        ticket.close();
        answers.close();
        if (network != null) {
            network.close();
        }
        packets.close();
        dataPlane.close();
        ports.close();
        desk.close();
    }

    /// Waits until the client is told to end by its admin socket.
    public void awaitDown() throws InterruptedException {
        desk.awaitDown();
    }

    private final class ClientEffects implements EndpointLoop.Effects {
        @Override
        public void carryOut(Now now, Effect effect) {
            ticket.spent(client.kept());
            switch (effect) {
                case Effect.Send send -> {
                    traffic.sent(send.octets());
                    packets.send(send);
                }
                case Effect.InstallChildSa install -> packets.install(install);
                case Effect.ActivateChildSa activate -> {
                    packets.activate(activate);
                    sealing.add(activate.inboundSpi());
                }
                case Effect.MoveChildSa move -> packets.move(move);
                case Effect.RemoveChildSa remove -> {
                    // Also what came through it since the last look.
                    sealing.reportAnswers(client::answered);
                    packets.remove(remove);
                    sealing.remove(remove.inboundSpi());
                }
                case Effect.SkipSequences skip -> packets.skip(skip);
                case Effect.OfStandby _ -> {} // Nobody takes over a client.
                case Effect.LogKeys keys -> packets.logKeys(keys);
                case Effect.Raise raise -> answers.answer(now, raise);
                case Effect.Emit emit -> on(emit.event());
            }
        }

        @Override
        public void flush() {
            packets.flush();
            ticket.keep(client.kept());
        }

        private void on(Event event) {
            events.write(event);
            embedding.events().accept(event);
            desk.on(event);
            if (network != null && event instanceof Event.NetworkAssigned assigned) {
                network.assigned(assigned.network());
            }
            if (ahead.isDone(event)) {
                loop.offer(client::park);
            }
            if (event instanceof Event.SwitchStarted) {
                traffic.begin();
            }
            if (event instanceof Event.SwitchCompleted completed) {
                traffic.end(events);
                if (network != null) {
                    network.use(completed.innerAddresses());
                }
                if (probe != null) {
                    probe.use(completed.innerAddresses());
                }
            } else if (event instanceof Event.IkeSaClosed closed
                    && (closed.reason() == Event.CloseReason.CLOSED_LOCALLY
                            || closed.reason() == Event.CloseReason.PARKED)
                    && timer.isShutdown()) {
                ended.countDown();
            }
        }
    }

    private final class Evidence implements InboundEvidence {
        @Override
        public void firstPacket(int inboundSpi) {
            loop.offer(now -> client.handle(now, new Input.PacketVerified(inboundSpi)));
        }

        /// A gateway does not move without saying so under the IKE SA.
        @Override
        public void peerMoved(int inboundSpi, UdpEndpoint source) {
            dataPlane.keepPath(inboundSpi);
        }
    }
}
