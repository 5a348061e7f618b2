package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.SessionStore.Raise;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.stream.IntStream;

/// A session has one owner and as many backups as the setting `copies` says.
class CopiesTest {
    private static final long NOW = 1_800_000_000L;
    private static final int SESSIONS = 60;
    private static final StoredSession SESSION =
            new StoredSession(Octets.ofHex("a1a2"), 0, Octets.EMPTY, NOW + 3_600);

    @AutoClose private final Trio trio = new Trio();

    private static SessionReference reference(int number) {
        return SessionReference.ofSpis(1, number);
    }

    @Test
    void aSessionHasTwoCopiesAndOutlivesMembersThatEndOneAfterTheOther() throws Exception {
        Grid a = trio.startFirst(2);
        Grid b = trio.start("gw-b", 2);
        Trio.awaitCopies(a, b);
        Grid c = trio.start("gw-c", 2);
        Trio.awaitCopies(a, b, c);
        for (int i = 0; i < SESSIONS; i++) {
            c.sessions().put(reference(i), SESSION, NOW).toCompletableFuture().join();
        }
        assertThat(IntStream.of(here(a), here(b), here(c)).sum()).isEqualTo(2 * SESSIONS);

        trio.stop(b);
        Trio.awaitCopies(a, c);
        assertThat(here(a)).isEqualTo(SESSIONS);
        assertThat(here(c)).isEqualTo(SESSIONS);
        trio.stop(c);
        Trio.awaitCopies(a);
        for (int i = 0; i < SESSIONS; i++) {
            assertThat(
                            a.sessions()
                                    .raise(reference(i), 1, Octets.ofInt(i), NOW)
                                    .toCompletableFuture()
                                    .join())
                    .isEqualTo(Raise.RAISED);
        }
    }

    private static int here(Grid grid) {
        return grid.holdings().sessions();
    }

    /// Where it was let in, the engine would stop at the members that run.
    @Test
    void aMemberThatWantsAnotherNumberOfCopiesIsRefused() throws Exception {
        Grid a = trio.startFirst(0);
        Grid b = trio.start("gw-b", 0);
        Trio.awaitCopies(a, b);
        assertThatThrownBy(() -> trio.start("gw-c", 2))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("copies is 2 at gw-c, and 0 at the members that run")
                .hasMessageContaining("wanted is the same at each");
        Trio.awaitCopies(a, b);
        a.sessions().put(reference(1), SESSION, NOW).toCompletableFuture().join();
        assertThat(here(b)).isOne();
    }
}
