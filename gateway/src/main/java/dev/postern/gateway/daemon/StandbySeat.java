package dev.postern.gateway.daemon;

import dev.postern.cluster.ClusterEvent;
import dev.postern.cluster.Ownership;
import dev.postern.cluster.Ownership.Held;
import dev.postern.cluster.StandbyRecords;
import dev.postern.cluster.StandbyRole;
import dev.postern.cluster.StandbyRole.Action;
import dev.postern.cluster.StandbyRole.Step;
import dev.postern.cluster.View;
import dev.postern.ike.Effect;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// A member's seat behind addresses that the cluster shares: carries out what [StandbyRole]
/// decides, on a thread of its own.
///
///     owner lost --> acquire --> Owned(epoch) --> addresses, announcements --> records --> TakeOver(epoch)
///     epoch gone, not primary --> gate closed --> StandDown --> addresses away
///
/// The epoch is raised and kept in the cluster before the addresses move, and before the first
/// packet under it.
final class StandbySeat implements AutoCloseable {
    static final String THING = "shared addresses";

    private static final Logger LOG = LoggerFactory.getLogger(StandbySeat.class);
    private static final long LOOK_MILLIS = 200;
    private static final long RENEW_NANOS = 500_000_000L;

    /// After the takeover, in looks: hosts that were busy, and the lost member's last words.
    private static final Set<Integer> ANNOUNCED_AT = Set.of(5, 10, 20, 50);

    /// The control plane behind the seat.
    interface Endpoint extends SessionTakeover.Successor {
        /// Ends all that is protected, without a word, and returns when that is done.
        void standDown();
    }

    private final StandbyRole role;
    private final List<String> members;
    private final Ownership ownership;
    private final StandbyRecords records;
    private final KeptRecords kept;
    private final SharedAddresses addresses;
    private final Endpoint endpoint;
    private final TakenLeases leases;
    private final EventLog events;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("standby-seat").factory());
    private volatile View view;
    private volatile boolean primary;
    private volatile int epoch;
    private volatile boolean started;
    private volatile @Nullable SessionTakeover takeover;
    private String lastOwner = "";
    private long renewedAt;
    private int looks;

    /// @param members names of all nodes that share the addresses, our own first
    /// @param view as it is now; [#on] tells of changes
    StandbySeat(
            StandbyRole role,
            List<String> members,
            Ownership ownership,
            StandbyRecords records,
            SharedAddresses addresses,
            Endpoint endpoint,
            TakenLeases leases,
            EventLog events,
            View view,
            boolean primary) {
        this.role = role;
        this.members = List.copyOf(members);
        this.ownership = ownership;
        this.records = records;
        this.kept = new KeptRecords(records);
        this.addresses = addresses;
        this.endpoint = endpoint;
        this.leases = leases;
        this.events = events;
        this.view = view;
        this.primary = primary;
    }

    /// Begins to look; nothing is served before.
    void start() {
        started = true;
        thread.scheduleWithFixedDelay(
                () -> guarded(this::look), 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
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
        return epoch;
    }

    /// Whether another member serves, or nobody yet. For any thread.
    boolean standsBy() {
        return epoch == 0 && !thread.isShutdown();
    }

    /// Whether the IKE SAs of the member before us are all here. For any thread.
    boolean isSettled() {
        return takeover == null;
    }

    StandbyRecords records() {
        return records;
    }

    /// Who has the addresses as far as is known here; null for nobody.
    @Nullable Held owner() {
        return ownership.heldHere(THING);
    }

    /// Tells the other members what they need of an IKE SA. On the endpoint's thread.
    void keep(Effect.OfStandby told) {
        kept.keep(told);
    }

    /// Inner addresses came with a takeover.
    TakenLeases leases() {
        return leases;
    }

    private void look() {
        Held held = owner();
        if (held != null) {
            lastOwner = held.node();
        }
        step(new Step.Look(view, primary, held));
        if (role.epoch() != 0) {
            tend();
        }
    }

    private void step(Step step) {
        for (Action action : role.handle(System.nanoTime(), step)) {
            carryOut(action);
        }
    }

    private void carryOut(Action action) {
        switch (action) {
            case Action.Acquire _ ->
                    ownership.acquire(
                            THING, outcome -> later(() -> step(new Step.Judged(outcome))));
            case Action.Serve(int next) -> serve(next);
            case Action.StandDown(String reason) -> standDown(reason);
            case Action.Release _ -> {
                records.flush();
                ownership.release(THING);
            }
            case Action.Discard _ -> records.clear();
            case Action.Exhausted(long last) ->
                    LOG.error(
                            "the shared addresses have changed hands {} times and cannot any more,"
                                    + " legal is up to {}: restart all members of the cluster",
                            last,
                            StandbyRole.HIGHEST_EPOCH);
        }
    }

    private void serve(int next) {
        try {
            addresses.raise(next);
        } catch (IOException e) {
            LOG.error("the shared addresses cannot be had: {}", e.getMessage());
            lower();
            step(new Step.Failed());
            return;
        }
        long now = System.nanoTime();
        renewedAt = now;
        looks = 0;
        SessionTakeover begun = new SessionTakeover(records, endpoint, next, inOrder(), now);
        takeover = begun;
        begun.announce();
        epoch = next;
        events.line("standby-active", "epoch", next, "after", lastOwner);
        begun.begin();
    }

    /// The last owner's records are the newest.
    private List<String> inOrder() {
        Set<String> nodes = new LinkedHashSet<>();
        if (!lastOwner.isEmpty()) {
            nodes.add(lastOwner);
        }
        nodes.addAll(members);
        return new ArrayList<>(nodes);
    }

    /// While this member serves.
    private void tend() {
        long now = System.nanoTime();
        SessionTakeover begun = takeover;
        boolean done = begun != null && begun.isDone();
        if (begun != null && done) {
            takeover = null;
            begun.finish();
            events.line(
                    "takeover-completed",
                    "epoch",
                    begun.epoch(),
                    "taken",
                    begun.taken(),
                    "refused",
                    begun.refused(),
                    "millis",
                    begun.millis(now));
            leases.ask();
        }
        looks++;
        try {
            if (now - renewedAt >= RENEW_NANOS) {
                renewedAt = now;
                addresses.renew();
                if (takeover == null) {
                    leases.askAgain();
                }
            }
            if (done || ANNOUNCED_AT.contains(looks)) {
                addresses.announce();
            }
        } catch (IOException e) {
            LOG.error("the shared addresses do not stay: {}", e.getMessage());
            standDown("the shared addresses do not stay");
            step(new Step.Failed());
        }
    }

    private void standDown(String reason) {
        epoch = 0;
        SessionTakeover begun = takeover;
        if (begun != null) {
            begun.abandon();
            takeover = null;
        }
        endpoint.standDown();
        lower();
        events.line("standby-passive", "reason", reason);
    }

    private void lower() {
        try {
            addresses.lower();
        } catch (IOException e) {
            LOG.error("the shared addresses stay here: {}", e.getMessage());
        }
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
        later(() -> step(new Step.End()));
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
