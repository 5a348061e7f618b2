package dev.postern.gateway.daemon;

import dev.postern.cluster.ClusterEvent;
import dev.postern.cluster.Ownership;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.StandbyRecords;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.Succession;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// A member's seat in a loose cluster: tells the others what it knows of its IKE SAs, and where one
/// of them is lost, calls its clients, as the one member that owns the lost one's sessions:
///
///     member lost --> acquire("sessions of NODE") --> Owned(epoch) --> records, vouchers --> Succeed(epoch)
///
/// The epoch is raised and kept in the cluster before the first packet under it. On a thread of its
/// own.
final class LooseSeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LooseSeat.class);
    private static final String THING = "sessions of ";
    private static final int HIGHEST_EPOCH = 0xffff;
    private static final long LOOK_MILLIS = 200;

    private final Ownership ownership;
    private final StandbyRecords records;
    private final KeptRecords kept;
    private final Function<String, Succession> succession;
    private final Consumer<Input> endpoint;
    private final EventLog events;
    private final Set<String> lost = new LinkedHashSet<>();
    private final Set<String> asking = new LinkedHashSet<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("loose-seat").factory());
    private volatile boolean primary;

    /// @param succession how we stand in for the node of this name
    /// @param endpoint where inputs go; none is lost
    LooseSeat(
            Ownership ownership,
            StandbyRecords records,
            Function<String, Succession> succession,
            Consumer<Input> endpoint,
            EventLog events,
            boolean primary) {
        this.ownership = ownership;
        this.records = records;
        this.kept = new KeptRecords(records);
        this.succession = succession;
        this.endpoint = endpoint;
        this.events = events;
        this.primary = primary;
    }

    void start() {
        thread.scheduleWithFixedDelay(
                this::pursue, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// What this member hears of the others, on the cluster's thread.
    void on(ClusterEvent event) {
        switch (event) {
            case ClusterEvent.MemberJoined joined ->
                    later(() -> lost.remove(joined.member().node()));
            case ClusterEvent.MemberLost gone -> later(() -> lose(gone.member().node()));
            case ClusterEvent.MemberLeft left -> later(() -> lose(left.member().node()));
            case ClusterEvent.MemberDead(String node) -> later(() -> lose(node));
            case ClusterEvent.ViewChanged changed -> {
                primary = changed.primary();
                later(this::pursue);
            }
        }
    }

    private void lose(String node) {
        lost.add(node);
        pursue();
    }

    private void pursue() {
        for (String node : List.copyOf(lost)) {
            if (primary && asking.add(node)) {
                ownership.acquire(THING + node, outcome -> later(() -> judge(node, outcome)));
            }
        }
    }

    private void judge(String node, Outcome outcome) {
        asking.remove(node);
        if (!lost.contains(node)) {
            return;
        }
        switch (outcome) {
            case Outcome.Owned(long epoch) when epoch <= HIGHEST_EPOCH -> {
                lost.remove(node);
                succeed(node, (int) epoch);
            }
            case Outcome.Owned(long epoch) -> {
                lost.remove(node);
                LOG.error(
                        "the sessions of {} have changed hands {} times and cannot any more, legal"
                                + " is up to {}: its clients come by themselves",
                        node,
                        epoch,
                        HIGHEST_EPOCH);
            }
            case Outcome.Refused _ -> lost.remove(node);
            case Outcome.Unavailable _ -> {}
        }
    }

    private void succeed(String node, int epoch) {
        Succession how = succession.apply(node);
        events.line("standing-in", "for", node, "epoch", epoch, "vouchers", how.vouchers().size());
        if (how.vouchers().isEmpty()) {
            LOG.warn("{} has not vouched for us: its clients come by themselves", node);
            return;
        }
        records.takeAll(
                node,
                part -> {
                    if (part.isEmpty()) {
                        records.dropTaken(node);
                    } else {
                        endpoint.accept(new Input.Succeed(KeptRecords.readable(part), epoch, how));
                    }
                });
    }

    /// Tells the other members what they need of an IKE SA. On the endpoint's thread.
    void keep(Effect.OfStandby told) {
        kept.keep(told);
    }

    private void later(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException ended) {
            LOG.debug("the gateway ends");
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("a lost member's clients are not called: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
