package dev.postern.sim.scale;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.failover.FailoverClient;
import dev.postern.ike.failover.GatewayCandidate;
import dev.postern.ike.failover.TrafficWatch;
import dev.postern.wire.ExchangeType;

import java.util.List;

/// A client's [FailoverClient] and endpoint of production. Its packets are counted, not sealed: a
/// gateway that serves it answers them, one that is gone does not.
final class RealClient {
    /// How often life is reported to its endpoint while packets are answered.
    private static final long REPORT_NANOS = Now.NANOS_PER_SECOND;

    private static final long WATCH_NANOS = Population.WATCH_MILLIS * Now.NANOS_PER_MILLI;
    private static final long NEVER = Long.MAX_VALUE;

    private final RealRun run;
    private final int number;
    private final FailoverClient client;
    private final TrafficWatch watch;
    private final Alarm alarm;
    private int activeSpi;

    /// Since when nobody answers its packets.
    private long cutOffAt = NEVER;

    private boolean affected;
    private boolean back;
    private int attempts;

    RealClient(RealRun run, int number) {
        this.run = run;
        this.number = number;
        this.client = run.domain().client(number);
        this.watch = new TrafficWatch(run.parameters().silenceMillis() * Now.NANOS_PER_MILLI);
        this.alarm = new Alarm(run.agenda(), () -> handle(new Input.DeadlineReached()));
    }

    /// Connects with its own gateway.
    void start() {
        carryOut(client.start(run.now(), null));
        if (run.population().isActive(number)) {
            look();
        }
    }

    /// The gateway that serves it, or is to; -1 for none.
    int gateway() {
        GatewayCandidate current = client.currentGateway();
        return current == null ? -1 : RealDomain.gatewayAt(current.path().remote());
    }

    /// Its gateway is gone. It does not know.
    void cutOff() {
        affected = true;
        run.result().affected();
        cutOffAt = run.agenda().now();
        if (run.population().isActive(number)) {
            long answered = packets(cutOffAt - run.halfRoundTrip());
            watch.isSuspicious(run.now().nanos(), answered, answered);
            long tick = run.population().untilWatch(number) * Now.NANOS_PER_MILLI;
            run.agenda().in(tick, this::watch);
        }
    }

    boolean isConnected() {
        return client.currentGateway() != null && cutOffAt == NEVER;
    }

    void receive(int gateway, byte[] octets) {
        handle(new Input.Datagram(RealDomain.pathOfClient(number, gateway), octets));
    }

    private void handle(Input input) {
        carryOut(client.handle(run.now(), input));
    }

    private void carryOut(List<Effect> effects) {
        for (Effect effect : List.copyOf(effects)) {
            switch (effect) {
                case Effect.Send send -> send(send);
                case Effect.ActivateChildSa(int inboundSpi) -> activeSpi = inboundSpi;
                case Effect.Emit(Event event) -> on(event);
                case Effect.Raise raise ->
                        throw new IllegalStateException("a client asks " + raise.ask());
                case Effect.InstallChildSa _,
                        Effect.MoveChildSa _,
                        Effect.RemoveChildSa _,
                        Effect.SkipSequences _,
                        Effect.OfStandby _,
                        Effect.LogKeys _ -> {}
            }
        }
        alarm.at(run.instantOf(client.nextDeadline()));
    }

    private void send(Effect.Send send) {
        if (isAway()) {
            if (RealGateway.exchange(send.octets()) == ExchangeType.INFORMATIONAL.code()) {
                run.result().checked(1);
            } else {
                run.result().sent();
            }
        }
        int gateway = RealDomain.gatewayAt(send.path().remote());
        run.toGateway(gateway, number, send.octets());
    }

    private boolean isAway() {
        return affected && !back;
    }

    private void on(Event event) {
        switch (event) {
            case Event.SwitchStarted _ -> attempts++;
            case Event.SwitchCompleted completed -> served(completed);
            case Event.RetryScheduled _ when isAway() -> run.result().roundFailed();
            case Event.IkeSaClosed closed
                    when isAway() && closed.reason() == Event.CloseReason.PEER_UNRESPONSIVE ->
                    run.result().gaveUp();
            default -> {}
        }
    }

    private void served(Event.SwitchCompleted completed) {
        boolean wasCutOff = cutOffAt != NEVER;
        cutOffAt = NEVER;
        if (isAway()) {
            back = true;
            boolean resumed = completed.origin() == Event.Origin.RESUMED_1RTT;
            run.result().recovered(run.modelMillis(), gateway(), attempts, resumed);
        }
        if (!affected) {
            attempts = 0;
        }
        if (wasCutOff && run.population().isActive(number)) {
            look();
        }
    }

    /// Packets that it has sent until then.
    private long packets(long instant) {
        long first = run.failureAt() + run.population().untilPacket(number) * Now.NANOS_PER_MILLI;
        return Math.floorDiv(
                instant - first, run.parameters().packetMillis() * Now.NANOS_PER_MILLI);
    }

    /// As long as packets are answered, it is enough to say so now and then.
    private void look() {
        if (cutOffAt != NEVER) {
            return;
        }
        if (isConnected() && activeSpi != 0) {
            long all = packets(run.agenda().now());
            watch.isSuspicious(run.now().nanos(), all, all);
            handle(new Input.PacketVerified(activeSpi));
            client.answered(activeSpi);
        }
        run.agenda().in(REPORT_NANOS, this::look);
    }

    /// What the daemon's timer does: looks for packets without answers.
    private void watch() {
        if (cutOffAt == NEVER) {
            return;
        }
        Now now = run.now();
        long answered = packets(cutOffAt - run.halfRoundTrip());
        if (watch.isSuspicious(now.nanos(), packets(run.agenda().now()), answered)) {
            carryOut(client.suspect(now, Event.Suspicion.TRAFFIC_SILENCE));
        }
        run.agenda().in(WATCH_NANOS, this::watch);
    }
}
