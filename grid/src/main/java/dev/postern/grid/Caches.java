package dev.postern.grid;

import org.infinispan.AdvancedCache;
import org.infinispan.commons.dataconversion.MediaType;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.conflict.EntryMergePolicy;
import org.infinispan.manager.EmbeddedCacheManager;
import org.infinispan.partitionhandling.PartitionHandling;

import java.util.List;
import java.util.concurrent.TimeUnit;

/// The caches of a member, octets to octets.
final class Caches {
    /// Grows only; each side of a split goes on and they are united afterwards.
    static final String KNOWLEDGE = "knowledge";

    /// Sessions by reference: the primary side alone.
    static final String SESSIONS = "sessions";

    /// Who owns what, and which addresses are lent: the primary side alone.
    static final String OWNERSHIP = "ownership";

    /// IKE SAs of hot standby: each has one writer.
    static final String STANDBY = "standby";

    static final List<String> GUARDED = List.of(SESSIONS, OWNERSHIP);

    private final EmbeddedCacheManager manager;

    private Caches(EmbeddedCacheManager manager) {
        this.manager = manager;
    }

    static Caches define(EmbeddedCacheManager manager, GridSettings settings) {
        long patience = 2 * settings.silence().toMillis() + 5_000;
        manager.defineConfiguration(KNOWLEDGE, shared(patience, 0, false, Merges.ofKnowledge()));
        manager.defineConfiguration(
                SESSIONS, shared(patience, settings.owners(), true, Merges.ofSessions()));
        manager.defineConfiguration(OWNERSHIP, shared(patience, 0, true, Merges.ofOwnership()));
        manager.defineConfiguration(
                STANDBY, shared(patience, settings.owners(), false, Merges.either()));
        return new Caches(manager);
    }

    /// @param owners how many members hold an entry, 0 for all
    /// @param guarded whether only the primary side of a split may use it
    private static Configuration shared(
            long patienceMillis,
            int owners,
            boolean guarded,
            EntryMergePolicy<Object, Object> merge) {
        ConfigurationBuilder builder = new ConfigurationBuilder();
        builder.clustering()
                .cacheMode(owners == 0 ? CacheMode.REPL_SYNC : CacheMode.DIST_SYNC)
                .remoteTimeout(patienceMillis, TimeUnit.MILLISECONDS)
                .stateTransfer()
                .awaitInitialTransfer(true)
                .partitionHandling()
                .whenSplit(
                        guarded
                                ? PartitionHandling.DENY_READ_WRITES
                                : PartitionHandling.ALLOW_READ_WRITES)
                .mergePolicy(merge);
        if (owners != 0) {
            builder.clustering().hash().numOwners(owners);
        }
        builder.encoding().key().mediaType(MediaType.APPLICATION_OCTET_STREAM);
        builder.encoding().value().mediaType(MediaType.APPLICATION_OCTET_STREAM);
        return builder.build();
    }

    /// Entries of which a copy stands here.
    int size(String name) {
        return open(name).getDataContainer().size();
    }

    AdvancedCache<byte[], byte[]> open(String name) {
        return manager.<byte[], byte[]>getCache(name).getAdvancedCache();
    }
}
