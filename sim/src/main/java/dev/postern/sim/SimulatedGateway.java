package dev.postern.sim;

import dev.postern.cluster.Shares.Range;
import dev.postern.esp.InProcessHost;
import dev.postern.esp.InboundEvidence;
import dev.postern.esp.InnerPacket;
import dev.postern.esp.InnerPackets;
import dev.postern.esp.UdpEndpoint;
import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.ike.DrainOrder;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// A gateway daemon without its threads: the production endpoint and data plane, and the glue
/// between them as `GatewayDaemon` has it.
public final class SimulatedGateway implements Party {
    private static final long EVIDENCE_NANOS = Now.NANOS_PER_SECOND;

    private static final long SEQUENCE_STEP = 16;

    private final Simulation simulation;
    private final int index;
    private final Role role;
    private final NodeClock clock = new NodeClock();
    private final TicketKeys keys;
    private final InetSocketAddress socket;
    private final InetAddress inside;
    private final InProcessHost host;
    private int life;
    private @Nullable Running running;
    private long leaseDelayNanos;
    private Version version = Version.PRESENT;
    private @Nullable Datagram opening;
    private final Incumbency incumbency;
    private boolean named;
    private int calls;

    /// Everything that a crash takes away.
    private record Running(IkeEndpoint endpoint, PacketSide packets, Desk desk) {}

    SimulatedGateway(Simulation simulation, int index, Role role, TicketKeys keys) {
        this.simulation = simulation;
        this.index = index;
        this.role = role;
        this.keys = keys;
        Terms terms = simulation.plan().terms();
        this.socket = terms.addresses().gateway(simulation.plan().front(index));
        Interior interior = new Interior(terms);
        this.inside = interior.host();
        this.host = new InProcessHost(interior.hosts(socket.getAddress()));
        this.incumbency = new Incumbency(simulation, this);
    }

    @Override
    public String name() {
        return role == Role.IMPOSTOR ? "impostor" : Domain.gatewayName(index);
    }

    @Override
    public Role role() {
        return role;
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
        return running == null ? null : running.endpoint();
    }

    NodeClock clock() {
        return clock;
    }

    TicketKeys keys() {
        return keys;
    }

    /// The TGS keys that it holds; another list whenever they change.
    public List<TgsKey> ticketKeys() {
        return keys.keys();
    }

    SeatFiles files() {
        return incumbency.files();
    }

    /// Its place in the cluster; null where it is down or there is none.
    @Nullable GridSeat seat() {
        return incumbency.seat();
    }

    boolean isInLife(int number) {
        return life == number && running != null;
    }

    long leaseDelayNanos() {
        return leaseDelayNanos;
    }

    /// How many SA pairs its data plane holds.
    public int associations() {
        return running == null ? 0 : running.packets().size();
    }

    /// How long a lease takes from now on; -1 for ever.
    void leaseDelay(long millis) {
        leaseDelayNanos = millis < 0 ? -1 : millis * 1_000_000;
    }

    /// Another version takes its place.
    ///
    /// @param handsOver whether as a standby that carries on with its IKE SAs
    void become(Version other, boolean handsOver) {
        if (handsOver && version != Version.FORMER) {
            failOver(false);
        } else {
            crash(true);
        }
        version = other;
        start();
    }

    /// Of an impostor: it has the clients' keys, and a name of its own.
    void beNamed(boolean hasName) {
        named = hasName;
    }

    Version version() {
        return version;
    }

    /// Loses power; the next start is that of another member, or of the same one again, which
    /// carries on with its IKE SAs.
    void failOver(boolean sameMember) {
        if (running != null) {
            crash(true);
            incumbency.failOver(sameMember);
        }
    }

    /// What its wall clock shows.
    long seconds() {
        return clock.at(simulation.now()).epochSeconds();
    }

    /// What its standby keeps.
    StandbyShelf standby() {
        return incumbency.standby();
    }

    /// Starts with nothing but its keys, or with what the standby has kept once it owns that.
    void start() {
        if (running == null) {
            incumbency.begin();
        }
    }

    void run() {
        life++;
        IkeEndpoint endpoint =
                new IkeEndpoint(
                        role == Role.IMPOSTOR
                                ? simulation.domain().impostor(index, keys, named)
                                : simulation.domain().gateway(index, incumbency.member(), sealer()),
                        Dice.of(simulation.plan().seed(), name() + " entropy " + life),
                        simulation.ownBugs());
        PacketSide packets =
                new PacketSide(
                        simulation.scratch(),
                        this::send,
                        this::deliver,
                        new Evidence(life),
                        UnaryOperator.identity());
        running = new Running(endpoint, packets, new Desk(simulation, this, seat(), files()));
        simulation.tell(new Happening.Started(this));
        if (role == Role.GATEWAY) {
            simulation.operator().instruct(this);
            simulation.notary().instruct(this);
        }
        reportEvidence(life);
    }

    private @Nullable TicketSealer sealer() {
        return version == Version.FORMER
                ? null
                : new VersionedSealer(simulation, this, keys, version);
    }

    /// @param proven whether its machine goes on without the process
    void crash(boolean proven) {
        incumbency.end(proven);
        Running lost = running;
        if (lost != null) {
            running = null;
            lost.packets().close();
            simulation.tell(new Happening.Stopped(this));
        }
    }

    long nextDeadline() {
        return running == null
                ? Long.MAX_VALUE
                : clock.instantOf(running.endpoint().nextDeadline());
    }

    void onDeadline() {
        give(new Input.DeadlineReached());
    }

    /// The inner addresses that it gives out.
    Range share() {
        return Desk.share(simulation.plan(), index);
    }

    void receive(Datagram datagram) {
        Running current = running;
        if (current == null) {
            return;
        }
        if (datagram.isIke()) {
            Path path = new Path(socket, datagram.from(), true);
            if (version != Version.FORMER || !datagram.isResume()) {
                give(new Input.Datagram(path, datagram.ikeMessage()));
            }
        } else {
            opening = datagram;
            current.packets().open(datagram);
            opening = null;
        }
    }

    private void deliver(MemorySegment memory, long offset, InnerPacket packet) {
        Datagram datagram = opening;
        Running current = running;
        if (datagram == null || current == null) {
            return;
        }
        byte[] octets = memory.asSlice(offset, packet.length()).toArray(ValueLayout.JAVA_BYTE);
        simulation.tell(new Happening.InnerDelivered(this, datagram, octets));
        Fault.UplinkLost lost = simulation.conditions().uplinkOf(index);
        if (lost != null && !simulation.plan().terms().has(Terms.Extra.TRANSPORT)) {
            if (lost.tells() && packet.version() == 4) {
                byte[] error = InnerPackets.unreachable(octets);
                simulation.tell(new Happening.InnerSent(this, error));
                current.packets().send(error);
            }
            return;
        }
        if (host.answer(memory, offset, packet)) {
            byte[] answer = memory.asSlice(offset, packet.length()).toArray(ValueLayout.JAVA_BYTE);
            simulation.tell(new Happening.InnerSent(this, answer));
            current.packets().seal(memory, offset, packet.length());
        }
    }

    /// The host inside sends something to each client that has an address.
    void callClients() {
        Running current = running;
        if (current != null) {
            for (InetAddress address : current.desk().held()) {
                byte[] packet =
                        InnerPackets.echoRequest(inside, address, 0, ++calls & 0xffff, new byte[0]);
                simulation.tell(new Happening.InnerSent(this, packet));
                current.packets().send(packet);
            }
        }
    }

    /// Sends its clients to the other gateways, twenty a second.
    void drain() {
        Addresses addresses = simulation.plan().terms().addresses();
        List<Backup> others = new ArrayList<>();
        for (int other = 0; other < simulation.plan().gateways(); other++) {
            if (other != index) {
                Octets address = Octets.of(addresses.gateway(other).getAddress().getAddress());
                others.add(new Backup(new GatewayList.Address(address, 0), 1, 0));
            }
        }
        give(new Input.Drain(new DrainOrder(20, 0, new AlternativeGateways(others))));
    }

    void undrain() {
        give(new Input.Undrain());
    }

    void give(Input input) {
        Running current = running;
        if (current == null) {
            return;
        }
        Now now = clock.at(simulation.now());
        List<Effect> effects = List.copyOf(current.endpoint().handle(now, input));
        simulation.tell(new Happening.Handled(this, input, effects));
        for (Effect effect : effects) {
            carryOut(current, now, effect);
        }
    }

    private void carryOut(Running current, Now now, Effect effect) {
        switch (effect) {
            case Effect.Send s -> send(Datagram.ike(socket, s.path().remote(), s.octets()));
            case Effect.InstallChildSa install -> current.packets().install(install.installation());
            case Effect.ActivateChildSa activate ->
                    current.packets().activate(activate.inboundSpi());
            case Effect.MoveChildSa move -> current.packets().move(move);
            case Effect.RemoveChildSa remove -> current.packets().remove(remove.inboundSpi());
            case Effect.Raise raise -> current.desk().raise(raise);
            case Effect.Emit(Event event) -> current.desk().see(event, now);
            case Effect.SkipSequences skip -> current.packets().skip(skip);
            case Effect.OfStandby told -> incumbency.follow(version.written(told));
            case Effect.LogKeys _ -> {}
        }
    }

    private void send(Datagram datagram) {
        simulation.network().sendFromGateway(this, datagram);
    }

    private void reportEvidence(int ofLife) {
        simulation
                .agenda()
                .in(
                        EVIDENCE_NANOS,
                        () -> {
                            Running current = running;
                            if (life == ofLife && current != null) {
                                List<Integer> living = new ArrayList<>();
                                current.packets().reportLiving(living::add);
                                living.forEach(spi -> give(new Input.PacketVerified(spi)));
                                current.packets().sequences(SEQUENCE_STEP).forEach(this::give);
                                current.packets().refused().forEach(this::give);
                                current.packets().wayward().forEach(this::give);
                                reportEvidence(ofLife);
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
                            current.packets().follow(inboundSpi, source);
                        }
                    });
        }
    }
}
