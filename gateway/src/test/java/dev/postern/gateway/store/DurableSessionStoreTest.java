package dev.postern.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.ticket.store.MemorySessionStore;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.SessionStore;
import dev.postern.ticket.store.SessionStore.Raise;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// The store in a file, against the one in memory, and over crashes.
class DurableSessionStoreTest {
    @TempDir private Path directory;

    private static SessionReference reference(long number) {
        return SessionReference.ofSpis(number, ~number);
    }

    private static StoredSession session(int size, long expiresAt) {
        return new StoredSession(Octets.of(new byte[size]), 0, Octets.EMPTY, expiresAt);
    }

    private Path file() {
        return directory.resolve("sessions.db");
    }

    private DurableSessionStore open(int maximum) throws IOException {
        return DurableSessionStore.open(file(), maximum, false);
    }

    @Test
    void itDoesWhatTheOneInMemoryDoes() throws Exception {
        Random random = new Random(5);
        MemorySessionStore expected = new MemorySessionStore(40);
        try (DurableSessionStore actual = open(40)) {
            for (int i = 0; i < 5_000; i++) {
                long now = i / 20;
                SessionReference reference = reference(random.nextInt(60));
                int count = random.nextInt(16);
                Octets claim = Octets.of(new byte[] {(byte) random.nextInt(2)});
                switch (random.nextInt(4)) {
                    case 0 -> {
                        StoredSession written =
                                session(1 + random.nextInt(500), now + random.nextInt(60));
                        assertThat(actual.put(reference, written, now))
                                .isEqualTo(expected.put(reference, written, now));
                    }
                    case 1 ->
                            assertThat(actual.fetch(reference, now))
                                    .isEqualTo(expected.fetch(reference, now));
                    case 2 ->
                            assertThat(actual.raise(reference, count, claim, now))
                                    .isEqualTo(expected.raise(reference, count, claim, now));
                    default -> {
                        actual.drop(reference, count);
                        expected.drop(reference, count);
                    }
                }
                if (i % 50 == 0) {
                    actual.commit();
                }
                assertThat(actual.size()).isEqualTo(expected.size());
            }
        }
    }

    @Test
    void whatIsCommittedIsThereAfterwards() throws Exception {
        try (DurableSessionStore store = open(10)) {
            assertThat(store.put(reference(1), session(300, 100), 0)).isTrue();
            assertThat(store.raise(reference(1), 3, Octets.ofAscii("claim"), 0))
                    .isEqualTo(Raise.RAISED);
            store.commit();
        }
        try (DurableSessionStore store = open(10)) {
            StoredSession found = store.fetch(reference(1), 99);
            assertThat(found).isNotNull();
            assertThat(found == null ? 0 : found.gatewaySwitchCount()).isEqualTo(3);
            assertThat(store.fetch(reference(1), 100)).as("expired").isNull();
        }
    }

    /// A gateway that is set back to an older version finds what the newer one has kept.
    @Test
    void aRecordOfALaterVersionIsNeverOverwrittenRaisedOrDropped() throws Exception {
        byte[] key = reference(1).octets().array();
        try (DurableSessionStore store = open(10)) {
            store.put(reference(1), session(300, 100), 0);
            store.commit();
        }
        byte[] later = session(300, 100).encode();
        later[0]++;
        try (MVStore raw = MVStore.open(file().toString())) {
            raw.openMap("sessions", DurableSessionStore.tree()).put(key, later);
        }
        try (DurableSessionStore older = open(10)) {
            assertThatThrownBy(() -> older.put(reference(1), session(200, 200), 0))
                    .isInstanceOf(SessionStore.UnavailableException.class);
            assertThat(older.fetch(reference(1), 0)).isNull();
            assertThat(older.raise(reference(1), 3, Octets.EMPTY, 0)).isEqualTo(Raise.UNKNOWN);
            older.drop(reference(1), 15);
            older.commit();
        }
        try (MVStore raw = MVStore.open(file().toString())) {
            assertThat(raw.openMap("sessions", DurableSessionStore.tree()).get(key))
                    .isEqualTo(later);
        }
    }

    @Test
    void itIsItsOwnersAlone() throws Exception {
        open(10).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void expiredRecordsMakeRoomAndTheFileDoesNotGrowForEver() throws Exception {
        try (DurableSessionStore store = DurableSessionStore.open(file(), 1_000, true)) {
            for (int round = 0; round < 40; round++) {
                for (int i = 0; i < 1_000; i++) {
                    boolean fits =
                            store.put(reference(round * 1_000 + i), session(400, round + 1), round);
                    assertThat(fits || i < 1_000).isTrue();
                }
                store.commit();
                store.tidy(round + 1);
            }
            for (int i = 0; i < 20; i++) {
                store.tidy(1_000);
            }
            assertThat(store.size()).isZero();
        }
        assertThat(Files.size(file())).isLessThan(20L * 1_000 * 500);
    }

    @Test
    void aDamagedFileIsRefusedInWords() throws Exception {
        Files.write(file(), new byte[20_000]);
        assertThatThrownBy(() -> open(10))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("sessions.db")
                .hasMessageContaining("move it aside");
    }

    @Test
    void aSecondGatewayMayNotOpenIt() throws Exception {
        try (DurableSessionStore store = open(10)) {
            assertThatThrownBy(() -> open(10)).isInstanceOf(IOException.class);
            assertThat(store.size()).isZero();
        }
    }

    @Test
    void aClosedStoreIsUnavailable() throws Exception {
        DurableSessionStore store = open(10);
        store.close();
        assertThatThrownBy(() -> store.fetch(reference(1), 0))
                .isInstanceOf(SessionStore.UnavailableException.class);
        assertThatThrownBy(() -> store.put(reference(1), session(1, 9), 0))
                .isInstanceOf(SessionStore.UnavailableException.class);
    }

    /// A process that writes and says what it has committed is killed; nothing it said is lost, and
    /// every record is whole.
    @Test
    void aKilledWriterLosesNothingThatItCommitted() throws Exception {
        Process writer =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.postern.gateway.store.CommittingWriter",
                                file().toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        long committed = -1;
        try (var lines = writer.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                committed = Long.parseLong(line);
                if (committed == 300) {
                    boolean killed = writer.toHandle().destroyForcibly();
                    assertThat(killed).isTrue();
                }
            }
        } finally {
            writer.destroyForcibly();
        }
        assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(committed).isGreaterThanOrEqualTo(300);
        try (DurableSessionStore store = open(1_000_000)) {
            for (long batch = 0; batch <= committed; batch++) {
                for (int i = 0; i < CommittingWriter.BATCH; i++) {
                    StoredSession found =
                            store.fetch(reference(batch * CommittingWriter.BATCH + i), 0);
                    assertThat(found).as("batch %d record %d", batch, i).isNotNull();
                }
            }
        }
    }
}
