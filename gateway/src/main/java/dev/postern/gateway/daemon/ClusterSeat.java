package dev.postern.gateway.daemon;

import dev.postern.cluster.ClusterEvent;
import dev.postern.cluster.Member;
import dev.postern.cluster.Ownership;
import dev.postern.cluster.StandbyConduct;
import dev.postern.gateway.configuration.ClusterSettings;
import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.configuration.KeptSessions;
import dev.postern.gateway.store.ClusterSessions;
import dev.postern.gateway.store.SessionCopies;
import dev.postern.gateway.store.SessionKeeper;
import dev.postern.gateway.store.StoreThread;
import dev.postern.grid.Grid;
import dev.postern.grid.NodeState;
import dev.postern.grid.SiteState;
import dev.postern.ticket.TgsKeySchedule;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// A gateway's seat in its cluster: what it hears of the other members, and what an operator asks
/// of it.
final class ClusterSeat implements AutoCloseable {
    /// A key that one member makes stands in the ring of all for this long before it issues; by
    /// then a member that has not got it is not in the view.
    private static final long TGS_KEY_AHEAD_SECONDS = 180;

    private static final Logger LOG = LoggerFactory.getLogger(ClusterSeat.class);

    private final Grid grid;
    private final ClusterSettings settings;
    private final EventLog events;
    private final List<Consumer<ClusterEvent>> listeners;
    private final MembershipEnd end;
    private volatile @Nullable StandbySeat standby;
    private volatile @Nullable ClusterLeases leases;

    private ClusterSeat(
            Grid grid,
            ClusterSettings settings,
            EventLog events,
            List<Consumer<ClusterEvent>> listeners) {
        this.grid = grid;
        this.settings = settings;
        this.events = events;
        this.listeners = listeners;
        this.end = new MembershipEnd(settings.certificateEnd());
    }

    /// Joins the cluster of the configuration; null where it has none.
    ///
    /// @throws IOException in words, where the member cannot join
    static @Nullable ClusterSeat join(GatewayConfiguration configuration, EventLog events)
            throws IOException {
        ClusterSettings cluster = configuration.cluster();
        if (cluster == null) {
            return null;
        }
        List<Consumer<ClusterEvent>> listeners = new CopyOnWriteArrayList<>();
        listeners.add(event -> write(events, event));
        Grid grid =
                Grid.start(
                        cluster.grid(configuration.member()),
                        event -> listeners.forEach(listener -> listener.accept(event)),
                        site -> write(events, site));
        grid.refused().thenAccept(reason -> events.line("member-refused", "reason", reason));
        return new ClusterSeat(grid, cluster, events, listeners);
    }

    /// Tells of what happens to the membership from now on, on the cluster's thread, which is not
    /// to be held up.
    void listen(Consumer<ClusterEvent> listener) {
        listeners.add(listener);
    }

    /// Has a seat behind shared addresses as well.
    void sit(StandbySeat seat) {
        standby = seat;
        listen(seat::on);
    }

    Grid grid() {
        return grid;
    }

    /// When the cluster makes its next TGS key; null where an operator does.
    @Nullable TgsKeySchedule schedule(long longestTicketLifetimeSeconds) {
        long every = settings.tgsKeyEvery().toSeconds();
        return every == 0
                ? null
                : new TgsKeySchedule(every, TGS_KEY_AHEAD_SECONDS, longestTicketLifetimeSeconds);
    }

    /// What keeps a gateway's sessions by reference: its cluster, or itself where it is in none;
    /// null where no profile has any.
    ///
    /// @throws IOException in words, where their file cannot be used
    static @Nullable SessionKeeper keeper(
            GatewayConfiguration configuration, @Nullable ClusterSeat cluster) throws IOException {
        KeptSessions kept = configuration.keptSessions();
        if (!configuration.keepsSessions()) {
            return null;
        }
        return cluster == null
                ? StoreThread.start(kept, Clock.systemUTC())
                : cluster.sessions(kept);
    }

    private SessionKeeper sessions(KeptSessions kept) throws IOException {
        SessionCopies copies = SessionCopies.start(grid, kept, Clock.systemUTC());
        if (copies != null) {
            listen(event -> {
                if (event instanceof ClusterEvent.MemberJoined) {
                    copies.renew();
                }
            });
        }
        return new ClusterSessions(grid.sessions(), copies, kept.records(), Clock.systemUTC());
    }

    /// What the members agree on about inner addresses.
    ClusterLeases leases(GatewayConfiguration configuration) {
        ClusterLeases started =
                ClusterLeases.start(
                        grid,
                        settings.self().site(),
                        configuration.pools(),
                        Math.max(3_600, configuration.longestTicketLifetimeSeconds()));
        leases = started;
        return started;
    }

    private static void write(EventLog events, SiteState site) {
        events.line(
                "site",
                "site",
                site.site(),
                "seen",
                site.seen(),
                "caught-up",
                site.caughtUp(),
                "fenced",
                site.fenced());
    }

    private static void write(EventLog events, ClusterEvent event) {
        switch (event) {
            case ClusterEvent.MemberJoined(Member member) ->
                    events.line("member-joined", "node", member.node(), "number", member.number());
            case ClusterEvent.MemberLost(Member member, boolean dead) ->
                    events.line("member-lost", "node", member.node(), "dead", dead);
            case ClusterEvent.MemberLeft(Member member) ->
                    events.line("member-left", "node", member.node());
            case ClusterEvent.MemberDead(String node) -> events.line("member-dead", "node", node);
            case ClusterEvent.ViewChanged changed ->
                    events.line(
                            "view-changed",
                            "view",
                            changed.view().number(),
                            "primary",
                            changed.primary(),
                            "members",
                            changed.view().members().stream()
                                    .map(Member::node)
                                    .collect(Collectors.joining(" ")));
        }
    }

    /// From time to time: tells an operator while there is time.
    void tend(Instant now, long passedSeconds) {
        ClusterLeases ours = leases;
        if (ours != null) {
            ours.renew(passedSeconds);
        }
        if (end.isDue(now)) {
            events.line(
                    "member-certificate-ends", "node", settings.self().node(), "end", end.end());
            LOG.warn("{}", end.text(now));
        }
    }

    /// The members, for people or as one JSON object.
    List<String> members(boolean json) {
        Ownership.Held active = grid.ownership().heldHere(StandbyConduct.THING);
        MembersText text =
                MembersText.of(grid, active == null ? "" : active.node(), end, Instant.now());
        return json ? List.of(text.json()) : text.table();
    }

    /// Where this member stands behind the shared addresses, for people or as one JSON object.
    ///
    /// @throws AdminException where it shares none
    List<String> standby(boolean json) throws AdminException {
        StandbySeat seat = standby;
        if (seat == null) {
            throw new AdminException(
                    "this gateway shares no addresses; a table [standby] in its file says which");
        }
        StandbyText text = StandbyText.of(seat, grid.nodes());
        return json ? List.of(text.json()) : text.table();
    }

    /// An operator says that a lost member has ended, or that a site is lost.
    ///
    /// @throws AdminException where it is neither
    List<String> fence(String name) throws AdminException {
        List<String> sites = grid.sites().states().stream().map(SiteState::site).toList();
        List<String> nodes = grid.nodes().stream().map(NodeState::node).toList();
        if (!nodes.contains(name) && sites.contains(name)) {
            return fenceSite(name);
        }
        if (!nodes.contains(name)) {
            throw new AdminException(
                    (name.isEmpty() ? "fence of nobody" : "there is no member " + name)
                            + "; there are "
                            + String.join(", ", nodes)
                            + (sites.isEmpty()
                                    ? ""
                                    : " and the sites " + String.join(", ", sites)));
        }
        if (!grid.fence(name)) {
            throw new AdminException(
                    name + " is not in doubt: it is up, or known to be down; " + inDoubt());
        }
        return List.of(
                name
                        + " counts as down; this side is "
                        + (grid.isPrimary() ? "" : "not ")
                        + "primary");
    }

    /// Whom a fence would be of.
    private String inDoubt() {
        String lost =
                grid.nodes().stream()
                        .filter(node -> node.presence() == NodeState.Presence.LOST)
                        .map(NodeState::node)
                        .collect(Collectors.joining(", "));
        return lost.isEmpty() ? "in doubt is nobody" : "in doubt is " + lost;
    }

    private List<String> fenceSite(String site) throws AdminException {
        if (!grid.sites().fence(site)) {
            throw new AdminException(
                    "the site "
                            + site
                            + " is not in doubt: it is in sight, our own, or fenced; `ctl members`"
                            + " shows which");
        }
        return List.of(
                "the site "
                        + site
                        + " counts as lost until it is seen again; its clients keep their addresses"
                        + " here");
    }

    @Override
    public void close() {
        grid.close();
    }
}
