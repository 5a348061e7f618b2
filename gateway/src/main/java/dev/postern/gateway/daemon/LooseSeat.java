package dev.postern.gateway.daemon;

import dev.postern.cluster.ClusterEvent;
import dev.postern.cluster.LooseConduct;
import dev.postern.cluster.Ownership;
import dev.postern.cluster.StandbyRecords;
import dev.postern.cluster.StandbyRecords.Snapshot;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.Succession;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// A member's seat in a loose cluster: tells the others what it knows of its IKE SAs, and where one
/// of them is lost, calls its clients, as the one member that owns the lost one's sessions:
/// [LooseConduct] on a thread of its own, and what the log says of it.
final class LooseSeat implements LooseConduct.Successor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LooseSeat.class);

    private final LooseConduct conduct;
    private final KeptRecords kept;
    private final Function<String, Succession> succession;
    private final Consumer<Input> endpoint;
    private final EventLog events;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("loose-seat").factory());

    /// @param succession how we stand in for the node of this name
    /// @param endpoint where inputs go; none is lost
    LooseSeat(
            Ownership ownership,
            StandbyRecords records,
            Function<String, Succession> succession,
            Consumer<Input> endpoint,
            EventLog events,
            boolean primary) {
        this.kept = new KeptRecords(records);
        this.succession = succession;
        this.endpoint = endpoint;
        this.events = events;
        this.conduct =
                new LooseConduct(
                        ownership,
                        (node, outcome) -> later(conduct -> conduct.judged(node, outcome)),
                        records,
                        this,
                        primary);
    }

    void start() {
        thread.scheduleWithFixedDelay(
                () -> guarded(LooseConduct::look),
                LooseConduct.LOOK_NANOS,
                LooseConduct.LOOK_NANOS,
                TimeUnit.NANOSECONDS);
    }

    /// What this member hears of the others, on the cluster's thread.
    void on(ClusterEvent event) {
        later(conduct -> conduct.on(event));
    }

    @Override
    public @Nullable Consumer<List<Snapshot>> standIn(String node, int epoch) {
        Succession how = succession.apply(node);
        events.line("standing-in", "for", node, "epoch", epoch, "vouchers", how.vouchers().size());
        if (how.vouchers().isEmpty()) {
            LOG.warn("{} has not vouched for us: its clients come by themselves", node);
            return null;
        }
        return part -> endpoint.accept(new Input.Succeed(KeptRecords.readable(part), epoch, how));
    }

    @Override
    public void exhausted(String node, long epoch) {
        LOG.error(
                "the sessions of {} have changed hands {} times and cannot any more, legal is up to"
                        + " {}: its clients come by themselves",
                node,
                epoch,
                LooseConduct.HIGHEST_EPOCH);
    }

    /// Tells the other members what they need of an IKE SA. On the endpoint's thread.
    void keep(Effect.OfStandby told) {
        kept.keep(told);
    }

    private void later(Consumer<LooseConduct> task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException ended) {
            LOG.debug("the gateway ends");
        }
    }

    private void guarded(Consumer<LooseConduct> task) {
        try {
            task.accept(conduct);
        } catch (RuntimeException e) {
            // An exception would end the looks for good.
            LOG.error("a lost member's clients are not called: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
