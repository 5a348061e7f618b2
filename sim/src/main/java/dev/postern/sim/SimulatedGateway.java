package dev.postern.sim;

import dev.postern.esp.InProcessHost;
import dev.postern.esp.InboundEvidence;
import dev.postern.esp.InnerPacket;
import dev.postern.esp.Selector;
import dev.postern.esp.UdpEndpoint;
import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.DrainOrder;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// A gateway daemon without its threads: the production endpoint and data plane, and the glue
/// between them as `GatewayDaemon` has it.
public final class SimulatedGateway implements Party {
    private static final long STORE_NANOS = 2 * Now.NANOS_PER_MILLI;
    private static final long EVIDENCE_NANOS = Now.NANOS_PER_SECOND;

    /// Members of a cluster are so many numbers apart.
    private static final int MEMBERS = 16;

    private static final long SEQUENCE_STEP = 16;

    private final Simulation simulation;
    private final int index;
    private final Role role;
    private final NodeClock clock = new NodeClock();
    private final TicketKeys keys;
    private final InProcessHost host = new InProcessHost(List.of(Selector.host(Addresses.INSIDE)));
    private int life;
    private @Nullable Running running;
    private long leaseDelayNanos;
    private boolean older;
    private @Nullable Datagram opening;
    private int member;
    private int epoch;
    private boolean failsOver;
    private final StandbyShelf standby;

    /// Everything that a crash takes away.
    private record Running(IkeEndpoint endpoint, PacketSide packets, Leases leases) {}

    SimulatedGateway(Simulation simulation, int index, Role role, TicketKeys keys) {
        this.simulation = simulation;
        this.index = index;
        this.role = role;
        this.keys = keys;
        this.member = index + 1;
        this.standby = new StandbyShelf(simulation.agenda());
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

    /// How many SA pairs its data plane holds.
    public int associations() {
        return running == null ? 0 : running.packets().size();
    }

    /// How long a lease takes from now on; -1 for ever.
    void leaseDelay(long millis) {
        leaseDelayNanos = millis < 0 ? -1 : millis * 1_000_000;
    }

    /// Whether it runs a version that knows nothing of resumption; takes effect with the next
    /// start.
    void beOlder(boolean isOlder) {
        older = isOlder;
    }

    boolean isOlder() {
        return older;
    }

    /// Loses power; the next start is that of another member, or of the same one again, which
    /// carries on with its IKE SAs.
    void failOver(boolean sameMember) {
        if (running != null) {
            crash();
            member += sameMember ? 0 : MEMBERS;
            member = member > 255 ? index + 1 : member;
            failsOver = true;
        }
    }

    /// What its wall clock shows.
    long seconds() {
        return clock.at(simulation.now()).epochSeconds();
    }

    /// What its standby keeps.
    StandbyShelf standby() {
        return standby;
    }

    /// Starts with nothing but its keys, or with what the standby has kept.
    void start() {
        if (running != null) {
            return;
        }
        if (!failsOver) {
            standby.clear();
        }
        run();
        if (failsOver) {
            failsOver = false;
            epoch++;
            give(new Input.TakeOver(standby.records(), epoch));
        }
    }

    private void run() {
        life++;
        IkeEndpoint endpoint =
                new IkeEndpoint(
                        role == Role.IMPOSTOR
                                ? simulation.domain().impostor(index, keys)
                                : simulation.domain().gateway(index, member, older ? null : keys),
                        Dice.of(simulation.plan().seed(), name() + " entropy " + life),
                        simulation.ownBugs());
        PacketSide packets =
                new PacketSide(
                        simulation.scratch(),
                        datagram -> simulation.network().sendFromGateway(this, datagram),
                        this::deliver,
                        new Evidence(life));
        running = new Running(endpoint, packets, new Leases(index, simulation.plan().gateways()));
        simulation.tell(new Happening.Started(this));
        if (role == Role.GATEWAY) {
            simulation.operator().instruct(this);
            simulation.notary().instruct(this);
        }
        reportEvidence(life);
    }

    void crash() {
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

    void receive(Datagram datagram) {
        Running current = running;
        if (current == null) {
            return;
        }
        if (datagram.isIke()) {
            Path path = new Path(Addresses.gateway(index), datagram.from(), true);
            if (!(older && datagram.isResume())) {
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
        if (host.answer(memory, offset, packet)) {
            byte[] answer = memory.asSlice(offset, packet.length()).toArray(ValueLayout.JAVA_BYTE);
            simulation.tell(new Happening.InnerSent(this, answer));
            current.packets().seal(memory, offset, packet.length());
        }
    }

    /// Sends its clients to the other gateways, twenty a second.
    void drain() {
        List<Backup> others = new ArrayList<>();
        for (int other = 0; other < simulation.plan().gateways(); other++) {
            if (other != index) {
                Octets address = Octets.of(Addresses.gateway(other).getAddress().getAddress());
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
            case Effect.Send send ->
                    simulation
                            .network()
                            .sendFromGateway(
                                    this,
                                    Datagram.ike(
                                            Addresses.gateway(index),
                                            send.path().remote(),
                                            send.octets()));
            case Effect.InstallChildSa install -> current.packets().install(install.installation());
            case Effect.ActivateChildSa activate ->
                    current.packets().activate(activate.inboundSpi());
            case Effect.MoveChildSa move -> current.packets().move(move);
            case Effect.RemoveChildSa remove -> current.packets().remove(remove.inboundSpi());
            case Effect.Raise raise -> raise(current, raise);
            case Effect.Emit(Event.IkeSaEstablished established) ->
                    current.leases()
                            .hold(
                                    established.handle(),
                                    established.sessionId(),
                                    established.innerAddresses(),
                                    now.nanos());
            case Effect.Emit(Event.IkeSaClosed closed) -> current.leases().release(closed.handle());
            case Effect.SkipSequences skip -> current.packets().skip(skip);
            case Effect.OfStandby told -> {
                int then = life;
                standby.follow(told, () -> life == then && running != null);
            }
            case Effect.Emit _, Effect.LogKeys _ -> {}
        }
    }

    /// Questions of EAP do not come up: nobody here uses it.
    private void raise(Running current, Effect.Raise raise) {
        switch (raise.ask()) {
            case Ask.LeaseAddresses ask when leaseDelayNanos >= 0 ->
                    answer(raise.askId(), leaseDelayNanos, () -> lease(current, ask));
            case Ask.OfStore ask -> askStore(raise.askId(), ask);
            default -> {}
        }
    }

    private Answer lease(Running current, Ask.LeaseAddresses ask) {
        return simulation.conditions().poolsAreExhausted()
                ? new Answer.AddressesRefused()
                : current.leases().lease(ask, clock.at(simulation.now()).nanos());
    }

    /// The store is one for all gateways, as consistent as a replicated one that survives them; its
    /// answer takes the time that the network to it takes.
    private void askStore(long askId, Ask.OfStore ask) {
        Fault.SlowStore fault = simulation.conditions().store();
        long seconds = clock.at(simulation.now()).epochSeconds();
        if (fault == null) {
            answer(askId, STORE_NANOS, () -> Answer.of(simulation.store(), ask, seconds));
        } else if (fault.unavailable()) {
            answer(askId, STORE_NANOS, Answer.StoreUnavailable::new);
        } else {
            // What is asked happens, even where its answer comes late or never.
            Answer answer = Answer.of(simulation.store(), ask, seconds);
            if (fault.delayMillis() != Fault.NEVER) {
                answer(askId, fault.delayMillis() * Now.NANOS_PER_MILLI, () -> answer);
            }
        }
    }

    private void answer(long askId, long delayNanos, Supplier<Answer> answer) {
        int then = life;
        simulation
                .agenda()
                .in(
                        delayNanos,
                        () -> {
                            if (life == then && running != null) {
                                give(new Input.Answered(askId, answer.get()));
                            }
                        });
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
