package dev.postern.sim;

import dev.postern.cluster.Fields;
import dev.postern.cluster.Member;
import dev.postern.cluster.Ownership.Held;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.Takeover;
import dev.postern.cluster.Takeover.Decision;
import dev.postern.cluster.View;
import dev.postern.ike.Now;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// The engine of a cluster's data grid, at its interface: agrees on views, carries what members
/// say, and keeps who owns what. It does what the real one may do. A death or a split is seen after
/// a while, by each member at a moment of its own; what is said arrives late, out of order, and not
/// at all across a split; a change that should be everywhere waits for members that are cut off
/// until the view has changed, may have happened where its writer is told that nobody can say, and
/// counts for nothing on a side that is not primary. Sides that meet again keep the highest epoch
/// of each thing. A member that starts gets what those that it reaches have.
final class GridModel {
    private static final int TRIES = 60;
    private static final long RETRY_NANOS = 50 * Now.NANOS_PER_MILLI;

    private final Simulation simulation;
    private final Dice dice;
    private final List<GridSeat> seats = new ArrayList<>();

    /// Sets of gateways, as bits, that are cut off from the others.
    private final List<Integer> cuts = new ArrayList<>();

    private final Lookout lookout;

    private int extraMillis;
    private int recordMillis;
    private long views;
    private long stamps;

    GridModel(Simulation simulation) {
        this.simulation = simulation;
        this.dice = Dice.of(simulation.plan().seed(), "grid");
        this.lookout = new Lookout(simulation, this);
    }

    /// A member's process starts: it is let in by those that it reaches.
    void join(GridSeat seat) {
        lookout.started(seat);
        seats.add(seat);
        simulation.bridge().changed();
        List<GridSeat> side = sideOf(seat);
        merge(side);
        View view = view(side);
        seat.viewed(view);
        lookout.joined(seat);
        tell(side, view);
    }

    /// A member's process ends without a word.
    ///
    /// @param proven whether its machine goes on, and refuses connections to it
    void end(GridSeat seat, boolean proven) {
        if (seats.remove(seat)) {
            if (proven) {
                lookout.refuses(seat);
            }
            if (!hasMember(seat.site())) {
                forget(seat.site());
            }
            changed();
        }
    }

    /// A site that was lost begins with nothing.
    private void forget(int site) {
        if (simulation.plan().sites() > 1) {
            simulation.bridge().lost(site);
            simulation.store(site).clear();
            simulation.tell(new Happening.StoreForgot());
        }
    }

    boolean hasMember(int site) {
        return seats.stream().anyMatch(seat -> seat.site() == site);
    }

    /// Whether the members that speak for two sites reach each other.
    boolean haveWay(int one, int other) {
        GridSeat ours = speaker(one);
        GridSeat theirs = speaker(other);
        return ours != null && theirs != null && isWhole(ours.index(), theirs.index());
    }

    private @Nullable GridSeat speaker(int site) {
        return seats.stream()
                .filter(seat -> seat.site() == site)
                .min(Comparator.comparing(GridSeat::self, Member.ORDER))
                .orElse(null);
    }

    /// These gateways, as bits, see none of the others any more.
    void cut(int side) {
        cuts.add(side);
        changed();
    }

    void mend(int side) {
        cuts.remove(Integer.valueOf(side));
        changed();
    }

    void slow(int millis) {
        extraMillis += millis;
    }

    /// Records of hot standby alone take longer.
    void slowRecords(int millis) {
        recordMillis += millis;
    }

    void heal() {
        cuts.clear();
        extraMillis = 0;
        recordMillis = 0;
        changed();
    }

    /// Members of other sites are none of ours, whatever stands between.
    boolean reaches(int one, int other) {
        Plan plan = simulation.plan();
        return plan.siteOf(one) == plan.siteOf(other) && isWhole(one, other);
    }

    private boolean isWhole(int one, int other) {
        return cuts.stream().allMatch(cut -> (cut >>> one & 1) == (cut >>> other & 1));
    }

    /// Whether it has not ended.
    boolean isThere(GridSeat seat) {
        return seats.contains(seat);
    }

    private List<GridSeat> sideOf(GridSeat seat) {
        return seats.stream().filter(one -> reaches(one.index(), seat.index())).toList();
    }

    private long delay() {
        return (1 + dice.below(8) + (extraMillis == 0 ? 0 : dice.below(extraMillis)))
                * Now.NANOS_PER_MILLI;
    }

    private void changed() {
        simulation.bridge().changed();
        simulation.agenda().in(dice.between(150, 1200) * Now.NANOS_PER_MILLI, this::agree);
    }

    /// Everybody who can see each other agrees on it.
    private void agree() {
        Set<GridSeat> told = new HashSet<>();
        for (GridSeat seat : List.copyOf(seats)) {
            if (told.contains(seat)) {
                continue;
            }
            List<GridSeat> side = sideOf(seat);
            told.addAll(side);
            List<Member> members = members(side);
            if (side.stream().anyMatch(one -> !one.view().members().equals(members))) {
                merge(side);
                tell(side, view(side));
            }
            side.forEach(lookout::look);
        }
    }

    private void tell(List<GridSeat> side, View view) {
        for (GridSeat seat : side) {
            simulation
                    .agenda()
                    .in(
                            delay(),
                            () -> {
                                if (seats.contains(seat) && seat.view().number() < view.number()) {
                                    // Until now it has written for the members it knew.
                                    mergeOwned(sideOf(seat));
                                    seat.viewed(view);
                                    lookout.viewed(seat);
                                }
                            });
        }
    }

    private View view(List<GridSeat> side) {
        return new View(++views, members(side));
    }

    private static List<Member> members(List<GridSeat> side) {
        return side.stream().map(GridSeat::self).sorted(Member.ORDER).toList();
    }

    /// What they know becomes the same.
    private static void merge(List<GridSeat> side) {
        for (GridSeat from : side) {
            side.forEach(to -> to.learnAll(from));
        }
        mergeOwned(side);
    }

    /// What nobody owns any more has its epoch all the same.
    private static void mergeOwned(List<GridSeat> side) {
        for (GridSeat from : side) {
            side.forEach(to ->
                    from.owned()
                            .forEach((thing, record) -> {
                                Fields known = to.owned().get(thing);
                                if (known == null || epoch(known) < epoch(record)) {
                                    to.owned().put(thing, record);
                                }
                            }));
        }
    }

    private static long epoch(Fields record) {
        return Takeover.held(record).epoch();
    }

    /// A member says something to all.
    ///
    /// @param value null where it takes back what was said
    void say(GridSeat from, String name, byte @Nullable [] value) {
        simulation.bridge().said(from.site(), name, value);
        spread(from, name, value);
    }

    /// What was said is forgotten everywhere after a while, unless it is said again.
    void sayFor(GridSeat from, String name, byte[] value, long seconds) {
        byte[] own = value.clone();
        say(from, name, own);
        simulation
                .agenda()
                .in(
                        seconds * Now.NANOS_PER_SECOND,
                        () -> {
                            seats.forEach(seat -> seat.words().expire(name, own));
                            simulation.bridge().expire(name, own);
                        });
    }

    /// Another site says something to all of this one, by the member that speaks for it.
    void tellSite(int site, String name, byte @Nullable [] value) {
        GridSeat speaker = speaker(site);
        if (speaker != null) {
            spread(speaker, name, value);
        }
    }

    private void spread(GridSeat from, String name, byte @Nullable [] value) {
        long stamp = ++stamps;
        from.hear(name, value, stamp);
        for (GridSeat to : List.copyOf(seats)) {
            if (to != from) {
                Runnable hears = () -> to.hear(name, value, stamp);
                simulation.agenda().in(delay(), () -> arrive(from, to, hears));
            }
        }
    }

    /// What a split has caught waits for its end, or for the view that makes all the same.
    private void arrive(GridSeat from, GridSeat to, Runnable hears) {
        if (seats.contains(to) && reaches(from.index(), to.index())) {
            hears.run();
        } else if (seats.contains(from) && from.view().members().contains(to.self())) {
            simulation.agenda().in(RETRY_NANOS, () -> arrive(from, to, hears));
        }
    }

    /// How long a batch of records takes.
    long recordDelay(Dice ofRecords) {
        return ofRecords.between(1, 9 + extraMillis + recordMillis) * Now.NANOS_PER_MILLI;
    }

    /// Whether what this one writes reaches every member that it knows of.
    boolean isEverywhere(GridSeat seat) {
        return copiesOf(seat).size() == seat.view().members().size();
    }

    /// @param lifespanSeconds after which the record is nobody's again; 0 for never
    void acquire(GridSeat seat, String thing, long lifespanSeconds, Consumer<Outcome> then) {
        simulation.agenda().in(delay(), () -> attempt(seat, thing, lifespanSeconds, then, TRIES));
    }

    private void attempt(
            GridSeat seat, String thing, long lifespanSeconds, Consumer<Outcome> then, int tries) {
        if (!seats.contains(seat)) {
            return;
        }
        if (!seat.isPrimary() || tries == 0) {
            answer(seat, new Outcome.Unavailable(), then);
            return;
        }
        long last = seat.files().lastEpoch(thing);
        switch (Takeover.judge(seat.owned().get(thing), seat.node(), last, seat.view())) {
            case Decision.Refuse(Held by) -> answer(seat, new Outcome.Refused(by), then);
            case Decision.Write(var record, long epoch) -> {
                List<GridSeat> copies = copiesOf(seat);
                boolean everywhere = copies.size() == seat.view().members().size();
                if (everywhere || dice.flip()) {
                    copies.forEach(copy -> copy.owned().put(thing, record));
                    expire(thing, record, lifespanSeconds);
                }
                if (everywhere) {
                    if (Takeover.isKept(thing)) {
                        seat.files().keep(thing, epoch);
                    }
                    answer(
                            seat,
                            new Outcome.Owned(epoch),
                            outcome -> {
                                if (outcome instanceof Outcome.Owned) {
                                    simulation.tell(
                                            new Happening.Owned(
                                                    seat.gateway(), thing, epoch, seat.view()));
                                }
                                then.accept(outcome);
                            });
                } else {
                    simulation
                            .agenda()
                            .in(
                                    RETRY_NANOS,
                                    () -> attempt(seat, thing, lifespanSeconds, then, tries - 1));
                }
            }
        }
    }

    private void expire(String thing, Fields record, long lifespanSeconds) {
        Fields after = Takeover.released(record, Takeover.held(record).node());
        if (lifespanSeconds > 0 && after != null) {
            simulation
                    .agenda()
                    .in(
                            lifespanSeconds * Now.NANOS_PER_SECOND,
                            () ->
                                    seats.forEach(
                                            seat -> seat.owned().replace(thing, record, after)));
        }
    }

    /// The members that hold copies of what this one writes at the moment: those of its view that
    /// it reaches.
    List<GridSeat> copiesOf(GridSeat seat) {
        return sideOf(seat).stream()
                .filter(one -> seat.view().members().contains(one.self()))
                .sorted(Comparator.comparingInt(GridSeat::index))
                .toList();
    }

    /// What was done before a split counts only where this side is still primary.
    private void answer(GridSeat seat, Outcome outcome, Consumer<Outcome> then) {
        simulation
                .agenda()
                .in(
                        delay(),
                        () -> {
                            if (seats.contains(seat)) {
                                then.accept(seat.isPrimary() ? outcome : new Outcome.Unavailable());
                            }
                        });
    }

    void release(GridSeat seat, String thing) {
        simulation
                .agenda()
                .in(
                        delay(),
                        () -> {
                            var before = seat.owned().get(thing);
                            var after =
                                    before == null ? null : Takeover.released(before, seat.node());
                            if (after != null && seats.contains(seat) && seat.isPrimary()) {
                                copiesOf(seat).forEach(copy -> copy.owned().put(thing, after));
                            }
                        });
    }
}
