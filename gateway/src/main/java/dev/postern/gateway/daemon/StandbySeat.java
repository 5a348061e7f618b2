package dev.postern.gateway.daemon;

import dev.postern.cluster.ClusterEvent;
import dev.postern.cluster.LeasePermits;
import dev.postern.cluster.Ownership;
import dev.postern.cluster.Ownership.Held;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.SessionTakeover;
import dev.postern.cluster.StandbyConduct;
import dev.postern.cluster.StandbyRecords;
import dev.postern.cluster.StandbyRole;
import dev.postern.cluster.TakenLeases;
import dev.postern.cluster.View;
import dev.postern.ike.Effect;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// A member's seat behind addresses that the cluster shares: [StandbyConduct] on a thread of its
/// own, and what the log says of it.
final class StandbySeat implements StandbyConduct.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StandbySeat.class);

    private final StandbyConduct conduct;
    private final StandbyRecords records;
    private final KeptRecords kept;
    private final SharedAddresses addresses;
    private final EventLog events;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("standby-seat").factory());
    private volatile View view;
    private volatile boolean primary;
    private volatile boolean started;

    /// @param members names of all nodes that share the addresses, our own first
    /// @param permits which of the inner addresses that come with a takeover are noted as ours
    /// @param view as it is now; [#on] tells of changes
    StandbySeat(
            StandbyRole role,
            List<String> members,
            Ownership ownership,
            StandbyRecords records,
            SharedAddresses addresses,
            StandbyConduct.Endpoint endpoint,
            LeasePermits permits,
            EventLog events,
            View view,
            boolean primary) {
        this.records = records;
        this.kept = new KeptRecords(records);
        this.addresses = addresses;
        this.events = events;
        this.view = view;
        this.primary = primary;
        this.conduct =
                new StandbyConduct(
                        role,
                        members,
                        new StandbyConduct.Means(
                                ownership,
                                this::answered,
                                records,
                                addresses,
                                endpoint,
                                new TakenLeases(permits, this::later, StandbySeat::unnoted)),
                        this);
    }

    /// Begins to look; nothing is served before.
    void start() {
        started = true;
        thread.scheduleWithFixedDelay(
                () -> guarded(this::look), 0, StandbyConduct.LOOK_NANOS, TimeUnit.NANOSECONDS);
    }

    /// What this member hears of the others, on the cluster's thread.
    void on(ClusterEvent event) {
        if (event instanceof ClusterEvent.ViewChanged changed) {
            view = changed.view();
            primary = changed.primary();
            if (started) {
                later(this::look);
            }
        }
    }

    /// Under which epoch this member serves; 0 where it is a standby. For any thread.
    int epoch() {
        return conduct.epoch();
    }

    /// Whether another member serves, or nobody yet. For any thread.
    boolean standsBy() {
        return epoch() == 0 && !thread.isShutdown();
    }

    /// Whether the IKE SAs of the member before us are all here. For any thread.
    boolean isSettled() {
        return conduct.isSettled();
    }

    /// Whether a message for the shared addresses may come in. For any thread.
    ///
    /// @param held whether the message belongs to an IKE SA that stands here
    boolean admits(BooleanSupplier held) {
        return conduct.admits(held);
    }

    StandbyRecords records() {
        return records;
    }

    /// Who has the addresses as far as is known here; null for nobody.
    @Nullable Held owner() {
        return conduct.owner();
    }

    /// Tells the other members what they need of an IKE SA. On the endpoint's thread.
    void keep(Effect.OfStandby told) {
        kept.keep(told);
    }

    /// Inner addresses came with a takeover. For any thread.
    void taken(Collection<InetAddress> innerAddresses) {
        later(() -> conduct.taken(innerAddresses));
    }

    private void look() {
        conduct.look(System.nanoTime(), view, primary);
    }

    private void answered(Outcome outcome) {
        later(() -> conduct.judged(System.nanoTime(), outcome));
    }

    @Override
    public void active(int epoch, String after) {
        events.line("standby-active", "epoch", epoch, "after", after);
    }

    @Override
    public void settled(SessionTakeover takeover, long now) {
        events.line(
                "takeover-completed",
                "epoch",
                takeover.epoch(),
                "taken",
                takeover.taken(),
                "refused",
                takeover.refused(),
                "millis",
                takeover.millis(now));
    }

    @Override
    public void passive(String reason) {
        events.line("standby-passive", "reason", reason);
    }

    @Override
    public void troubled(String what, IOException why) {
        LOG.error("{}: {}", what, why.getMessage());
    }

    @Override
    public void exhausted(long epoch) {
        LOG.error(
                "the shared addresses have changed hands {} times and cannot any more, legal is up"
                        + " to {}: restart all members of the cluster",
                epoch,
                StandbyRole.HIGHEST_EPOCH);
    }

    private static void unnoted(List<InetAddress> addresses) {
        LOG.error(
                "the cluster does not note that {} inner addresses are here, which came with a"
                        + " takeover: another member may give them to somebody else: {}",
                addresses.size(),
                addresses.stream()
                        .map(InetAddress::getHostAddress)
                        .collect(Collectors.joining(", ")));
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
        } catch (RuntimeException bug) {
            // An exception would end the looks for good.
            LOG.error("the seat behind the shared addresses failed; a bug in Postern", bug);
        }
    }

    /// Hands the addresses and the clients on to the next member. Before the endpoint ends.
    @Override
    public void close() {
        later(() -> conduct.end(System.nanoTime()));
        thread.shutdown();
        try {
            if (!thread.awaitTermination(15, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        addresses.close();
    }
}
