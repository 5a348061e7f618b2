package dev.postern.grid;

import dev.postern.cluster.StandbyRecords;
import dev.postern.wire.Octets;

import org.infinispan.AdvancedCache;
import org.infinispan.context.Flag;
import org.infinispan.functional.FunctionalMap.WriteOnlyMap;
import org.infinispan.functional.impl.FunctionalMapImpl;
import org.infinispan.functional.impl.WriteOnlyMapImpl;
import org.infinispan.marshall.core.MarshallableFunctions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Records of hot standby in the grid: written behind in batches by their one writer, held in
/// memory by the other members.
///
/// A key is the length of the node's name (1), the name, the kind of the entry (1), the IKE SA's
/// key.
public final class GridStandby implements StandbyRecords, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GridStandby.class);
    private static final byte RECORD = 'r';
    private static final byte COUNTERS = 'c';
    private static final byte[] GONE = {};

    /// What is not yet written is bounded: above this, the writer is behind by seconds and counters
    /// are left out until it has caught up.
    private static final int PENDING = 100_000;

    private static final long FLUSH_MILLIS = 20;
    private static final int BATCH = 512;
    private static final int PART = 256;

    private final AdvancedCache<byte[], byte[]> cache;

    /// Removes many entries with one message to each member; the cache itself sends one for each.
    private final WriteOnlyMap<byte[], byte[]> removal;

    private final String node;
    private final boolean isEverywhere;
    private final Map<Octets, byte[]> pending = new LinkedHashMap<>();
    private final Map<String, Map<byte[], byte[]>> taken = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("standby").factory());
    private long waitingSince;
    private boolean complained;

    /// @param isEverywhere whether every member holds every record
    GridStandby(AdvancedCache<byte[], byte[]> cache, String node, boolean isEverywhere) {
        this.isEverywhere = isEverywhere;
        this.cache = cache.withFlags(Flag.IGNORE_RETURN_VALUES);
        this.removal = WriteOnlyMapImpl.create(FunctionalMapImpl.create(cache));
        this.node = node;
        thread.scheduleWithFixedDelay(
                this::write, FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void put(Octets key, Octets record) {
        later(RECORD, key, bounded(record));
    }

    @Override
    public void putCounters(Octets key, Octets counters) {
        byte[] octets = bounded(counters);
        synchronized (pending) {
            if (pending.size() >= PENDING) {
                return;
            }
        }
        later(COUNTERS, key, octets);
    }

    @Override
    public void remove(Octets key) {
        later(RECORD, key, GONE);
        later(COUNTERS, key, GONE);
    }

    private static byte[] bounded(Octets octets) {
        if (octets.length() > MAXIMUM_LENGTH || octets.isEmpty()) {
            throw new IllegalArgumentException(
                    "a record of " + octets.length() + " octets, legal are 1 to " + MAXIMUM_LENGTH);
        }
        return octets.array();
    }

    private void later(byte kind, Octets key, byte[] value) {
        Octets name = Octets.of(name(node, kind, key));
        synchronized (pending) {
            if (pending.isEmpty()) {
                waitingSince = System.nanoTime();
            }
            pending.put(name, value);
        }
    }

    private void write() {
        // Each name is an array of its own, and comes once.
        IdentityHashMap<byte[], byte[]> written = new IdentityHashMap<>();
        Set<byte[]> removed = Collections.newSetFromMap(new IdentityHashMap<>());
        try {
            do {
                written.clear();
                removed.clear();
                take(written, removed);
                if (!written.isEmpty()) {
                    cache.putAll(written);
                }
                if (!removed.isEmpty()) {
                    removal.evalMany(removed, MarshallableFunctions.removeConsumer()).join();
                }
            } while (written.size() + removed.size() == BATCH);
            complained = false;
        } catch (RuntimeException e) {
            putBack(written, removed);
            if (!complained) {
                complained = true;
                LOG.warn("hot standby is behind: {}", e.getMessage());
            }
        }
    }

    /// What is not written is written later, unless there is something newer by then.
    private void putBack(Map<byte[], byte[]> written, Set<byte[]> removed) {
        synchronized (pending) {
            written.forEach((name, value) -> pending.putIfAbsent(Octets.of(name), value));
            removed.forEach(name -> pending.putIfAbsent(Octets.of(name), GONE));
        }
    }

    @Override
    public void flush() {
        try {
            thread.submit(this::write).get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.warn("the last changes of hot standby are not written yet: {}", e.toString());
        }
    }

    @Override
    public Backlog backlog() {
        synchronized (pending) {
            return pending.isEmpty()
                    ? new Backlog(0, 0)
                    : new Backlog(
                            pending.size(), (System.nanoTime() - waitingSince) / 1_000_000 + 1);
        }
    }

    private void take(Map<byte[], byte[]> written, Set<byte[]> removed) {
        synchronized (pending) {
            var entries = pending.entrySet().iterator();
            while (entries.hasNext() && written.size() + removed.size() < BATCH) {
                Map.Entry<Octets, byte[]> entry = entries.next();
                if (entry.getValue().length == 0) {
                    removed.add(entry.getKey().array());
                } else {
                    written.put(entry.getKey().array(), entry.getValue());
                }
                entries.remove();
            }
        }
    }

    private static byte[] name(String node, byte kind, Octets key) {
        byte[] prefix = prefix(node);
        byte[] name = new byte[prefix.length + 1 + key.length()];
        System.arraycopy(prefix, 0, name, 0, prefix.length);
        name[prefix.length] = kind;
        System.arraycopy(key.array(), 0, name, prefix.length + 1, key.length());
        return name;
    }

    private static byte[] prefix(String node) {
        byte[] text = node.getBytes(StandardCharsets.UTF_8);
        byte[] prefix = new byte[text.length + 1];
        prefix[0] = (byte) text.length;
        System.arraycopy(text, 0, prefix, 1, text.length);
        return prefix;
    }

    private static boolean begins(byte[] name, byte[] prefix) {
        if (name.length <= prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (name[i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void takeAll(String lost, Consumer<List<Snapshot>> taker) {
        later(() -> {
            byte[] prefix = prefix(lost);
            IdentityHashMap<byte[], byte[]> found = new IdentityHashMap<>();
            Map<Octets, Octets> records = new LinkedHashMap<>();
            Map<Octets, Octets> counters = new HashMap<>();
            here((name, value) -> {
                if (begins(name, prefix)) {
                    found.put(name, value);
                    Octets key = Octets.of(name).slice(prefix.length + 1, name.length);
                    boolean record = name[prefix.length] == RECORD;
                    (record ? records : counters).put(key, Octets.of(value));
                }
            });
            taken.put(lost, found);
            List<Snapshot> part = new ArrayList<>(PART);
            records.forEach((key, record) -> {
                part.add(new Snapshot(key, record, counters.getOrDefault(key, Octets.EMPTY)));
                if (part.size() == PART) {
                    taker.accept(List.copyOf(part));
                    part.clear();
                }
            });
            if (!part.isEmpty()) {
                taker.accept(List.copyOf(part));
            }
            taker.accept(List.of());
        });
    }

    @Override
    public void dropTaken(String lost) {
        later(() -> {
            Map<byte[], byte[]> found = taken.remove(lost);
            if (found != null) {
                write();
                found.forEach(cache::removeAsync);
            }
        });
    }

    @Override
    public void clear() {
        later(() -> {
            synchronized (pending) {
                pending.clear();
                waitingSince = System.nanoTime();
            }
            byte[] prefix = prefix(node);
            Set<byte[]> names = Collections.newSetFromMap(new IdentityHashMap<>());
            here((name, _) -> {
                if (begins(name, prefix)) {
                    names.add(name);
                }
            });
            putBack(Map.of(), names);
            write();
        });
    }

    private void later(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.warn("records of hot standby could not be reached: {}", e.getMessage());
                }
            });
        } catch (RejectedExecutionException ended) {
            LOG.debug("the member has ended");
        }
    }

    @Override
    public int sizeOf(String owner) {
        byte[] prefix = prefix(owner);
        int[] size = {0};
        here((name, _) -> {
            if (begins(name, prefix) && name[prefix.length] == RECORD) {
                size[0]++;
            }
        });
        return size[0];
    }

    /// Every entry that this member can see.
    private void here(BiConsumer<byte[], byte[]> taker) {
        (isEverywhere ? cache.withFlags(Flag.CACHE_MODE_LOCAL) : cache).forEach(taker);
    }

    /// Writes what is left.
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (thread.awaitTermination(1, TimeUnit.SECONDS)) {
                write();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
