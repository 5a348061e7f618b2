package dev.postern.gateway.daemon;

import dev.postern.cluster.Fields;
import dev.postern.cluster.Ownership.Held;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.Shares;
import dev.postern.cluster.Shares.Keep;
import dev.postern.cluster.Shares.Range;
import dev.postern.cluster.Shares.Share;
import dev.postern.gateway.configuration.Pool;
import dev.postern.grid.Grid;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// What the members of a cluster agree on about inner addresses. Each gives out of its own share
/// without a word to the others. An address of another member's share, and one of our own that was
/// somebody else's, is given once the cluster has noted who has it now: a note per address that has
/// left its share, without a word about the client.
final class ClusterLeases implements LeasePermits {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterLeases.class);
    private static final String SHARE = "share/";
    private static final String LEASE = "lease/";

    private final Grid grid;
    private final String node;
    private final Shares shares;
    private final long noteSeconds;

    /// Addresses that are noted as ours.
    private final Set<InetAddress> noted = ConcurrentHashMap.newKeySet();

    private ClusterLeases(Grid grid, String site, long noteSeconds) {
        this.grid = grid;
        this.node = grid.self().node();
        this.shares = new Shares(node, site);
        this.noteSeconds = noteSeconds;
    }

    /// @param noteSeconds how long a ticket may speak of an address
    static ClusterLeases start(Grid grid, String site, List<Pool> pools, long noteSeconds) {
        ClusterLeases leases = new ClusterLeases(grid, site, noteSeconds);
        Share own =
                new Share(
                        leases.node,
                        site,
                        pools.stream()
                                .map(pool -> new Range(pool.assign().first(), pool.assign().last()))
                                .toList());
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
                    synchronized (shares) {
                        shares.learn(Shares.decode(record));
                    }
                }
            } catch (IllegalArgumentException e) {
                LOG.warn("the share {} is not understood: {}", name, e.getMessage());
            }
        }
    }

    private Keep judge(InetAddress address) {
        synchronized (shares) {
            return shares.judge(address);
        }
    }

    @Override
    public boolean prepare(
            Collection<InetAddress> wanted, Collection<InetAddress> rested, Runnable then) {
        List<InetAddress> needed = new ArrayList<>(rested);
        wanted.stream()
                .filter(address -> judge(address) != Keep.NO && !keep(address))
                .forEach(needed::add);
        if (needed.isEmpty()) {
            return true;
        }
        AtomicInteger open = new AtomicInteger(needed.size());
        for (InetAddress address : needed) {
            Consumer<Outcome> on =
                    outcome -> {
                        if (outcome instanceof Outcome.Owned) {
                            noted.add(address);
                        }
                        if (open.decrementAndGet() == 0) {
                            then.run();
                        }
                    };
            grid.ownership().acquire(LEASE + address.getHostAddress(), noteSeconds, on);
        }
        return false;
    }

    /// Whether an address of our own share is with another member.
    private boolean isLent(InetAddress address) {
        Held held = grid.ownership().heldHere(LEASE + address.getHostAddress());
        return held != null && !held.node().equals(node);
    }

    @Override
    public boolean keep(InetAddress address) {
        return noted.contains(address) || fresh(address);
    }

    @Override
    public boolean reuse(InetAddress address) {
        return noted.contains(address);
    }

    @Override
    public boolean fresh(InetAddress address) {
        return judge(address) == Keep.OURS && !isLent(address);
    }

    /// One of our own share stays noted by the cluster: a ticket may still speak of it.
    @Override
    public void released(Collection<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            if (noted.remove(address) && judge(address) != Keep.OURS) {
                grid.ownership().release(LEASE + address.getHostAddress());
            }
        }
    }
}
