package dev.postern.grid;

import dev.postern.cluster.SiteConduct;

import org.infinispan.factories.ComponentRegistry;
import org.infinispan.xsite.XSiteAdminOperations;
import org.jgroups.protocols.relay.RELAY2;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The other sites of the domain, on the engine: it sends each change across as it comes; what a
/// site that begins anew is told, and when a site counts as lost, is decided by [SiteConduct], on a
/// thread of its own.
public final class GridSites implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GridSites.class);

    private final Grid grid;
    private final GridSettings settings;
    private final Set<String> sites;
    private final @Nullable RELAY2 relay;
    private final SiteConduct conduct;
    private final Consumer<SiteState> listener;
    private final Map<String, SiteState> told = new HashMap<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("sites").factory());
    private volatile boolean caughtUp;
    private volatile boolean catchingUp;

    GridSites(
            Grid grid,
            GridSettings settings,
            Knowledge domain,
            @Nullable RELAY2 relay,
            Consumer<SiteState> listener) {
        this.grid = grid;
        this.settings = settings;
        this.sites = new TreeSet<>(settings.otherSites());
        this.relay = relay;
        this.listener = listener;
        GridSettings.Bridge bridge = settings.bridge();
        this.conduct =
                new SiteConduct(
                        settings.site(),
                        sites,
                        grid.knowledge(),
                        domain,
                        new Bridge(),
                        bridge == null ? 0 : bridge.lostAfter().toNanos(),
                        System.nanoTime());
        this.caughtUp = conduct.isCaughtUp();
    }

    void start() {
        thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        look();
                    } catch (RuntimeException e) {
                        LOG.info("the sites are looked at again later: {}", e.getMessage());
                    }
                },
                0,
                SiteConduct.LOOK_NANOS,
                TimeUnit.NANOSECONDS);
    }

    private void look() {
        conduct.look(grid.coordinates(), grid.isPrimary(), System.nanoTime());
        caughtUp = conduct.isCaughtUp();
        catchingUp = conduct.isCatchingUp();
        for (SiteState state : states()) {
            if (!state.self() && !state.equals(told.put(state.site(), state))) {
                listener.accept(state);
            }
        }
    }

    /// The engine's.
    private final class Bridge implements SiteConduct.Bridge {
        @Override
        public Collection<String> inSight() {
            List<String> current = relay == null ? null : relay.getCurrentSites();
            return current == null ? List.of() : current;
        }

        @Override
        public void sendEverything(String site, Consumer<Boolean> then) {
            boolean hasAll = false;
            try {
                hasAll = push(site);
            } finally {
                then.accept(hasAll);
            }
        }

        @Override
        public String nameBirth() {
            LOG.info("the site {} begins a life", settings.site());
            return UUID.randomUUID().toString();
        }

        @Override
        public void fenced(String site) {
            LOG.info("the site {} counts as lost", site);
        }

        @Override
        public void unfenced(String site) {
            LOG.info("the site {} is seen again, and its fence is lifted", site);
        }
    }

    private boolean push(String site) {
        for (String cache : Caches.ACROSS) {
            XSiteAdminOperations engine =
                    ComponentRegistry.of(grid.caches().open(cache))
                            .getComponent(XSiteAdminOperations.class);
            engine.clearPushStateStatus();
            String begun = engine.pushState(site);
            if (!begun.equals(XSiteAdminOperations.SUCCESS)) {
                LOG.info("{} is not sent to {} yet: {}", cache, site, begun);
                return false;
            }
            String status = awaitEnd(engine, site);
            if (!"OK".equals(status)) {
                LOG.info("{} was not sent to {} in full: {}", cache, site, status);
                return false;
            }
        }
        LOG.info("the site {} has been sent everything", site);
        return true;
    }

    private static @Nullable String awaitEnd(XSiteAdminOperations engine, String site) {
        String status;
        do {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return "the member ends";
            }
            status = engine.getPushStateStatus().get(site);
        } while ("SENDING".equals(status));
        return status;
    }

    /// Whether we know what the other sites knew when ours began: each has told it, or counts as
    /// lost.
    public boolean isCaughtUp() {
        return caughtUp;
    }

    /// Whether a site that is in sight has yet to say what it has.
    boolean isCatchingUp() {
        return catchingUp;
    }

    /// Whether the configuration has no other site.
    public boolean isAlone() {
        return sites.isEmpty();
    }

    /// Whether a site counts as lost: it serves nobody, and will not before we have seen it again.
    public boolean isFenced(String site) {
        return conduct.isFenced(site);
    }

    /// Somebody answers for it that a site is lost until it is seen again.
    ///
    /// @return whether it was in doubt
    public boolean fence(String site) {
        return conduct.fence(site);
    }

    /// Whether of the sites that are in sight ours comes first: what one of them does, it does.
    public boolean isFirst() {
        return conduct.isFirst();
    }

    /// The sites of the domain, ours first; none where there is only one.
    public List<SiteState> states() {
        List<SiteState> states = new ArrayList<>();
        if (!sites.isEmpty()) {
            Set<String> seen = conduct.seen();
            states.add(new SiteState(settings.site(), true, true, true, false));
            for (String site : sites) {
                states.add(
                        new SiteState(
                                site,
                                false,
                                seen.contains(site),
                                conduct.hasSent(site),
                                conduct.isFenced(site)));
            }
        }
        return states;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
