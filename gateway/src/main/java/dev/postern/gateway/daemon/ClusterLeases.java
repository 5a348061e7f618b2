package dev.postern.gateway.daemon;

import dev.postern.cluster.Abroad;
import dev.postern.cluster.Fields;
import dev.postern.cluster.LeasePermits;
import dev.postern.cluster.LentAddresses;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.Shares;
import dev.postern.cluster.Shares.Share;
import dev.postern.cluster.TakenNote;
import dev.postern.gateway.configuration.Pool;
import dev.postern.grid.Grid;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// What the members of a cluster agree on about inner addresses: [LentAddresses] on the grid, on
/// the threads of the endpoint and the grid.
final class ClusterLeases implements LeasePermits {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterLeases.class);
    private static final String SHARE = "share/";

    private final Grid grid;
    private final String node;
    private final LentAddresses lent;
    private final long noteSeconds;
    private final byte[] taker;

    private ClusterLeases(Grid grid, String site, long noteSeconds) {
        this.grid = grid;
        this.node = grid.self().node();
        this.lent = new LentAddresses(node, site, grid.ownership(), new OtherSites(grid, site));
        this.noteSeconds = noteSeconds;
        this.taker = new TakenNote(site, node).encode();
    }

    /// What the grid knows of the other sites.
    private record OtherSites(Grid grid, String site) implements Abroad {
        @Override
        public boolean isFenced(String other) {
            return grid.sites().isFenced(other);
        }

        @Override
        public boolean hasTaken(InetAddress address) {
            if (grid.sites().isAlone()) {
                return false;
            }
            return TakenNote.isOfAnother(grid.domain().get(LentAddresses.taken(address)), site);
        }

        @Override
        public boolean isKnown() {
            return grid.sites().isCaughtUp();
        }
    }

    /// @param noteSeconds how long a ticket may speak of an address
    static ClusterLeases start(Grid grid, String site, List<Pool> pools, long noteSeconds) {
        ClusterLeases leases = new ClusterLeases(grid, site, noteSeconds);
        Share own =
                new Share(
                        leases.node,
                        site,
                        pools.stream().map(pool -> LeasedPool.range(pool.assign())).toList());
        grid.domain().listen(leases::heard);
        grid.domain().all(SHARE).forEach(leases::heard);
        grid.domain().put(SHARE + leases.node, Shares.encode(own).encode());
        leases.heard(SHARE + leases.node, Shares.encode(own).encode());
        return leases;
    }

    private void heard(String name, byte[] value) {
        if (name.startsWith(SHARE)) {
            Fields record = Fields.decode(value);
            try {
                if (record != null) {
                    Share share = Shares.decode(record);
                    synchronized (lent) {
                        lent.learn(share);
                    }
                }
            } catch (IllegalArgumentException e) {
                LOG.warn("the share {} is not understood: {}", name, e.getMessage());
            }
        }
    }

    @Override
    public boolean prepare(
            Collection<InetAddress> wanted, Collection<InetAddress> rested, Runnable then) {
        List<InetAddress> needed;
        synchronized (lent) {
            needed = lent.toAsk(wanted, rested);
        }
        if (needed.isEmpty()) {
            return true;
        }
        AtomicInteger open = new AtomicInteger(needed.size());
        Runnable one =
                () -> {
                    if (open.decrementAndGet() == 0) {
                        then.run();
                    }
                };
        for (InetAddress address : needed) {
            boolean first;
            synchronized (lent) {
                first = lent.isAskedFirst(address, one);
            }
            if (first) {
                ask(address);
            }
        }
        return false;
    }

    private void ask(InetAddress address) {
        Consumer<Outcome> on =
                outcome -> {
                    CompletionStage<Boolean> settled =
                            outcome instanceof Outcome.Owned
                                    ? noteAbroad(address)
                                    : CompletableFuture.completedFuture(false);
                    settled.thenAccept(owned -> {
                        List<Runnable> waiting;
                        synchronized (lent) {
                            waiting = lent.answered(address, owned);
                        }
                        waiting.forEach(Runnable::run);
                    });
                };
        grid.ownership().acquire(LentAddresses.thing(address), noteSeconds, on);
    }

    /// Notes anew what clients have here that is of another share: a note lasts as long as a ticket
    /// that speaks of the address, and a client may stay for longer.
    ///
    /// @param passedSeconds since the last time
    void renew(long passedSeconds) {
        List<InetAddress> due;
        synchronized (lent) {
            due = lent.toRenew(passedSeconds, noteSeconds);
        }
        for (InetAddress address : due) {
            grid.ownership()
                    .acquire(
                            LentAddresses.thing(address),
                            noteSeconds,
                            outcome -> {
                                if (outcome instanceof Outcome.Owned) {
                                    noteAbroad(address).thenAccept(_ -> forgetReleased(address));
                                }
                            });
        }
    }

    /// It may have been released while its note was written.
    private void forgetReleased(InetAddress address) {
        boolean kept;
        synchronized (lent) {
            kept = lent.isKeptHere(address);
        }
        if (!kept) {
            giveUp(address);
        }
    }

    private void giveUp(InetAddress address) {
        grid.ownership().release(LentAddresses.thing(address));
        if (!grid.sites().isAlone()) {
            grid.domain().takeBack(LentAddresses.taken(address), taker);
        }
    }

    /// The site that an address is of learns, when it is back, that a client of ours has it.
    private CompletionStage<Boolean> noteAbroad(InetAddress address) {
        boolean foreign;
        synchronized (lent) {
            foreign = lent.isForeign(address);
        }
        return foreign
                ? grid.domain()
                        .putLater(LentAddresses.taken(address), taker, noteSeconds)
                        .handle((_, failure) -> failure == null)
                : CompletableFuture.completedFuture(true);
    }

    @Override
    public boolean keep(InetAddress address) {
        synchronized (lent) {
            return lent.keep(address);
        }
    }

    @Override
    public boolean reuse(InetAddress address) {
        synchronized (lent) {
            return lent.reuse(address);
        }
    }

    @Override
    public boolean isAtHome(InetAddress address) {
        synchronized (lent) {
            return lent.isAtHome(address);
        }
    }

    @Override
    public boolean fresh(InetAddress address) {
        synchronized (lent) {
            return lent.fresh(address);
        }
    }

    @Override
    public void released(Collection<InetAddress> addresses) {
        List<InetAddress> over;
        synchronized (lent) {
            over = lent.released(addresses);
        }
        over.forEach(this::giveUp);
    }
}
