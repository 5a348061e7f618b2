package dev.postern.sim;

import dev.postern.cluster.LeasePermits;
import dev.postern.cluster.PoolLeases;
import dev.postern.cluster.Shares.Range;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.Now;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// What one life of a gateway answers its endpoint: inner addresses, by the production leases and
/// as far as its cluster permits, and the session store. Answers take their time, or never come.
/// The lease file has every change at once, where that of the daemon is up to three seconds behind.
final class Desk {
    private static final long STORE_NANOS = 2 * Now.NANOS_PER_MILLI;
    private static final int FIRST_HOST = 2;

    private final Simulation simulation;
    private final SimulatedGateway gateway;
    private final int life;
    private final @Nullable GridSeat seat;
    private final LeasePermits permits;
    private final PoolLeases leases;
    private final SeatFiles files;
    private final AaaDesk aaa;
    private final Map<Long, List<InetAddress>> held = new HashMap<>();

    Desk(
            Simulation simulation,
            SimulatedGateway gateway,
            @Nullable GridSeat seat,
            SeatFiles files) {
        this.simulation = simulation;
        this.gateway = gateway;
        this.life = gateway.life();
        this.seat = seat;
        this.permits = seat == null ? LeasePermits.ALL : seat.leases();
        this.files = files;
        this.aaa = new AaaDesk(simulation, gateway);
        Plan plan = simulation.plan();
        int all = plan.gateways() * plan.alliance().addresses();
        this.leases = new PoolLeases(range(0, all), share(plan, gateway.index()));
        files.reservations().forEach(leases::restore);
    }

    static Range share(Plan plan, int gateway) {
        int count = plan.alliance().addresses();
        return range(gateway * count, count);
    }

    static List<InetAddress> addresses(Plan plan, int gateway) {
        int count = plan.alliance().addresses();
        return IntStream.range(gateway * count, (gateway + 1) * count)
                .mapToObj(host -> Interior.pool(FIRST_HOST + host))
                .toList();
    }

    private static Range range(int first, int count) {
        return new Range(
                Interior.pool(FIRST_HOST + first), Interior.pool(FIRST_HOST + first + count - 1));
    }

    /// The inner addresses of its clients, in order.
    List<InetAddress> held() {
        return held.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> entry.getValue().stream())
                .distinct()
                .toList();
    }

    private boolean isOver() {
        return !gateway.isInLife(life);
    }

    void see(Event event, Now now) {
        if (event instanceof Event.IkeSaEstablished established) {
            for (InetAddress address : established.innerAddresses()) {
                leases.hold(
                        address,
                        established.handle(),
                        established.sessionId(),
                        established.peer(),
                        now.nanos());
            }
            held.put(established.handle(), established.innerAddresses());
            Contender contender = seat == null ? null : seat.contender();
            if (contender != null && established.origin() == Event.Origin.TAKEN_OVER) {
                contender.taken(established.innerAddresses());
            }
            files.reservations(leases.reservations());
        } else if (event instanceof Event.IkeSaClosed closed) {
            List<InetAddress> addresses = held.remove(closed.handle());
            if (addresses != null) {
                permits.released(
                        addresses.stream()
                                .filter(each -> leases.release(each, closed.handle()))
                                .toList());
                files.reservations(leases.reservations());
            }
        }
    }

    void raise(Effect.Raise raise) {
        switch (raise.ask()) {
            case Ask.LeaseAddresses _ when gateway.leaseDelayNanos() < 0 -> {}
            case Ask.LeaseAddresses ask ->
                    simulation
                            .agenda()
                            .in(
                                    gateway.leaseDelayNanos(),
                                    () -> {
                                        if (!isOver()) {
                                            lease(raise.askId(), ask);
                                        }
                                    });
            case Ask.OfStore ask -> askStore(raise.askId(), ask);
            case Ask.EapToServer ask -> aaa.ask(raise.askId(), ask);
            case Ask.EapToPeer _,
                    Ask.LookUpGateways _,
                    Ask.LookUpRevocation _,
                    Ask.OfTicketService _,
                    Ask.VerifyVouchers _ ->
                    throw new IllegalStateException("a gateway asks " + raise.ask());
        }
    }

    private void lease(long askId, Ask.LeaseAddresses ask) {
        long nanos = gateway.clock().at(simulation.now()).nanos();
        InetAddress rested = leases.rested(ask.sessionId(), ask.identity(), nanos, permits);
        List<InetAddress> resting =
                rested == null || ask.wanted().contains(rested) ? List.of() : List.of(rested);
        Runnable then =
                () -> {
                    if (!isOver()) {
                        gateway.give(new Input.Answered(askId, leased(ask)));
                    }
                };
        if (permits.prepare(ask.wanted(), resting, then)) {
            then.run();
        }
    }

    private Answer leased(Ask.LeaseAddresses ask) {
        if (simulation.conditions().poolsAreExhausted()) {
            return new Answer.AddressesRefused();
        }
        InetAddress address =
                leases.lease(
                        ask.sessionId(),
                        ask.identity(),
                        ask.wanted(),
                        ask.predecessor(),
                        gateway.clock().at(simulation.now()).nanos(),
                        permits);
        return address == null
                ? new Answer.AddressesRefused()
                : new Answer.AddressesLeased(List.of(address), List.of());
    }

    /// The store is one for all gateways of a site, as consistent as a replicated one; its answer
    /// takes the time that the network to it takes. In a cluster a side that is not primary can say
    /// nothing.
    private void askStore(long askId, Ask.OfStore ask) {
        Fault.SlowStore fault = simulation.conditions().store();
        long seconds = gateway.clock().at(simulation.now()).epochSeconds();
        if (fault == null) {
            answer(askId, STORE_NANOS, () -> ofStore(ask, seconds));
        } else if (fault.unavailable()) {
            answer(askId, STORE_NANOS, Answer.StoreUnavailable::new);
        } else {
            // What is asked happens, even where its answer comes late or never.
            Answer answer = ofStore(ask, seconds);
            if (fault.delayMillis() != Fault.NEVER) {
                answer(askId, fault.delayMillis() * Now.NANOS_PER_MILLI, () -> answer);
            }
        }
    }

    private Answer ofStore(Ask.OfStore ask, long seconds) {
        if (seat != null && !seat.isPrimary()) {
            return new Answer.StoreUnavailable();
        }
        int site = simulation.plan().siteOf(gateway.index());
        Answer answer = Answer.of(simulation.store(site), ask, seconds);
        SiteSeat sites = seat == null ? null : seat.sites();
        if (sites != null && sites.isCatchingUp() && answer instanceof Answer.SessionUnknown) {
            return new Answer.StoreUnavailable();
        }
        simulation.bridge().stored(site, ask.reference());
        if (ask instanceof Ask.RaiseSwitchCount raised
                && answer instanceof Answer.SwitchCountRaised) {
            simulation.tell(new Happening.SwitchCountRaised(gateway, raised));
        }
        return answer;
    }

    private void answer(long askId, long delayNanos, Supplier<Answer> answer) {
        simulation
                .agenda()
                .in(
                        delayNanos,
                        () -> {
                            if (!isOver()) {
                                gateway.give(new Input.Answered(askId, answer.get()));
                            }
                        });
    }
}
