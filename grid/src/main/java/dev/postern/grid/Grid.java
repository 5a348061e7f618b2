package dev.postern.grid;

import dev.postern.cluster.ClusterEvent;
import dev.postern.cluster.Member;
import dev.postern.cluster.View;

import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.conflict.ConflictManagerFactory;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.manager.EmbeddedCacheManager;
import org.infinispan.remoting.transport.Address;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.jgroups.JChannel;
import org.jgroups.MergeView;
import org.jgroups.protocols.relay.RELAY2;
import org.jgroups.util.ExtendedUUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// A member of a cluster, in this process. `close` leaves: the others hear that it was on purpose.
public final class Grid implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Grid.class);

    private final GridSettings settings;
    private final JChannel channel;
    private final EmbeddedCacheManager manager;
    private final Caches caches;
    private final ClusterWatch watch;
    private final StuckMerges merges;
    private final Uniqueness uniqueness;
    private final Knowledge knowledge;
    private final SharedSessions sessions;
    private final GridOwnership ownership;
    private final GridStandby standby;
    private final Knowledge domain;
    private final GridSites sites;

    private Grid(
            GridSettings settings, Consumer<ClusterEvent> listener, Consumer<SiteState> ofSites)
            throws IOException {
        this.settings = settings;
        EpochsFile epochs = new EpochsFile(settings.state());
        this.watch = new ClusterWatch(settings, listener);
        this.merges = new StuckMerges(this);
        this.uniqueness = new Uniqueness(this, settings);
        this.channel = MemberStack.channel(settings);
        GlobalConfigurationBuilder global = GlobalConfigurationBuilder.defaultClusteredBuilder();
        global.transport()
                .clusterName(settings.cluster())
                .nodeName(settings.node())
                .machineId(settings.node())
                .rackId(String.valueOf(settings.number()))
                .siteId(settings.site())
                .defaultTransport()
                .addProperty(JGroupsTransport.CHANNEL_CONFIGURATOR, new OneChannel(channel));
        global.metrics().gauges(false).histograms(false);
        global.shutdown().hookBehavior(ShutdownHookBehavior.DONT_REGISTER);
        try {
            this.manager = new DefaultCacheManager(global.build(), true);
        } catch (RuntimeException e) {
            channel.close();
            throw new IOException(reason(e), e);
        }
        this.caches = Caches.define(manager, settings);
        this.knowledge = new Knowledge(caches.open(Caches.KNOWLEDGE));
        demandSameCopies();
        this.sessions = new SharedSessions(this, caches.open(Caches.SESSIONS));
        this.ownership =
                new GridOwnership(this, caches.open(Caches.OWNERSHIP), settings.node(), epochs);
        this.standby =
                new GridStandby(
                        caches.open(Caches.STANDBY), settings.node(), settings.owners() == 0);
        this.domain =
                settings.bridge() == null ? knowledge : new Knowledge(caches.open(Caches.DOMAIN));
        RELAY2 relay = channel.getProtocolStack().findProtocol(RELAY2.class);
        this.sites = new GridSites(this, settings, domain, relay, ofSites);
    }

    /// Joins the cluster, or begins it where no other member answers.
    ///
    /// @param listener hears what happens to the membership, on one thread of the grid's
    /// @throws IOException in words, where the port is taken, another member has our name or
    ///   number, or we are not where the lists of the members that run have us
    public static Grid start(GridSettings settings, Consumer<ClusterEvent> listener)
            throws IOException {
        return start(settings, listener, _ -> {});
    }

    /// The same for one whose domain may have several sites.
    ///
    /// @param ofSites hears how the other sites stand, first and when that changes, on another
    ///   thread
    public static Grid start(
            GridSettings settings, Consumer<ClusterEvent> listener, Consumer<SiteState> ofSites)
            throws IOException {
        Grid grid = new Grid(settings, listener, ofSites);
        try {
            grid.uniqueness.start();
            grid.watch.start(grid);
            grid.merges.start();
            if (!grid.sites.isAlone()) {
                grid.sessions.guard();
                grid.sites.start();
            }
            return grid;
        } catch (IOException | RuntimeException e) {
            grid.close();
            throw e;
        }
    }

    private String reason(RuntimeException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return "the member "
                + settings.node()
                + " cannot listen on "
                + settings.listen().getAddress().getHostAddress()
                + ":"
                + settings.listen().getPort()
                + " or join: "
                + cause.getMessage();
    }

    /// The engine distributes in one way for all: a member that wants another one would bring the
    /// others to a halt.
    private void demandSameCopies() throws IOException {
        String ours = String.valueOf(settings.owners());
        byte[] said = knowledge.get(Knowledge.COPIES);
        if (said == null) {
            knowledge.put(Knowledge.COPIES, Knowledge.octets(ours));
        } else if (!Knowledge.text(said).equals(ours)) {
            manager.stop();
            throw new IOException(
                    "copies is "
                            + ours
                            + " at "
                            + settings.node()
                            + ", and "
                            + Knowledge.text(said)
                            + " at the members that run; wanted is the same at each: another"
                            + " number takes effect when all members of a site have been stopped"
                            + " and are started together");
        }
    }

    /// Ourselves.
    public Member self() {
        return member(manager.getAddress());
    }

    /// The members as the engine sees them at this instant.
    View present() {
        org.jgroups.View seen = channel.getView();
        if (seen == null) {
            return View.NONE;
        }
        return new View(seen.getViewId().getId(), seats(seen).stream().map(Seat::member).toList());
    }

    private static List<Seat> seats(org.jgroups.View seen) {
        List<Seat> seats = new ArrayList<>();
        for (org.jgroups.Address address : seen.getMembers()) {
            if (address instanceof ExtendedUUID uuid) {
                seats.add(Seat.of(uuid));
            }
        }
        return seats;
    }

    /// The same with what else the view says of them.
    List<Seat> seats() {
        org.jgroups.View seen = channel.getView();
        return seen == null ? List.of() : seats(seen);
    }

    /// The number of the engine's view at this instant.
    long viewNumber() {
        org.jgroups.View seen = channel.getView();
        return seen == null ? View.NONE.number() : seen.getViewId().getId();
    }

    boolean isMergeView() {
        return channel.getView() instanceof MergeView;
    }

    static Member member(Address address) {
        String number = address.getRackId();
        return new Member(
                named(address.getMachineId()),
                named(address.getSiteId()),
                number == null ? 0 : Integer.parseInt(number),
                String.valueOf(address.getNodeUUID()));
    }

    private static String named(@Nullable String name) {
        return name == null || name.isEmpty() ? "?" : name;
    }

    /// The nodes of the configuration and where they stand.
    public List<NodeState> nodes() {
        return watch.nodes();
    }

    /// The members that agree that they see each other.
    public View view() {
        return present();
    }

    /// Whether this side of a split may do what must happen once.
    public boolean isPrimary() {
        return !uniqueness.isOut() && watch.isPrimary();
    }

    /// Completes once this member is to be closed, with the reason in words: the view has another
    /// member of its name or number, or one whose list has it elsewhere, which came before it. It
    /// has not been a primary one from when that was found.
    public CompletionStage<String> refused() {
        return uniqueness.refused().minimalCompletionStage();
    }

    /// Whether this side is the primary one or may find in a moment that it is.
    boolean isUndecided() {
        return isPrimary() || watch.isWaiting();
    }

    /// Whether it is being found out who goes on.
    boolean isSettling() {
        return watch.isSettling() || isUniting();
    }

    /// Whether two sides have become one so lately that nothing may change hands yet.
    public boolean isUniting() {
        return watch.isUniting()
                || ConflictManagerFactory.get(caches.open(Caches.OWNERSHIP))
                        .isConflictResolutionInProgress();
    }

    /// Whether the cluster loses nothing with the next member that ends: what it holds has all its
    /// copies, and what two sides knew is united.
    public boolean isCopied() {
        return !isUniting() && caches.areCopied(view().members().size());
    }

    /// An operator says that a lost member has ended, and does not come back by itself.
    ///
    /// @return whether it was in doubt
    public boolean fence(String node) {
        return watch.fence(node);
    }

    EmbeddedCacheManager manager() {
        return manager;
    }

    Caches caches() {
        return caches;
    }

    /// What every member knows: what only grows and may be said on either side of a split.
    public Knowledge knowledge() {
        return knowledge;
    }

    /// Whether this member comes first in the view: what one of them does for all, it does.
    public boolean coordinates() {
        List<Member> members = view().members();
        return !members.isEmpty() && members.getFirst().equals(self());
    }

    /// Whether this member says what nobody has said yet: it comes first on the primary side, and
    /// knows all that was said, for no other side has just joined.
    public boolean leads() {
        return coordinates() && isPrimary() && !isUniting();
    }

    /// What every member of every site knows: TGS keys, revocations, shares. With one site the same
    /// as [#knowledge].
    public Knowledge domain() {
        return domain;
    }

    /// The other sites.
    public GridSites sites() {
        return sites;
    }

    /// How much of the others' clients stands in this process.
    public Holdings holdings() {
        return new Holdings(
                sessions.size(), caches.size(Caches.OWNERSHIP), caches.size(Caches.STANDBY));
    }

    /// Sessions by reference.
    public SharedSessions sessions() {
        return sessions;
    }

    /// Who owns shared addresses, lost members' sessions and lent addresses.
    public GridOwnership ownership() {
        return ownership;
    }

    /// Where IKE SAs stand for the case that their member is lost.
    public GridStandby standby() {
        return standby;
    }

    GridSettings settings() {
        return settings;
    }

    @Override
    public void close() {
        try {
            knowledge.say(Knowledge.LEAVING, self().incarnation());
        } catch (RuntimeException e) {
            LOG.info("the other members were not told that we leave: {}", e.getMessage());
        }
        uniqueness.close();
        sites.close();
        standby.close();
        ownership.close();
        watch.close();
        merges.close();
        manager.stop();
    }
}
