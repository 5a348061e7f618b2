package dev.postern.gateway.daemon;

import dev.postern.cluster.Fields;
import dev.postern.cluster.LeasePermits;
import dev.postern.cluster.LentAddresses;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.Shares;
import dev.postern.cluster.Shares.Share;
import dev.postern.gateway.configuration.Pool;
import dev.postern.grid.Grid;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
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

    private ClusterLeases(Grid grid, String site, long noteSeconds) {
        this.grid = grid;
        this.node = grid.self().node();
        this.lent = new LentAddresses(node, site, grid.ownership());
        this.noteSeconds = noteSeconds;
    }

    /// @param noteSeconds how long a ticket may speak of an address
    static ClusterLeases start(Grid grid, String site, List<Pool> pools, long noteSeconds) {
        ClusterLeases leases = new ClusterLeases(grid, site, noteSeconds);
        Share own =
                new Share(
                        leases.node,
                        site,
                        pools.stream().map(pool -> LeasedPool.range(pool.assign())).toList());
        grid.knowledge().listen(leases::heard);
        grid.knowledge().all(SHARE).forEach(leases::heard);
        grid.knowledge().put(SHARE + leases.node, Shares.encode(own).encode());
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
        for (InetAddress address : needed) {
            Consumer<Outcome> on =
                    outcome -> {
                        if (outcome instanceof Outcome.Owned) {
                            synchronized (lent) {
                                lent.granted(address);
                            }
                        }
                        if (open.decrementAndGet() == 0) {
                            then.run();
                        }
                    };
            grid.ownership().acquire(LentAddresses.thing(address), noteSeconds, on);
        }
        return false;
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
        over.forEach(address -> grid.ownership().release(LentAddresses.thing(address)));
    }
}
