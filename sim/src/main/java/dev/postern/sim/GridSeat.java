package dev.postern.sim;

import dev.postern.cluster.Announcement;
import dev.postern.cluster.ClusterEvent;
import dev.postern.cluster.CommonKnowledge;
import dev.postern.cluster.Fields;
import dev.postern.cluster.Member;
import dev.postern.cluster.Membership;
import dev.postern.cluster.Ownership;
import dev.postern.cluster.Shares;
import dev.postern.cluster.Takeover;
import dev.postern.cluster.View;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ticket.Revocation;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.ticket.TgsKeySchedule;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// One gateway's process in the cluster: the production membership, shares, key and revocation
/// logic on the grid's model.
final class GridSeat implements Ownership, CommonKnowledge.Own {
    private static final long KEPT_SECONDS = 86_400;
    private static final long TEND_NANOS = 5 * Now.NANOS_PER_SECOND;
    private static final String SHARE = "share/";
    private static final String ELECTORATE = "electorate/";

    private final Simulation simulation;
    private final GridModel grid;
    private final SimulatedGateway gateway;
    private final Member self;
    private final SeatFiles files;
    private final Membership membership;
    private final SeatLeases leases;
    private final Dice entropy;
    private final @Nullable Contender contender;
    private final @Nullable Substitute substitute;
    private final SeatWords words;
    private final @Nullable SiteSeat sites;
    private final CommonKnowledge common;
    private final Map<String, Fields> owned = new HashMap<>();
    private final Map<StandbyShelf.Name, StandbyShelf.Kept> records = new LinkedHashMap<>();

    GridSeat(Simulation simulation, SimulatedGateway gateway, SeatFiles files, int member) {
        this.simulation = simulation;
        this.grid = simulation.grid();
        this.gateway = gateway;
        this.files = files;
        this.self =
                new Member(
                        gateway.name(),
                        Plan.siteName(site()),
                        member,
                        gateway.name() + " " + simulation.agenda().now());
        this.membership =
                new Membership(simulation.plan().siteMates(gateway.index()), files.electorate());
        this.words = new SeatWords(grid, this);
        this.common = new CommonKnowledge(words, this, KEPT_SECONDS);
        this.sites = simulation.plan().sites() > 1 ? new SiteSeat(simulation, this, words) : null;
        this.leases = new SeatLeases(this, sites, simulation.plan().ticketLifetimeSeconds());
        this.entropy = Dice.of(simulation.plan().seed(), "TGS keys of " + self.incarnation());
        Alliance alliance = simulation.plan().alliance();
        this.contender = alliance.contending() ? new Contender(simulation, this) : null;
        this.substitute = alliance.vouching() ? new Substitute(simulation, this) : null;
    }

    /// Takes over what the cluster knows.
    void join() {
        grid.join(this);
        Shares.Share own = new Shares.Share(node(), self.site(), List.of(gateway.share()));
        grid.say(this, SHARE + node(), Shares.encode(own).encode());
        tend();
        if (sites != null) {
            sites.start();
        }
        if (contender != null) {
            contender.start();
        }
        if (substitute != null) {
            substitute.start();
        }
    }

    void end(boolean proven) {
        if (contender != null) {
            contender.end();
        }
        if (substitute != null) {
            substitute.end();
        }
        grid.end(this, proven);
        simulation.tell(new Happening.Seated(gateway, View.NONE, false));
    }

    Member self() {
        return self;
    }

    String node() {
        return self.node();
    }

    int index() {
        return gateway.index();
    }

    /// The number of its site.
    int site() {
        return simulation.plan().siteOf(gateway.index());
    }

    /// Whether it comes first in its view.
    boolean coordinates() {
        List<Member> members = view().members();
        return !members.isEmpty() && members.getFirst().equals(self);
    }

    /// What it has heard from the others.
    SeatWords words() {
        return words;
    }

    /// What it may give of the inner addresses.
    SeatLeases leases() {
        return leases;
    }

    /// Its part among the sites; null where there is one.
    @Nullable SiteSeat sites() {
        return sites;
    }

    SimulatedGateway gateway() {
        return gateway;
    }

    /// Its part in the contention for a shared address; null where there is none.
    @Nullable Contender contender() {
        return contender;
    }

    /// What its machine keeps.
    SeatFiles files() {
        return files;
    }

    View view() {
        return membership.view();
    }

    boolean isPrimary() {
        return membership.isPrimary();
    }

    /// This process's copy of who owns what.
    Map<String, Fields> owned() {
        return owned;
    }

    /// This process's copy of what members tell of their IKE SAs.
    Map<StandbyShelf.Name, StandbyShelf.Kept> records() {
        return records;
    }

    void viewed(View view) {
        List<ClusterEvent> events = membership.viewed(view);
        noted();
        tell(events);
        announce();
        reconcile();
    }

    /// Its machine cannot be reached, or does not refuse connections.
    void doubted(String node) {
        membership.doubted(node);
    }

    void ended(String node) {
        happened(membership.ended(node));
    }

    private void happened(List<ClusterEvent> events) {
        if (!events.isEmpty()) {
            noted();
            tell(events);
        }
        announce();
    }

    private void tell(List<ClusterEvent> events) {
        if (contender != null) {
            contender.on(events);
        }
        if (substitute != null) {
            substitute.on(events);
        }
    }

    private void announce() {
        Announcement said = membership.news(self.incarnation());
        if (said != null) {
            grid.say(this, ELECTORATE + node(), said.encode());
        }
    }

    /// Says again what it has said about the view, where it waits for the others.
    ///
    /// @return whether it does
    boolean repeats() {
        if (membership.isWaiting()) {
            byte[] said = membership.announcement(self.incarnation()).encode();
            grid.say(this, ELECTORATE + node(), said);
        }
        return membership.isWaiting();
    }

    private void hearElectorate(byte[] value) {
        Announcement said = Announcement.decode(value);
        if (said != null && !said.incarnation().equals(self.incarnation())) {
            happened(membership.heard(said));
        }
    }

    private void noted() {
        if (isPrimary()) {
            files.electorate(membership.electorate());
        }
        simulation.tell(new Happening.Seated(gateway, view(), isPrimary()));
    }

    /// Everything that another one has heard, where it is newer.
    void learnAll(GridSeat other) {
        other.records.forEach((name, kept) -> StandbyShelf.keep(records, name, kept));
        words.learnAll(other.words);
    }

    void hear(String name, byte @Nullable [] value, long stamp) {
        if (words.hear(name, value, stamp) && value != null) {
            heard(name, value);
        }
    }

    private void heard(String name, byte[] value) {
        common.heard(name, value, seconds());
        if (name.startsWith(ELECTORATE)) {
            hearElectorate(value);
        } else if (name.startsWith(SHARE)) {
            Fields record = Fields.decode(value);
            if (record != null) {
                leases.learn(Shares.decode(record));
            }
        } else if (sites != null) {
            sites.heard(name, value);
        }
    }

    /// What others say and we do not know, and the other way round.
    private void reconcile() {
        words.all("").forEach(this::heard);
        common.reconcile(seconds());
    }

    private long seconds() {
        return new NodeClock().at(simulation.now()).epochSeconds();
    }

    /// An operator revokes something here.
    void revoke(Revocation revocation) {
        learn(revocation);
        common.publish(revocation);
    }

    /// From time to time: the next key may be due, which one member makes.
    private void tend() {
        TgsKeySchedule schedule = simulation.operator().schedule();
        if (schedule != null) {
            boolean isOurs = isPrimary() && coordinates() && (sites == null || sites.isFirst());
            TgsKeyRing next = isOurs ? schedule.next(keys(), seconds(), entropy) : null;
            if (next != null) {
                replaceKeys(next);
            }
            common.reconcileKeys(seconds());
        }
        leases.renew(TEND_NANOS / Now.NANOS_PER_SECOND);
        simulation
                .agenda()
                .in(
                        TEND_NANOS,
                        () -> {
                            if (gateway.seat() == this) {
                                tend();
                            }
                        });
    }

    @Override
    public List<Revocation> revocations() {
        return files.revocations();
    }

    @Override
    public void learn(Revocation revocation) {
        if (!files.revocations().contains(revocation)) {
            files.keep(revocation);
            gateway.give(new Input.Revoke(revocation));
        }
    }

    @Override
    public TgsKeyRing keys() {
        return TgsKeyRing.of(gateway.keys().keys());
    }

    @Override
    public boolean replaceKeys(TgsKeyRing keys) {
        gateway.keys().replaceAll(keys.keys());
        return true;
    }

    @Override
    public void notUnderstood(String revocation) {
        throw new IllegalStateException("a member said: " + revocation);
    }

    @Override
    public void acquire(String thing, long lifespanSeconds, Consumer<Outcome> then) {
        grid.acquire(this, thing, lifespanSeconds, then);
    }

    @Override
    public void release(String thing) {
        grid.release(this, thing);
    }

    @Override
    public @Nullable Held heldHere(String thing) {
        return heldHere(thing, isPrimary());
    }

    /// @param readable whether this side may read its copy
    @Nullable Held heldHere(String thing, boolean readable) {
        Fields record = readable ? owned.get(thing) : null;
        Held held = record == null ? null : Takeover.held(record);
        return held == null || held.node().isEmpty() ? null : held;
    }
}
