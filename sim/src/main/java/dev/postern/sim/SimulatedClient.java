package dev.postern.sim;

import dev.postern.esp.InboundEvidence;
import dev.postern.esp.InnerPacket;
import dev.postern.esp.InnerPackets;
import dev.postern.esp.UdpEndpoint;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.failover.FailoverClient;
import dev.postern.ike.failover.GatewayCandidate;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/// A client daemon without its threads: the production failover client, endpoint and data plane,
/// and an application that sends echo requests to the host behind the gateway.
public final class SimulatedClient implements Party {
    private static final long WATCH_NANOS = 100_000_000;

    private final Simulation simulation;
    private final int index;
    private final InetSocketAddress socket;
    final NodeClock clock = new NodeClock();
    private final EchoApplication application;
    private int life;
    private @Nullable Running running;
    private @Nullable ResumableSession newestTicket;
    private @Nullable Datagram opening;
    private int moves;
    private String lastGateway = "";
    private long lastReply = Long.MIN_VALUE;

    /// Everything that ends with the process.
    private static final class Running {
        final IkeEndpoint endpoint;
        final FailoverClient client;
        final PacketSide packets;
        final ClientDesk desk;
        final ClientTraffic traffic;
        @Nullable InetAddress address;

        Running(IkeEndpoint endpoint, FailoverClient client, PacketSide packets, ClientDesk desk) {
            this.endpoint = endpoint;
            this.client = client;
            this.packets = packets;
            this.desk = desk;
            this.traffic = new ClientTraffic(packets);
        }
    }

    SimulatedClient(Simulation simulation, int index) {
        this.simulation = simulation;
        this.index = index;
        this.socket = simulation.plan().terms().addresses().client(index);
        this.application = new EchoApplication(simulation, this);
    }

    @Override
    public String name() {
        return Domain.clientName(index);
    }

    @Override
    public Role role() {
        return Role.CLIENT;
    }

    @Override
    public int life() {
        return life;
    }

    public int index() {
        return index;
    }

    @Override
    public @Nullable IkeEndpoint endpoint() {
        return running == null ? null : running.endpoint;
    }

    /// How many SA pairs its data plane holds.
    public int associations() {
        return running == null ? 0 : running.packets.size();
    }

    /// The gateway that serves its session, or the empty string.
    public String gateway() {
        GatewayCandidate candidate = running == null ? null : running.client.currentGateway();
        return candidate == null ? "" : candidate.name();
    }

    /// The session that it would resume next.
    @Nullable ResumableSession newestTicket() {
        return newestTicket;
    }

    /// Under which it authenticates itself.
    public Identity identity() {
        return Domain.clientIdentity(index);
    }

    /// Whether it has moved as often as it may within an hour, and stays where it is.
    boolean isOutOfMoves() {
        return moves >= simulation.plan().movesPerHour();
    }

    /// The inner address that it has, if any.
    public List<InetAddress> innerAddresses() {
        InetAddress address = running == null ? null : running.address;
        return address == null ? List.of() : List.of(address);
    }

    /// When the last answer to an echo request came through the tunnel, in nanoseconds since the
    /// start of the run.
    public long lastReply() {
        return lastReply;
    }

    /// What its wall clock shows.
    public long seconds() {
        return clock.at(simulation.now()).epochSeconds();
    }

    boolean isUp() {
        return running != null;
    }

    /// @param keepsTicket whether it starts with the newest session of its earlier life
    void start(boolean keepsTicket) {
        if (running != null) {
            return;
        }
        life++;
        moves = -1;
        lastGateway = "";
        Dice entropy = Dice.of(simulation.plan().seed(), name() + " entropy " + life);
        IkeEndpoint endpoint =
                new IkeEndpoint(simulation.domain().client(index), entropy, simulation.ownBugs());
        FailoverClient client =
                new FailoverClient(simulation.domain().policy(index), endpoint, entropy);
        PacketSide packets =
                new PacketSide(
                        simulation.scratch(),
                        this::send,
                        this::deliver,
                        new Evidence(life),
                        own -> simulation.plan().isHonest(index) ? own : application.everything());
        Running started = new Running(endpoint, client, packets, new ClientDesk(simulation, this));
        running = started;
        simulation.tell(new Happening.Started(this));
        Now now = clock.at(simulation.now());
        ResumableSession kept = keepsTicket ? newestTicket : null;
        carryOut(new Input.DeadlineReached(), started.client.start(now, kept));
        watch(life);
        echo(life);
    }

    /// Ends without a word.
    void crash() {
        Running lost = running;
        if (lost != null) {
            running = null;
            ResumableSession newest = newestTicket;
            // As in the daemon's file, which follows the counts that were used.
            newestTicket = newest == null ? null : newest.after(lost.client.kept());
            lost.packets.close();
            simulation.tell(new Happening.Stopped(this));
        }
    }

    /// Ends the session with a Delete; the process goes when the caller says so.
    void stop() {
        Running current = running;
        if (current != null) {
            carryOut(new Input.DeadlineReached(), current.client.stop(clock.at(simulation.now())));
        }
    }

    /// Its address has changed.
    void moved() {
        Running current = running;
        if (current != null) {
            carryOut(new Input.DeadlineReached(), current.client.moved(clock.at(simulation.now())));
        }
    }

    /// Sends something from an inner address that is not its own.
    void spoof() {
        Running current = running;
        if (current != null) {
            application.spoof(current.packets);
        }
    }

    /// Its application has nothing to send for a while; its session stays.
    public void fallSilent() {
        application.rest();
    }

    /// Its application has something to send again.
    public void speak() {
        application.wake();
    }

    /// Its application falls silent, and its session is parked.
    void rest() {
        Running current = running;
        application.rest();
        if (current != null) {
            carryOut(new Input.DeadlineReached(), current.client.park(clock.at(simulation.now())));
        }
    }

    /// Its application goes on.
    void wake() {
        Running current = running;
        application.wake();
        if (current != null) {
            carryOut(new Input.DeadlineReached(), current.client.wake(clock.at(simulation.now())));
        }
    }

    long nextDeadline() {
        return running == null ? Long.MAX_VALUE : clock.instantOf(running.client.nextDeadline());
    }

    void onDeadline() {
        give(new Input.DeadlineReached());
    }

    void receive(Datagram datagram) {
        Running current = running;
        if (current == null) {
            return;
        }
        if (datagram.isIke()) {
            Path path = new Path(socket, datagram.from(), true);
            give(new Input.Datagram(path, datagram.ikeMessage()));
        } else {
            opening = datagram;
            current.packets.open(datagram);
            opening = null;
        }
    }

    private void deliver(MemorySegment memory, long offset, InnerPacket packet) {
        Datagram datagram = opening;
        if (datagram != null) {
            byte[] octets = memory.asSlice(offset, packet.length()).toArray(ValueLayout.JAVA_BYTE);
            simulation.tell(new Happening.InnerDelivered(this, datagram, octets));
            if (InnerPackets.readEchoReply(octets).isPresent()) {
                lastReply = simulation.now();
            }
        }
    }

    void give(Input input) {
        Running current = running;
        if (current != null) {
            carryOut(input, current.client.handle(clock.at(simulation.now()), input));
        }
    }

    private void carryOut(Input input, List<Effect> effects) {
        Running current = running;
        if (current == null) {
            return;
        }
        simulation.tell(new Happening.Handled(this, input, effects));
        for (Effect effect : effects) {
            carryOut(current, effect);
        }
    }

    private void carryOut(Running current, Effect effect) {
        switch (effect) {
            case Effect.Send s -> send(Datagram.ike(socket, s.path().remote(), s.octets()));
            case Effect.InstallChildSa install -> current.packets.install(install.installation());
            case Effect.ActivateChildSa activate ->
                    current.traffic.activate(activate.inboundSpi(), current.client::answered);
            case Effect.MoveChildSa move -> current.packets.move(move);
            case Effect.RemoveChildSa remove -> current.packets.remove(remove.inboundSpi());
            case Effect.Raise raise -> current.desk.raise(raise);
            case Effect.Emit(Event event) -> on(current, event);
            case Effect.SkipSequences skip -> current.packets.skip(skip);
            case Effect.OfStandby _, Effect.LogKeys _ -> {}
        }
    }

    private void send(Datagram datagram) {
        simulation.network().sendFromClient(this, index, datagram);
    }

    private void on(Running current, Event event) {
        if (event instanceof Event.SwitchCompleted completed) {
            moves += completed.to().equals(lastGateway) && completed.from().isEmpty() ? 0 : 1;
            lastGateway = completed.to();
            current.address = application.source(completed.innerAddresses());
        } else if (event instanceof Event.TicketReceived received) {
            newestTicket = received.session();
        }
    }

    /// What the daemon's timer does: looks for traffic without answers, and reports life.
    private void watch(int ofLife) {
        later(
                WATCH_NANOS,
                ofLife,
                current -> {
                    Now now = clock.at(simulation.now());
                    if (current.traffic.isSuspicious(now.nanos())) {
                        List<Effect> effects =
                                current.client.suspect(now, Event.Suspicion.TRAFFIC_SILENCE);
                        carryOut(new Input.DeadlineReached(), effects);
                    }
                    current.traffic.report(this::give, current.client::answered);
                    watch(ofLife);
                });
    }

    private void echo(int ofLife) {
        later(
                application.pause(),
                ofLife,
                current -> {
                    application.send(current.address, current.packets);
                    echo(ofLife);
                });
    }

    /// Does something in a while, if the process of this life still runs then.
    private void later(long nanos, int ofLife, Consumer<Running> then) {
        simulation
                .agenda()
                .in(
                        nanos,
                        () -> {
                            Running current = running;
                            if (life == ofLife && current != null) {
                                then.accept(current);
                            }
                        });
    }

    @Override
    public String toString() {
        return name();
    }

    private final class Evidence implements InboundEvidence {
        private final int ofLife;

        Evidence(int ofLife) {
            this.ofLife = ofLife;
        }

        @Override
        public void firstPacket(int inboundSpi) {
            simulation
                    .agenda()
                    .soon(() -> {
                        if (life == ofLife) {
                            give(new Input.PacketVerified(inboundSpi));
                        }
                    });
        }

        @Override
        public void peerMoved(int inboundSpi, UdpEndpoint source) {
            simulation
                    .agenda()
                    .soon(() -> {
                        Running current = running;
                        if (life == ofLife && current != null) {
                            current.packets.keepPath(inboundSpi);
                        }
                    });
        }
    }
}
