package dev.postern.grid;

import org.infinispan.AdvancedCache;
import org.infinispan.commons.dataconversion.MediaType;
import org.infinispan.configuration.cache.BackupConfiguration.BackupStrategy;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.cache.XSiteStateTransferMode;
import org.infinispan.conflict.EntryMergePolicy;
import org.infinispan.manager.EmbeddedCacheManager;
import org.infinispan.partitionhandling.PartitionHandling;
import org.infinispan.topology.CacheTopology;
import org.infinispan.xsite.spi.XSiteEntryMergePolicy;

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

    /// What the sites of a domain tell each other: keys, revocations, shares. Grows only.
    static final String DOMAIN = "domain";

    /// What another site that comes back is sent from the beginning.
    static final List<String> ACROSS = List.of(DOMAIN, SESSIONS);

    static final List<String> GUARDED = List.of(SESSIONS, OWNERSHIP);

    private static final long PATIENCE_MILLIS = 5_000;

    /// Entries that are sent together to a site that begins anew.
    private static final int PART = 128;

    private final EmbeddedCacheManager manager;

    private Caches(EmbeddedCacheManager manager) {
        this.manager = manager;
    }

    static Caches define(EmbeddedCacheManager manager, GridSettings settings) {
        manager.defineConfiguration(
                KNOWLEDGE, shared(settings, 0, false, Merges.ofKnowledge()).build());
        if (settings.bridge() != null) {
            manager.defineConfiguration(
                    DOMAIN,
                    across(
                                    settings,
                                    shared(settings, 0, false, Merges.either()),
                                    new SiteMerges.OfKnowledge())
                            .build());
        }
        manager.defineConfiguration(
                SESSIONS,
                across(
                                settings,
                                shared(settings, settings.owners(), true, Merges.ofSessions()),
                                new SiteMerges.OfSessions())
                        .build());
        manager.defineConfiguration(
                OWNERSHIP, shared(settings, 0, true, Merges.ofOwnership()).build());
        manager.defineConfiguration(
                STANDBY, shared(settings, settings.owners(), false, Merges.either()).build());
        return new Caches(manager);
    }

    /// @param owners how many members hold an entry, 0 for all
    /// @param guarded whether only the primary side of a split may use it
    private static ConfigurationBuilder shared(
            GridSettings settings,
            int owners,
            boolean guarded,
            EntryMergePolicy<Object, Object> merge) {
        ConfigurationBuilder builder = new ConfigurationBuilder();
        builder.clustering()
                .cacheMode(owners == 0 ? CacheMode.REPL_SYNC : CacheMode.DIST_SYNC)
                .remoteTimeout(
                        2 * settings.silence().toMillis() + PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
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
        return builder;
    }

    /// Changes are sent to the other sites as they come, the latest of each entry once, and kept
    /// for a site that cannot be reached. One that begins anew is sent everything, a part at a
    /// time: each part is answered before the next ([GridSites]).
    private static ConfigurationBuilder across(
            GridSettings settings,
            ConfigurationBuilder builder,
            XSiteEntryMergePolicy<Object, Object> merge) {
        for (String site : settings.otherSites()) {
            builder.sites()
                    .addBackup()
                    .site(site)
                    .strategy(BackupStrategy.ASYNC)
                    .stateTransfer()
                    .mode(XSiteStateTransferMode.MANUAL)
                    .chunkSize(PART);
        }
        builder.sites().mergePolicy(merge);
        return builder;
    }

    /// Whether each entry has all the copies that so many members may keep of it: none is on its
    /// way to one that has come, and none is missing for one that has gone.
    boolean areCopied(int members) {
        return manager.getCacheNames().stream()
                .map(name -> open(name).getDistributionManager().getCacheTopology())
                .allMatch(topology ->
                        topology.getPhase() == CacheTopology.Phase.NO_REBALANCE
                                && topology.getPendingCH() == null
                                && topology.getCurrentCH().getMembers().size() == members);
    }

    /// Entries of which a copy stands here.
    int size(String name) {
        return open(name).getDataContainer().size();
    }

    AdvancedCache<byte[], byte[]> open(String name) {
        return manager.<byte[], byte[]>getCache(name).getAdvancedCache();
    }
}
