package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.cluster.Ownership.Held;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.StandbyRecords.Snapshot;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.SessionStore.Raise;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What two members share.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedStateTest {
    private static final long NOW = 1_800_000_000L;
    private static final long LATER = NOW + 3_600;
    private static final Octets SEALED = Octets.ofHex("a1b2c3");

    @AutoClose private final Pair pair = new Pair();

    private static SessionReference reference(long number) {
        return SessionReference.ofSpis(0x5157, number);
    }

    private static StoredSession session(int count) {
        return new StoredSession(SEALED, count, Octets.EMPTY, LATER);
    }

    private static <T> T said(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static Octets claim(int number) {
        return Octets.ofInt(number);
    }

    @Test
    void aRecordOfOneMemberIsFoundByTheOtherAsSoonAsItCounts() {
        assertThat(said(pair.a.sessions().put(reference(1), session(0), NOW))).isTrue();
        assertThat(said(pair.b.sessions().fetch(reference(1), NOW))).isEqualTo(session(0));
        assertThat(said(pair.b.sessions().fetch(reference(1), LATER))).isNull();
        assertThat(said(pair.b.sessions().fetch(reference(99), NOW))).isNull();
    }

    @Test
    void aCountThatWasRaisedIsNotLoweredByALateWrite() {
        said(pair.a.sessions().put(reference(2), session(0), NOW));
        assertThat(said(pair.b.sessions().raise(reference(2), 1, claim(7), NOW)))
                .isEqualTo(Raise.RAISED);
        said(pair.a.sessions().put(reference(2), session(0), NOW));
        assertThat(said(pair.a.sessions().fetch(reference(2), NOW)))
                .isEqualTo(new StoredSession(SEALED, 1, claim(7), LATER));
    }

    @Test
    void aRecordIsNotDroppedByWhoDoesNotKnowOfItsLastSwitch() {
        said(pair.a.sessions().put(reference(3), session(0), NOW));
        said(pair.b.sessions().raise(reference(3), 1, claim(7), NOW));
        said(pair.a.sessions().drop(reference(3), 0));
        assertThat(said(pair.a.sessions().fetch(reference(3), NOW))).isNotNull();
        said(pair.b.sessions().drop(reference(3), 1));
        assertThat(said(pair.a.sessions().fetch(reference(3), NOW))).isNull();
        assertThat(said(pair.a.sessions().raise(reference(3), 2, claim(7), NOW)))
                .isEqualTo(Raise.UNKNOWN);
    }

    @Test
    void theSameRequestMayComeTwiceAndAnotherMayNot() {
        said(pair.a.sessions().put(reference(4), session(0), NOW));
        assertThat(said(pair.a.sessions().raise(reference(4), 1, claim(1), NOW)))
                .isEqualTo(Raise.RAISED);
        assertThat(said(pair.b.sessions().raise(reference(4), 1, claim(1), NOW)))
                .isEqualTo(Raise.RAISED);
        assertThat(said(pair.b.sessions().raise(reference(4), 1, claim(2), NOW)))
                .isEqualTo(Raise.TAKEN);
    }

    /// Many requests at both members for each count of many sessions: one wins, each time.
    @Test
    void ofAllThatRaceForACountOneWins() throws Exception {
        int sessions = 50;
        int racers = 8;
        for (int i = 0; i < sessions; i++) {
            said(pair.a.sessions().put(reference(1_000 + i), session(0), NOW));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(racers)) {
            for (int count = 1; count <= 3; count++) {
                for (int i = 0; i < sessions; i++) {
                    CountDownLatch start = new CountDownLatch(1);
                    List<Future<Raise>> outcomes = new ArrayList<>();
                    for (int racer = 0; racer < racers; racer++) {
                        SharedSessions at = (racer % 2 == 0 ? pair.a : pair.b).sessions();
                        SessionReference reference = reference(1_000 + i);
                        Octets claim = claim(racer);
                        int wanted = count;
                        outcomes.add(
                                threads.submit(() -> {
                                    start.await();
                                    return said(at.raise(reference, wanted, claim, NOW));
                                }));
                    }
                    start.countDown();
                    List<Raise> said = new ArrayList<>();
                    for (Future<Raise> outcome : outcomes) {
                        said.add(outcome.get());
                    }
                    assertThat(said).containsOnlyOnce(Raise.RAISED).contains(Raise.TAKEN);
                }
            }
        }
    }

    @Test
    void whatIsOwnedIsOwnedByOneAndGivenUpUnderItsEpoch() {
        assertThat(acquired(pair.a, "address 192.0.2.1")).isEqualTo(new Outcome.Owned(1));
        assertThat(acquired(pair.b, "address 192.0.2.1"))
                .isEqualTo(new Outcome.Refused(new Held("gw-a", 1)));
        assertThat(pair.b.ownership().heldHere("address 192.0.2.1")).isEqualTo(new Held("gw-a", 1));
        giveUp(pair.a, "address 192.0.2.1");
        assertThat(acquired(pair.b, "address 192.0.2.1")).isEqualTo(new Outcome.Owned(2));
    }

    /// Both members ask for a thing at once, first one that nobody has had, then one that was given
    /// up: one has it each time, and no epoch is given twice.
    @Test
    void ofTwoThatAskForAThingAtOnceOneOwnsIt() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 10; i++) {
                String thing = "contended " + i;
                for (int epoch = 1; epoch <= 3; epoch++) {
                    CountDownLatch start = new CountDownLatch(1);
                    List<Future<Outcome>> outcomes = new ArrayList<>();
                    for (Grid member : List.of(pair.a, pair.b)) {
                        outcomes.add(
                                threads.submit(() -> {
                                    start.await();
                                    return acquired(member, thing);
                                }));
                    }
                    start.countDown();
                    Outcome first = outcomes.getFirst().get();
                    Outcome second = outcomes.getLast().get();
                    boolean isFirst = first instanceof Outcome.Owned;
                    assertThat(isFirst ? first : second).isEqualTo(new Outcome.Owned(epoch));
                    assertThat(isFirst ? second : first)
                            .isEqualTo(
                                    new Outcome.Refused(
                                            new Held(isFirst ? "gw-a" : "gw-b", epoch)));
                    giveUp(isFirst ? pair.a : pair.b, thing);
                }
            }
        }
    }

    private void giveUp(Grid owner, String thing) {
        owner.ownership().release(thing);
        await().atMost(Pair.PATIENCE)
                .until(() ->
                        pair.a.ownership().heldHere(thing) == null
                                && pair.b.ownership().heldHere(thing) == null);
    }

    /// What a member says once it can say.
    static Outcome acquired(Grid grid, String thing) {
        return await().atMost(Pair.PATIENCE)
                .until(
                        () -> {
                            CompletableFuture<Outcome> outcome = new CompletableFuture<>();
                            grid.ownership().acquire(thing, outcome::complete);
                            return outcome.join();
                        },
                        outcome -> !(outcome instanceof Outcome.Unavailable));
    }

    @Test
    void snapshotsOfAMemberStandAtTheOtherAndTheLastWriteCounts() {
        for (int i = 0; i < 1_000; i++) {
            pair.a.standby().put(claim(i), Octets.ofHex("01"));
            pair.a.standby().put(claim(i), Octets.ofHex("02"));
            pair.a.standby().putCounters(claim(i), Octets.ofInt(i));
        }
        pair.a.standby().remove(claim(7));
        await().atMost(Pair.PATIENCE).until(() -> pair.b.standby().sizeOf("gw-a") == 999);
        assertThat(left(pair.b, "gw-a"))
                .hasSize(999)
                .contains(new Snapshot(claim(3), Octets.ofHex("02"), Octets.ofInt(3)))
                .noneMatch(snapshot -> snapshot.key().equals(claim(7)));
        // Nothing is removed before the taker has written its own; what is written anew stays.
        await().atMost(Pair.PATIENCE).until(() -> pair.a.standby().sizeOf("gw-a") == 999);
        pair.a.standby().put(claim(3), Octets.ofHex("03"));
        pair.a.standby().flush();
        pair.b.standby().dropTaken("gw-a");
        await().atMost(Pair.PATIENCE).until(() -> pair.a.standby().sizeOf("gw-a") == 1);
        assertThat(pair.a.standby().backlog().entries()).isZero();
        pair.a.standby().clear();
        await().atMost(Pair.PATIENCE).until(() -> pair.b.standby().sizeOf("gw-a") == 0);
    }

    /// More IKE SAs than one batch has room for, half of them without counters.
    @Test
    void whatEndsIsGoneAtTheOtherAndMayBeginAnew() {
        int many = 1_500;
        for (int i = 0; i < many; i++) {
            pair.b.standby().put(claim(i), Octets.ofHex("01"));
            if (i % 2 == 0) {
                pair.b.standby().putCounters(claim(i), Octets.ofInt(i));
            }
        }
        await().atMost(Pair.PATIENCE).until(() -> pair.a.standby().sizeOf("gw-b") == many);
        for (int i = 0; i < many; i++) {
            pair.b.standby().remove(claim(i));
        }
        // Once the end is on its way, what begins anew comes after it.
        await().atMost(Pair.PATIENCE).until(() -> pair.b.standby().backlog().entries() == 0);
        for (int i = 0; i < many; i++) {
            pair.b.standby().put(claim(i), Octets.ofHex("02"));
        }
        pair.b.standby().put(claim(many), Octets.ofHex("02"));
        await().atMost(Pair.PATIENCE).until(() -> pair.a.standby().sizeOf("gw-b") == many + 1);
        List<Snapshot> left = left(pair.a, "gw-b");
        assertThat(left)
                .hasSize(many + 1)
                .allMatch(snapshot -> snapshot.record().equals(Octets.ofHex("02")))
                .allMatch(snapshot -> snapshot.counters().isEmpty());
        pair.b.standby().clear();
        await().atMost(Pair.PATIENCE).until(() -> pair.a.standby().sizeOf("gw-b") == 0);
        assertThat(left(pair.b, "gw-b")).isEmpty();
    }

    /// The engine refuses: its cache is stopped, which nothing starts again.
    @Test
    void anEndThatCannotBeWrittenIsNotForgotten() {
        try (Pair own = new Pair()) {
            own.b.standby().put(claim(1), Octets.ofHex("01"));
            await().atMost(Pair.PATIENCE).until(() -> own.a.standby().sizeOf("gw-b") == 1);
            own.b.manager().getCache(Caches.STANDBY).stop();
            own.b.standby().remove(claim(1));
            // It has been tried for long, and waits, with its counters.
            await().atMost(Pair.PATIENCE)
                    .until(
                            own.b.standby()::backlog,
                            backlog -> backlog.entries() == 2 && backlog.millis() > 500);
            assertThat(own.a.standby().sizeOf("gw-b")).isEqualTo(1);
        }
    }

    /// What a member has left, as the other one reads it.
    private static List<Snapshot> left(Grid at, String lost) {
        CompletableFuture<List<Snapshot>> taken = new CompletableFuture<>();
        List<Snapshot> all = new ArrayList<>();
        at.standby()
                .takeAll(
                        lost,
                        part -> {
                            all.addAll(part);
                            if (part.isEmpty()) {
                                taken.complete(all);
                            }
                        });
        return taken.join();
    }
}
