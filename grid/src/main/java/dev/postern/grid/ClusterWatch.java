package dev.postern.grid;

import dev.postern.cluster.Announcement;
import dev.postern.cluster.ClusterEvent;
import dev.postern.cluster.ClusterEvent.MemberLost;
import dev.postern.cluster.Electorate;
import dev.postern.cluster.Member;
import dev.postern.cluster.Membership;
import dev.postern.cluster.View;
import dev.postern.grid.NodeState.Presence;

import org.infinispan.notifications.Listener;
import org.infinispan.notifications.cachemanagerlistener.annotation.Merged;
import org.infinispan.notifications.cachemanagerlistener.annotation.ViewChanged;
import org.infinispan.notifications.cachemanagerlistener.event.ViewChangedEvent;
import org.infinispan.partitionhandling.AvailabilityMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// The thread on which a member makes up its mind about the others: it takes the engine's views,
/// looks after nodes that are out of sight, and tells the rest of the process.
final class ClusterWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);
    private static final long KNOCK_MILLIS = 500;
    private static final String ELECTORATE = "electorate/";

    /// When two sides have become one the engine unites what both have, and opens its caches
    /// itself: one that is opened before would offer what its side had as good, and until then a
    /// member knows what its own side knew.
    private static final long UNITING_NANOS = 5_000_000_000L;

    /// So long after a change of the view somebody may still find out who has ended: it takes a few
    /// knocks.
    private static final long SETTLING_NANOS = 6 * KNOCK_MILLIS * 1_000_000;

    /// For how long after a view came we say again by which voters we go: longer than the engine
    /// tries to reach a member that has left.
    private static final long REPEATING_NANOS = 60_000_000_000L;

    private static final int REPEATED_KNOCK = 4;

    private final GridSettings settings;
    private final Consumer<ClusterEvent> listener;
    private final VotersFile file;
    private final Membership membership;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("cluster").factory());

    private final ScheduledExecutorService knocking =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("cluster-knock").factory());

    private volatile Mind mind = new Mind(View.NONE.number(), false, true);
    private int knocks;
    private volatile long merged = System.nanoTime() - UNITING_NANOS;
    private volatile long viewed = System.nanoTime();
    private volatile @Nullable Grid grid;

    /// What this member has made up its mind to.
    ///
    /// @param view the number of the view that it is about
    /// @param waiting whether others have still to say by which voters they go
    private record Mind(long view, boolean primary, boolean waiting) {}

    /// The engine calls its method on its threads.
    @Listener
    public static final class Views {
        private final Runnable changed;
        private final Runnable merged;

        Views(Runnable changed, Runnable merged) {
            this.changed = changed;
            this.merged = merged;
        }

        @ViewChanged
        @Merged
        public void viewed(ViewChangedEvent event) {
            if (event.isMergeView()) {
                merged.run();
            }
            changed.run();
        }
    }

    ClusterWatch(GridSettings settings, Consumer<ClusterEvent> listener) throws IOException {
        this.settings = settings;
        this.listener = listener;
        this.file = new VotersFile(settings.state());
        Set<String> configured = new TreeSet<>();
        configured.add(settings.node());
        settings.peers().forEach(peer -> configured.add(peer.node()));
        Electorate last = file.read(configured);
        this.membership =
                new Membership(configured, last == null ? Electorate.atStart(0, configured) : last);
    }

    void start(Grid started) {
        grid = started;
        started.knowledge()
                .listen((name, value) -> {
                    if (name.startsWith(ELECTORATE)) {
                        post(() -> hear(value));
                    }
                    String prefix = Knowledge.LEAVING + "/";
                    if (name.startsWith(prefix)) {
                        post(() -> membership.leaves(name.substring(prefix.length())));
                    }
                });
        started.manager().addListener(new Views(() -> post(this::look), this::unite));
        run(() -> {
            look();
            return true;
        });
        knocking.scheduleWithFixedDelay(this::knock, 0, KNOCK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void unite() {
        merged = System.nanoTime();
    }

    /// Whether two sides have become one so lately that this member may not know yet what the other
    /// side knew.
    boolean isUniting() {
        return System.nanoTime() - merged < UNITING_NANOS;
    }

    private void look() {
        Grid present = grid;
        if (present == null) {
            return;
        }
        View view = present.present();
        if (membership.isNews(view)) {
            if (present.isMergeView()) {
                unite();
            }
            viewed = System.nanoTime();
            List<ClusterEvent> events = membership.viewed(view);
            say(membership::news);
            tell(events);
            said().forEach(this::hear);
        } else {
            settle();
        }
    }

    /// Says something about the view to the others.
    ///
    /// @param what from our incarnation; null for nothing
    private void say(Function<String, @Nullable Announcement> what) {
        Grid present = grid;
        Announcement said = present == null ? null : what.apply(present.self().incarnation());
        if (present != null && said != null) {
            present.knowledge().tell(ELECTORATE + settings.node(), said.encode());
        }
    }

    private void hear(byte[] value) {
        Announcement said = Announcement.decode(value);
        Grid present = grid;
        if (said != null
                && present != null
                && !said.incarnation().equals(present.self().incarnation())) {
            told(membership.heard(said));
        }
    }

    private void tell(List<ClusterEvent> events) {
        settle();
        for (ClusterEvent event : events) {
            LOG.info("{}", event);
            try {
                listener.accept(event);
            } catch (RuntimeException bug) {
                LOG.error("an event of the cluster was not taken; a bug in Postern", bug);
            }
        }
        for (ClusterEvent event : events) {
            if (event instanceof MemberLost(Member member, boolean dead) && !dead) {
                knocking.execute(this::knock);
            }
        }
    }

    /// The engine leaves guarded caches closed where it sees half of the members; which half goes
    /// on is decided by the electorate.
    private void settle() {
        mind = new Mind(membership.view().number(), membership.isPrimary(), membership.isWaiting());
        Grid present = grid;
        if (!membership.isPrimary() || present == null) {
            return;
        }
        file.write(membership.electorate());
        if (isUniting()) {
            return;
        }
        for (String name : Caches.GUARDED) {
            open(present, name);
        }
    }

    /// What all have said last.
    private Collection<byte[]> said() {
        Grid started = grid;
        return started == null ? List.of() : started.knowledge().all(ELECTORATE).values();
    }

    private static void open(Grid grid, String name) {
        var cache = grid.caches().open(name);
        if (cache.getAvailability() != AvailabilityMode.AVAILABLE) {
            try {
                cache.setAvailability(AvailabilityMode.AVAILABLE);
                LOG.info("this side of the cluster goes on with {}", name);
            } catch (RuntimeException e) {
                LOG.warn("{} stays closed for now: {}", name, e.getMessage());
            }
        }
    }

    /// On its own thread: looks whether nodes that are out of sight have ended.
    private void knock() {
        Set<String> doubtful =
                run(() -> {
                    look();
                    boolean lately = System.nanoTime() - viewed < REPEATING_NANOS;
                    if (membership.isWaiting() || (lately && ++knocks % REPEATED_KNOCK == 0)) {
                        // What was said while caches were being joined may have been lost, and who
                        // waits for it cannot ask.
                        say(membership::announcement);
                        said().forEach(this::hear);
                    }
                    Set<String> names = new TreeSet<>();
                    for (GridSettings.Peer peer : settings.peers()) {
                        if (!membership.view().has(peer.node())) {
                            names.add(peer.node());
                        }
                    }
                    return names;
                });
        if (doubtful == null) {
            return;
        }
        for (GridSettings.Peer peer : settings.peers()) {
            if (doubtful.contains(peer.node())) {
                boolean refused = Knock.isRefused(settings.listen().getAddress(), peer.address());
                post(() -> knocked(peer, refused));
            }
        }
    }

    private void knocked(GridSettings.Peer peer, boolean refused) {
        if (!refused) {
            membership.doubted(peer.node());
        } else if (told(membership.ended(peer.node()))) {
            LOG.info(
                    "nobody listens at {}:{}, so {} counts as down; if it runs, [[cluster.member]]"
                            + " has a wrong address for it",
                    peer.address().getHostString(),
                    peer.address().getPort(),
                    peer.node());
        }
    }

    /// Whether that is news.
    private boolean told(List<ClusterEvent> events) {
        say(membership::news);
        if (!events.isEmpty()) {
            tell(events);
        } else {
            settle();
        }
        return !events.isEmpty();
    }

    boolean fence(String node) {
        Boolean fenced =
                run(() -> {
                    return told(membership.fenced(node));
                });
        return fenced != null && fenced;
    }

    /// What is written ends with the view in which it began, on the engine's threads, before our
    /// own has looked at the next one: of that nobody has said yet that it is primary.
    boolean isPrimary() {
        Mind present = mind;
        return present.primary() && isOfPresentView(present);
    }

    private boolean isOfPresentView(Mind made) {
        Grid present = grid;
        return present != null && made.view() == present.viewNumber();
    }

    /// Whether a side that is not the primary one may find in a moment that it is.
    boolean isSettling() {
        return isWaiting() || System.nanoTime() - viewed < SETTLING_NANOS;
    }

    /// Whether it has yet to be found out who goes on in this view.
    boolean isWaiting() {
        Mind present = mind;
        return present.waiting() || !isOfPresentView(present);
    }

    List<NodeState> nodes() {
        List<NodeState> nodes =
                run(() -> {
                    List<NodeState> states = new ArrayList<>();
                    states.add(state(settings.node(), settings.listen()));
                    settings.peers()
                            .forEach(peer -> states.add(state(peer.node(), peer.address())));
                    return states;
                });
        return nodes == null ? List.of() : nodes;
    }

    private NodeState state(String node, InetSocketAddress address) {
        List<Member> members = membership.view().members();
        Member found = null;
        for (Member member : members) {
            if (member.node().equals(node)) {
                found = member;
            }
        }
        Presence presence =
                found != null
                        ? Presence.UP
                        : membership.isDead(node) ? Presence.DOWN : Presence.LOST;
        return new NodeState(
                node,
                found == null ? settings.site() : found.site(),
                found == null ? -1 : found.number(),
                address,
                presence,
                found != null && members.getFirst().equals(found),
                node.equals(settings.node()));
    }

    private void post(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException bug) {
                    LOG.error("the cluster's thread failed; a bug in Postern", bug);
                }
            });
        } catch (RejectedExecutionException ended) {
            LOG.debug("the member has ended");
        }
    }

    private <T> @Nullable T run(Callable<T> task) {
        try {
            return thread.submit(task).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException ended) {
            LOG.debug("the member has ended");
        } catch (ExecutionException bug) {
            LOG.error("the cluster's thread failed; a bug in Postern", bug.getCause());
        }
        return null;
    }

    @Override
    public void close() {
        knocking.shutdownNow();
        thread.shutdownNow();
    }
}
