package dev.postern.grid;

import dev.postern.cluster.Fields;
import dev.postern.cluster.SiteSightings;

import org.infinispan.factories.ComponentRegistry;
import org.infinispan.xsite.XSiteAdminOperations;
import org.jgroups.protocols.relay.RELAY2;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.Arrays;
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

/// The other sites of the domain. The engine sends each change across as it comes; what is decided
/// here is what a site that begins anew is told, and when a site counts as lost.
///
/// A site's life begins with a member that finds no other, and has a name, its *birth*. It stands
/// in the domain; whoever coordinates another site and sees a new one has the engine send
/// everything there, a part after the other, and says so in the domain when that is done: from then
/// on the new life is *caught up*. A link that was only cut needs none of that, the engine has kept
/// what changed.
public final class GridSites implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GridSites.class);

    /// Known in the site: who is on the bridge, our birth, which lives have been sent everything,
    /// which sites are fenced.
    private static final String SEEN = "sites/seen";

    private static final String OWN_BIRTH = "sites/birth";
    private static final String SERVED = "sites/served/";
    private static final String FENCE = "sites/fence/";

    /// Known in the domain: births, and who has sent everything to which.
    private static final String BIRTH = "site/";

    private static final String SENT = "sent/";

    private static final byte[] NO = {0};
    private static final byte[] YES = {1};
    private static final long LOOK_MILLIS = 500;

    /// What is said of a life is said again as long as it goes on; then it may be forgotten.
    private static final long LIFE_SECONDS = 30 * 86_400L;

    private final Grid grid;
    private final GridSettings settings;
    private final Set<String> sites;
    private final Knowledge inside;
    private final Knowledge domain;
    private final @Nullable RELAY2 relay;
    private final SiteSightings sightings;
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
        this.inside = grid.knowledge();
        this.domain = domain;
        this.relay = relay;
        this.listener = listener;
        GridSettings.Bridge bridge = settings.bridge();
        this.sightings =
                new SiteSightings(
                        sites,
                        bridge == null ? 0 : bridge.lostAfter().toNanos(),
                        System.nanoTime());
        this.caughtUp = sites.isEmpty();
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
                LOOK_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void look() {
        boolean coordinates = grid.coordinates();
        if (coordinates) {
            Set<String> seen = onTheBridge();
            byte[] said = Knowledge.octets(String.join("\n", seen));
            if (!Arrays.equals(said, inside.get(SEEN))) {
                inside.put(SEEN, said);
            }
        }
        Set<String> seen = seen();
        sightings.look(sites, seen, System.nanoTime());
        for (String site : seen) {
            if (isFenced(site)) {
                inside.put(FENCE + site, NO);
            }
        }
        if (coordinates && grid.isPrimary()) {
            for (String site : sightings.lost(System.nanoTime())) {
                fence(site);
            }
            tellBirth();
            seen.forEach(this::serve);
        }
        caughtUp = sites.stream().allMatch(site -> isFenced(site) || hasSent(site));
        catchingUp = !seen.stream().allMatch(this::hasSent);
        for (SiteState state : states()) {
            if (!state.self() && !state.equals(told.put(state.site(), state))) {
                listener.accept(state);
            }
        }
    }

    private Set<String> onTheBridge() {
        Set<String> found = new TreeSet<>();
        List<String> current = relay == null ? null : relay.getCurrentSites();
        if (current != null) {
            found.addAll(current);
        }
        found.retainAll(sites);
        return found;
    }

    private Set<String> seen() {
        byte[] said = inside.get(SEEN);
        Set<String> seen = new TreeSet<>(sites);
        seen.retainAll(said == null ? Set.of() : Set.of(Knowledge.text(said).split("\n")));
        return seen;
    }

    /// The life of our site; null before it has a name.
    private @Nullable String birth() {
        byte[] own = inside.get(OWN_BIRTH);
        return own == null ? null : Knowledge.text(own);
    }

    private void tellBirth() {
        String birth = birth();
        if (birth == null) {
            birth = UUID.randomUUID().toString();
            inside.put(OWN_BIRTH, Knowledge.octets(birth));
            LOG.info("the site {} begins a life", settings.site());
        }
        // A name of its own for each life: a site's earlier one may have left its mark elsewhere.
        String name = BIRTH + settings.site() + "/" + birth;
        if (domain.get(name) == null) {
            domain.put(name, Fields.empty().with(1, settings.site()).encode(), LIFE_SECONDS);
        }
    }

    /// Has everything sent to the lives of a site that have not got it.
    private void serve(String site) {
        String prefix = BIRTH + site + "/";
        for (String name : domain.all(prefix).keySet()) {
            String birth = name.substring(prefix.length());
            String served = SERVED + site + "/" + birth;
            if (inside.get(served) == null && push(site)) {
                // Only the youngest life is there to be sent anything, and it has got it now.
                inside.put(served, YES);
                domain.put(SENT + settings.site() + "/" + birth, YES, LIFE_SECONDS);
            }
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

    /// Whether a site has sent our life all that it had.
    private boolean hasSent(String site) {
        String birth = birth();
        return birth != null && domain.get(SENT + site + "/" + birth) != null;
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
        byte[] fence = inside.get(FENCE + site);
        return fence != null && fence[0] == YES[0];
    }

    /// Somebody answers for it that a site is lost until it is seen again.
    ///
    /// @return whether it was in doubt
    public boolean fence(String site) {
        if (!sites.contains(site) || seen().contains(site) || isFenced(site)) {
            return false;
        }
        inside.put(FENCE + site, YES);
        LOG.info("the site {} counts as lost", site);
        return true;
    }

    /// Whether of the sites that are in sight ours comes first: what one of them does, it does.
    public boolean isFirst() {
        return seen().stream().allMatch(site -> settings.site().compareTo(site) < 0);
    }

    /// The sites of the domain, ours first; none where there is only one.
    public List<SiteState> states() {
        List<SiteState> states = new ArrayList<>();
        if (!sites.isEmpty()) {
            Set<String> seen = seen();
            states.add(new SiteState(settings.site(), true, true, true, false));
            for (String site : sites) {
                states.add(
                        new SiteState(
                                site, false, seen.contains(site), hasSent(site), isFenced(site)));
            }
        }
        return states;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
