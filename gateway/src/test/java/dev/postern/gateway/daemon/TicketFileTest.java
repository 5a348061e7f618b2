package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.crypto.SecretBytes;
import dev.postern.gateway.configuration.KeptTicket;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ticket.Session;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.Proposal;
import dev.postern.wire.Protocol;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The file in which a client's session outlives its process.
class TicketFileTest {
    private static final Identity ALICE = Identity.fqdn("alice.example");
    private static final String DOMAIN = "vpn.example";
    private static final long NOW = 1_800_000_000L;

    @TempDir private Path directory;
    private KeptTicket place = new KeptTicket(Path.of(""), Path.of(""));

    @BeforeEach
    void name() {
        place = new KeptTicket(directory.resolve("ticket"), directory.resolve("ticket.key"));
    }

    private static ResumableSession session(int count) {
        Session session =
                new Session(
                        Session.Kind.ONE_ROUND_TRIP,
                        Octets.of(new byte[16]),
                        0,
                        count,
                        ALICE,
                        Identity.fqdn("gw.example"),
                        ALICE,
                        new Proposal(1, Protocol.IKE, Octets.EMPTY, List.of()),
                        SecretBytes.owning(new byte[32]),
                        Octets.of(new byte[48]),
                        List.of(),
                        List.of(),
                        2,
                        NOW,
                        NOW,
                        NOW + 3600,
                        0,
                        "client",
                        DOMAIN,
                        0,
                        Octets.EMPTY,
                        List.of(),
                        List.of());
        return new ResumableSession(session, Octets.of(new byte[300]), NOW + 3600);
    }

    private TicketFile open() throws IOException {
        return TicketFile.open(place, new SystemEntropy());
    }

    private @Nullable ResumableSession load() throws IOException {
        try (TicketFile file = open()) {
            return file.load(ALICE, DOMAIN, NOW);
        }
    }

    private void keep(@Nullable ResumableSession... sessions) throws IOException {
        try (TicketFile file = open()) {
            for (ResumableSession session : sessions) {
                file.keep(session);
            }
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aClientWithoutAFileBeginsAnew() throws IOException {
        assertThat(load()).isNull();
        assertThat(place.file()).doesNotExist();
    }

    @Test
    void theNewestTicketIsThereInTheNextLife() throws IOException {
        keep(session(0), session(1), session(2));

        ResumableSession kept = load();
        assertThat(kept).isNotNull();
        assertThat(kept.session().gatewaySwitchCount()).isEqualTo(2);
    }

    @Test
    void ticketAndKeyAreTheirOwnersAlone() throws IOException {
        keep(session(0));

        assertThat(mode(place.file())).isEqualTo("rw-------");
        assertThat(mode(place.key())).isEqualTo("rw-------");
        assertThat(place.key()).hasSize(32);
        assertThat(directory).isDirectoryNotContaining(file -> file.toString().endsWith(".new"));
    }

    @Test
    void nothingIsLeftOfASessionThatHasEnded() throws IOException {
        keep(session(0), null);

        assertThat(place.file()).doesNotExist();
        assertThat(load()).isNull();
    }

    @Test
    void anExpiredTicketIsNotResumed() throws IOException {
        keep(session(0));

        try (TicketFile file = open()) {
            assertThat(file.load(ALICE, DOMAIN, NOW + 3600)).isNull();
        }
    }

    @Test
    void aTicketOfSomebodyElseIsLeftAlone() throws IOException {
        keep(session(0));

        try (TicketFile file = open()) {
            assertThat(file.load(Identity.fqdn("bob.example"), DOMAIN, NOW)).isNull();
            assertThat(file.load(ALICE, "another.example", NOW)).isNull();
        }
        assertThat(load()).isNotNull();
    }

    @Test
    void aDamagedTicketIsLeftAsItIs() throws IOException {
        keep(session(0));
        byte[] octets = Files.readAllBytes(place.file());
        octets[40] ^= 1;
        Files.write(place.file(), octets);

        assertThat(load()).isNull();
        assertThat(place.file()).hasBinaryContent(octets);
    }

    @Test
    void aKeyThatIsOpenToOthersIsNotUsed() throws IOException {
        keep(session(0));
        Files.setPosixFilePermissions(place.key(), PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(place.key().toString())
                .hasMessageContaining("open to everybody")
                .hasMessageContaining("chmod go=");
        assertThat(place.file()).exists();
    }

    @Test
    void aTicketThatIsOpenToOthersIsNotUsed() throws IOException {
        keep(session(0));
        Files.setPosixFilePermissions(place.file(), PosixFilePermissions.fromString("rw-rw----"));

        assertThatThrownBy(this::load)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(place.file().toString())
                .hasMessageContaining("open to its group");
    }

    @Test
    void aKeyThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.createFile(directory.resolve("no directory"));
        place = new KeptTicket(place.file(), file.resolve("ticket.key"));
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be written to " + place.key());
    }

    /// One of them makes the key, and none finds half of it.
    @Test
    void clientsThatStartAtOnceShareOneKey() throws Exception {
        for (int round = 0; round < 50; round++) {
            Files.deleteIfExists(place.key());
            List<Callable<Long>> starts =
                    IntStream.range(0, 6)
                            .mapToObj(number -> directory.resolve("ticket" + number))
                            .<Callable<Long>>map(ticket -> () -> sizeOfKeyOf(ticket))
                            .toList();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Long> start : threads.invokeAll(starts)) {
                    assertThat(start.get()).isEqualTo(32);
                }
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .as("but for the locks")
                    .filteredOn(each -> !each.matches("ticket[0-5].lock"))
                    .containsExactly("ticket.key");
        }
    }

    private long sizeOfKeyOf(Path ticket) throws IOException {
        TicketFile.open(new KeptTicket(ticket, place.key()), new SystemEntropy()).close();
        return Files.size(place.key());
    }

    @Test
    void aKeyOfAnotherLengthIsRefusedAndKept() throws IOException {
        Files.write(place.key(), new byte[31]);
        Files.setPosixFilePermissions(place.key(), PosixFilePermissions.fromString("rw-------"));

        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fewer than the 32 octets");
        assertThat(place.key()).hasSize(31);
    }

    @Test
    void aFullDiskCostsTheTicketAndNothingElse() throws IOException {
        Files.createDirectory(place.file());
        Files.createFile(place.file().resolve("in the way"));

        keep(session(0), session(1));

        assertThat(place.file()).isDirectory();
    }

    /// The endpoint has the answer to a resume, and nothing that follows from it has left.
    @Test
    void aUsedTicketIsGoneBeforeAnythingElseHappens() throws IOException {
        keep(session(1));
        TicketFile file = open();
        ResumableSession kept = file.load(ALICE, DOMAIN, NOW);
        assertThat(kept).isNotNull();
        file.spent(kept);
        assertThat(place.file()).as("an attempt uses nothing up").exists();

        ResumableSession next = fresh(2);
        file.spent(next);

        assertThat(place.file()).as("the process is killed here").doesNotExist();
        file.keep(next);
        file.close();
        assertThat(load()).isEqualTo(next);
    }

    @Test
    void aUsedTicketIsGoneWhereItsSuccessorCannotBeWritten() throws IOException {
        keep(session(1));
        try (TicketFile file = open()) {
            ResumableSession kept = file.load(ALICE, DOMAIN, NOW);
            file.keep(kept);
            // What is written first stands in the way of that.
            Files.createDirectories(directory.resolve("ticket.new").resolve("full"));
            file.keep(fresh(2));
        }
        assertThat(place.file()).doesNotExist();
        assertThat(load()).isNull();
    }

    @Test
    void behindALinkTheTicketGoesAndTheLinkStays() throws IOException {
        Path elsewhere = directory.resolve("elsewhere");
        Files.writeString(elsewhere, "");
        Files.createSymbolicLink(place.file(), elsewhere);
        keep(session(1));
        assertThat(load()).isNotNull();
        keep(fresh(2), null);
        assertThat(elsewhere).doesNotExist();
        keep(fresh(3));
        assertThat(elsewhere).exists();
        keep(fresh(3), null);
        assertThat(elsewhere).doesNotExist();
        assertThat(Files.isSymbolicLink(place.file())).isTrue();
    }

    private static ResumableSession fresh(int count) {
        byte[] ticket = new byte[300];
        ticket[0] = (byte) count;
        ResumableSession before = session(count);
        return new ResumableSession(
                before.session(),
                Octets.of(ticket),
                before.validUntil(),
                false,
                before.lastSwitchCount());
    }

    @Test
    void withoutAPlaceNothingIsKept() throws IOException {
        try (TicketFile none = TicketFile.open(null, new SystemEntropy())) {
            assertThat(none.isKept()).isFalse();
            none.keep(session(0));
            assertThat(none.load(ALICE, DOMAIN, NOW)).isNull();
        }
        assertThat(directory).isEmptyDirectory();
    }
}
