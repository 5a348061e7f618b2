package dev.postern.grid;

import org.infinispan.AdvancedCache;
import org.infinispan.conflict.ConflictManagerFactory;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.partitionhandling.AvailabilityMode;
import org.infinispan.remoting.transport.Address;
import org.infinispan.topology.CacheTopology;
import org.infinispan.topology.ClusterCacheStatus;
import org.infinispan.topology.ClusterTopologyManager;
import org.infinispan.topology.ClusterTopologyManagerImpl;
import org.infinispan.topology.RebalancingStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Begins a merge again that a member has left before it was done.
///
/// The engine compares what two sides have when they become one, and gives nobody copies before
/// that has ended. Where a member ends meanwhile, the comparison fails, and the engine counts on
/// the availability strategy to begin another one; that of guarded caches does not (ISPN000524 is
/// in the log then). From then on who starts would wait for its copies, in its start, for ever.
///
/// Such a cache is known by this: a change of who has copies is queued although none is under way
/// and nothing is compared. The member that comes first in the view, which is the one that keeps
/// what was compared, begins the comparison with those who are left, as that strategy would have to
/// do. The engine has a method for it, and only a private field that leads there. What else it
/// offers does not do: another rebalance waits for the comparison as well, and another recovery
/// takes the members of before for a lost majority and compares nothing.
final class StuckMerges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StuckMerges.class);
    private static final long LOOK_MILLIS = 500;

    /// So often in a row, as a comparison that has just ended takes a moment to say so.
    private static final int SEEN = 2;

    private final Grid grid;
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("cluster-merges").factory());

    private int seen;
    private boolean told;

    StuckMerges(Grid grid) {
        this.grid = grid;
    }

    void start() {
        looking.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// On its own thread: the engine may take its time.
    private void look() {
        try {
            List<String> stuck = stuck();
            seen = stuck.isEmpty() ? 0 : seen + 1;
            if (seen >= SEEN) {
                seen = 0;
                for (String name : stuck) {
                    compareAgain(name);
                }
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            tell(e);
        }
    }

    private List<String> stuck() {
        return grid.coordinates()
                ? Caches.GUARDED.stream().filter(this::isStuck).toList()
                : List.of();
    }

    private boolean isStuck(String name) {
        AdvancedCache<byte[], byte[]> cache = grid.caches().open(name);
        CacheTopology topology = cache.getDistributionManager().getCacheTopology();
        return manager().getRebalancingStatus(name) == RebalancingStatus.PENDING
                && topology.getPhase() == CacheTopology.Phase.NO_REBALANCE
                && cache.getAvailability() == AvailabilityMode.AVAILABLE
                && !ConflictManagerFactory.get(cache).isConflictResolutionInProgress();
    }

    private ClusterTopologyManager manager() {
        return GlobalComponentRegistry.componentOf(grid.manager(), ClusterTopologyManager.class);
    }

    /// With those who are left; where that is nobody but ourselves there is nothing to compare.
    private void compareAgain(String name) throws ReflectiveOperationException {
        Field statuses = ClusterTopologyManagerImpl.class.getDeclaredField("cacheStatusMap");
        statuses.setAccessible(true);
        if (statuses.get(manager()) instanceof Map<?, ?> map
                && map.get(name) instanceof ClusterCacheStatus status
                && status.getCurrentTopology() instanceof CacheTopology topology) {
            List<Address> members = topology.getMembers();
            LOG.info(
                    "a member ended while two sides became one: {} is compared again by {}",
                    name,
                    members);
            status.restartConflictResolution(members);
            status.startQueuedRebalance();
        }
    }

    private void tell(Exception e) {
        if (!told && !looking.isShutdown()) {
            told = true;
            LOG.error(
                    "{} cannot see to merges that a member has left before they were done; where a"
                            + " member hangs in its start, with ISPN000524 in this log, restart"
                            + " this one",
                    grid.self().node(),
                    e);
        }
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
