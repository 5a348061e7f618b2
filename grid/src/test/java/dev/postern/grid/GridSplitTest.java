package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.cluster.Ownership.Held;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.SessionStore.Raise;
import dev.postern.ticket.store.SessionStore.UnavailableException;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import org.jgroups.protocols.DISCARD;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Two members, both alive, that do not hear each other for a while: of two the one with the lower
/// name goes on.
class GridSplitTest {
    private static final long NOW = 1_800_000_000L;

    /// Enough that either member decides some of them.
    private static final int THINGS = 24;

    @AutoClose private final Pair pair = new Pair();
    private final List<DISCARD> cuts = new ArrayList<>();

    @AfterEach
    void heal() {
        cuts.forEach(cut -> cut.discardAll(false));
    }

    private void cut() {
        cuts.add(Channels.cut(pair.a));
        cuts.add(Channels.cut(pair.b));
    }

    private static String thing(int number) {
        return "thing " + number;
    }

    private static CompletableFuture<Outcome> ask(Grid grid, String thing) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        grid.ownership().acquire(thing, outcome::complete);
        return outcome;
    }

    /// What a member says once it can say.
    private static Outcome acquired(Grid grid, String thing) {
        return await().atMost(Pair.PATIENCE)
                .until(
                        () -> ask(grid, thing).join(),
                        outcome -> !(outcome instanceof Outcome.Unavailable));
    }

    private static SessionReference reference(int number) {
        return SessionReference.ofSpis(0x5157, number);
    }

    private static CompletableFuture<Raise> raise(Grid grid, int number, int claim) {
        return grid.sessions()
                .raise(reference(number), 1, Octets.ofInt(claim), NOW)
                .toCompletableFuture();
    }

    /// Once it can be said; what has been said does not change.
    private static void awaitRaise(Grid grid, int number, int claim, Raise outcome) {
        await().atMost(Pair.PATIENCE)
                .ignoreExceptions()
                .until(() -> raise(grid, number, claim).join() == outcome);
    }

    private static void awaitAlone(Grid grid, boolean primary) {
        await().atMost(Pair.PATIENCE)
                .until(() ->
                        grid.view().members().size() == 1
                                && !grid.isSettling()
                                && grid.isPrimary() == primary);
    }

    /// What is asked before anybody has missed the other is written while the view changes, on the
    /// side that does not go on too. And nothing changes hands while two sides become one: a member
    /// may know yet what its own side knew alone.
    @Test
    void whatIsWrittenWhileMembersLoseEachOtherIsOwnedOnThePrimarySideAlone() {
        StoredSession session =
                new StoredSession(Octets.ofHex("a1b2c3"), 0, Octets.EMPTY, NOW + 3_600);
        for (int i = 0; i < THINGS; i++) {
            pair.a.sessions().put(reference(i), session, NOW).toCompletableFuture().join();
        }
        cut();
        List<CompletableFuture<Outcome>> asked = new ArrayList<>();
        List<CompletableFuture<Raise>> raised = new ArrayList<>();
        for (int i = 0; i < THINGS; i++) {
            asked.add(ask(pair.b, thing(i)));
            raised.add(raise(pair.b, i, 7));
        }

        awaitAlone(pair.a, true);
        awaitAlone(pair.b, false);
        for (CompletableFuture<Outcome> each : asked) {
            assertThat(each.join()).isEqualTo(new Outcome.Unavailable());
        }
        for (CompletableFuture<Raise> each : raised) {
            assertThat(each.handle((_, failure) -> failure).join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(UnavailableException.class);
        }
        assertThat(ask(pair.b, "asked later").join()).isEqualTo(new Outcome.Unavailable());
        for (int i = 0; i < THINGS; i++) {
            assertThat(acquired(pair.a, thing(i))).isEqualTo(new Outcome.Owned(1));
            awaitRaise(pair.a, i, 8, Raise.RAISED);
        }

        heal();
        for (Grid member : List.of(pair.a, pair.b)) {
            await().atMost(Pair.PATIENCE).until(() -> member.view().members().size() == 2);
        }
        for (int i = 0; pair.a.isUniting(); i++) {
            Outcome outcome = ask(pair.a, "asked while sides are united " + i).join();
            assertThat(!pair.a.isUniting() || outcome instanceof Outcome.Unavailable)
                    .as("%s while sides are united", outcome)
                    .isTrue();
        }
        for (int i = 0; i < THINGS; i++) {
            assertThat(acquired(pair.b, thing(i)))
                    .isEqualTo(new Outcome.Refused(new Held("gw-a", 1)));
        }
        for (int i = 0; i < THINGS; i++) {
            awaitRaise(pair.b, i, 7, Raise.TAKEN);
        }
    }
}
