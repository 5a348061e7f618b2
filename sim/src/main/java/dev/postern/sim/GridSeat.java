package dev.postern.sim;

import dev.postern.cluster.Announcement;
import dev.postern.cluster.ClusterEvent;
import dev.postern.cluster.CommonKnowledge;
import dev.postern.cluster.Fields;
import dev.postern.cluster.LeasePermits;
import dev.postern.cluster.LentAddresses;
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

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// One gateway's process in the cluster: the production membership, shares, key and revocation
/// logic on the grid's model. What is lent is asked for as the daemon does it, but within a site:
/// no site notes for another one where an address of its own is.
final class GridSeat
        implements Ownership, LeasePermits, CommonKnowledge.Words, CommonKnowledge.Own {
    private static final long KEPT_SECONDS = 86_400;
    private static final long TEND_NANOS = 5 * Now.NANOS_PER_SECOND;
    private static final String SHARE = "share/";
    private static final String ELECTORATE = "electorate/";

    private record Said(byte[] value, long stamp) {}

    private final Simulation simulation;
    private final GridModel grid;
    private final SimulatedGateway gateway;
    private final Member self;
    private final SeatFiles files;
    private final Membership membership;
    private final LentAddresses lent;
    private final Dice entropy;
    private final @Nullable Contender contender;
    private final @Nullable Substitute substitute;
    private final CommonKnowledge common = new CommonKnowledge(this, this, KEPT_SECONDS);
    private final Map<String, Said> knowledge = new TreeMap<>();
    private final Map<String, Fields> owned = new HashMap<>();
    private final Map<StandbyShelf.Name, StandbyShelf.Kept> records = new LinkedHashMap<>();

    GridSeat(Simulation simulation, SimulatedGateway gateway, SeatFiles files, int member) {
        this.simulation = simulation;
        this.grid = simulation.grid();
        this.gateway = gateway;
        this.files = files;
        int sites = Math.max(1, simulation.plan().sites());
        this.self =
                new Member(
                        gateway.name(),
                        "site-" + gateway.index() % sites,
                        member,
                        gateway.name() + " " + simulation.agenda().now());
        this.membership =
                new Membership(
                        Domain.gatewayNames(simulation.plan().gateways()), files.electorate());
        this.lent = new LentAddresses(self.node(), self.site(), this);
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
        List<ClusterEvent> events = membership.ended(node);
        if (!events.isEmpty()) {
            noted();
            tell(events);
            announce();
        }
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
        byte[] said = membership.announcement(self.incarnation()).encode();
        grid.say(this, ELECTORATE + node(), said);
    }

    private void hearElectorate(byte[] value) {
        Announcement said = Announcement.decode(value);
        List<ClusterEvent> events =
                said == null || said.incarnation().equals(self.incarnation())
                        ? List.of()
                        : membership.heard(said);
        if (!events.isEmpty()) {
            noted();
            tell(events);
            announce();
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
        other.knowledge.forEach((name, said) -> {
            Said known = knowledge.get(name);
            if (known == null || known.stamp() < said.stamp()) {
                knowledge.put(name, said);
            }
        });
    }

    void hear(String name, byte[] value, long stamp) {
        Said known = knowledge.get(name);
        if (known == null || known.stamp() < stamp) {
            knowledge.put(name, new Said(value, stamp));
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
                lent.learn(Shares.decode(record));
            }
        }
    }

    /// What others say and we do not know, and the other way round.
    private void reconcile() {
        Map.copyOf(knowledge).forEach((name, said) -> heard(name, said.value()));
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
            boolean coordinates = view().members().getFirst().equals(self);
            TgsKeyRing next =
                    isPrimary() && coordinates ? schedule.next(keys(), seconds(), entropy) : null;
            if (next != null) {
                replaceKeys(next);
            }
            common.reconcileKeys(seconds());
        }
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
    public byte @Nullable [] get(String name) {
        Said said = knowledge.get(name);
        return said == null ? null : said.value();
    }

    @Override
    public void put(String name, byte[] value) {
        grid.say(this, name, value);
    }

    /// For as long as the run is.
    @Override
    public void put(String name, byte[] value, long seconds) {
        grid.say(this, name, value);
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
        grid.acquire(this, thing, then);
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

    @Override
    public boolean prepare(
            Collection<InetAddress> wanted, Collection<InetAddress> rested, Runnable then) {
        List<InetAddress> open = new ArrayList<>(lent.toAsk(wanted, rested));
        for (InetAddress address : List.copyOf(open)) {
            Runnable one =
                    () -> {
                        open.remove(address);
                        if (open.isEmpty()) {
                            then.run();
                        }
                    };
            if (lent.isAskedFirst(address, one)) {
                acquire(
                        LentAddresses.thing(address),
                        outcome ->
                                lent.answered(address, outcome instanceof Outcome.Owned)
                                        .forEach(Runnable::run));
            }
        }
        return open.isEmpty();
    }

    @Override
    public boolean keep(InetAddress address) {
        return lent.keep(address);
    }

    @Override
    public boolean reuse(InetAddress address) {
        return lent.reuse(address);
    }

    @Override
    public boolean fresh(InetAddress address) {
        return lent.fresh(address);
    }

    @Override
    public void released(Collection<InetAddress> addresses) {
        lent.released(addresses).forEach(address -> release(LentAddresses.thing(address)));
    }
}
