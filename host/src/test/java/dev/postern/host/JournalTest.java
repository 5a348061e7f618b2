package dev.postern.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.net.Prefix;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// What a client has changed on its host is on the disk before, and is undone from there.
final class JournalTest {
    private static final Change RULES = new Change.RulesAdded(5_400);

    @TempDir private Path directory = Path.of("");

    @Test
    void everyChangeIsReadAsItWasWritten() throws Exception {
        Journal journal = Journal.begin(directory.resolve("a.state"));
        List<Change> changes =
                List.of(
                        RULES,
                        new Change.BarrierRaised(
                                5_400,
                                List.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("fd00:1::/64"))),
                        new Change.TransportRulesAdded(7),
                        new Change.ReversePathStrict("outside.12", "2"),
                        new Change.ResolverFile(Path.of("/etc/a b"), "nameserver 1\n\n# x\n", true),
                        new Change.ResolverFile(Path.of("/etc/c"), "", false),
                        new Change.ResolverLink(ResolverKind.RESOLVCONF, "postern0"));
        for (Change change : changes) {
            journal.add(change);
        }
        assertThat(Journal.read(journal.file()).orElseThrow().changes()).isEqualTo(changes);
        assertThat(Files.getPosixFilePermissions(journal.file()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void aBarrierOfWhatIsNoSubnetIsPassedOver() {
        for (String spoilt :
                List.of("x 0.0.0.0/0", "5400 10.1.0.1/24", "5400 ::/0", "5400 dns/8")) {
            assertThat(Change.parse("barrier-raised " + spoilt)).as(spoilt).isEmpty();
        }
        assertThat(Change.parse("barrier-raised 5400 10.1.0.0/24")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "transport-rules-added 100",
                "transport-rules-added -1",
                "reverse-path-strict =ZXRoMA== 1",
                "reverse-path-strict =ZXRoMA== x",
                "reverse-path-strict eth0 0"
            })
    void whatNoTransportModeHasChangedIsPassedOver(String spoilt) {
        assertThat(Change.parse(spoilt)).isEmpty();
    }

    @Test
    void whatIsLeftToTheNextIsInNobodysUse() throws Exception {
        Journal journal = Journal.begin(directory.resolve("a.state"));
        journal.add(RULES);
        journal.leave();
        Journal left = Journal.read(journal.file()).orElseThrow();
        assertThat(left.isInUse()).isFalse();
        assertThat(left.changes()).containsExactly(RULES);
    }

    @Test
    void aGatewaysJournalIsNoneThatAClientsUserPutsBack() throws Exception {
        Path gateways = Restoration.journalOfGateway(directory, "postern0");
        Files.writeString(gateways, "process 1 1\n");
        assertThat(Restoration.journals(directory)).isEmpty();
        assertThat(Restoration.allJournals(directory)).containsExactly(gateways);
    }

    @Test
    void aBarrierIsInheritedAndTheRestIsUndone() throws Exception {
        Path state = directory.resolve("a.state");
        Change barrier = new Change.BarrierRaised(5_400, List.of(Prefix.parse("10.1.0.0/24")));
        Change resolver = new Change.ResolverFile(directory.resolve("gone"), "", false);
        Files.writeString(
                state,
                "process 1 1\n%s\n%s\n%s\n"
                        .formatted(RULES.line(), barrier.line(), resolver.line()));
        List<Change> undone = new ArrayList<>();

        Journal ours = Restoration.inherit(state, new HostTools(List.of()), undone);

        assertThat(undone).containsExactly(resolver);
        assertThat(ours.changes()).containsExactly(RULES, barrier);
        assertThat(ours.isInUse()).isTrue();
        assertThat(Journal.read(state).orElseThrow().changes()).containsExactly(RULES, barrier);
        assertThat(Journal.read(state).orElseThrow().isInUse()).isTrue();
    }

    @Test
    void nothingIsLeftWhereEverythingIsUndone() throws Exception {
        Journal journal = Journal.begin(directory.resolve("a.state"));
        journal.add(RULES);
        journal.remove(RULES);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aJournalThatCannotBeWrittenRefusesTheChange() throws Exception {
        Path file = directory.resolve("file");
        Files.writeString(file, "no directory");
        Journal journal = Journal.begin(file.resolve("a.state"));
        assertThatThrownBy(() -> journal.add(RULES))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be noted");
        assertThat(journal.changes()).isEmpty();
    }

    @Test
    void whatALivingClientHasWrittenIsLeftAlone() throws Exception {
        Journal journal = Journal.begin(directory.resolve("a.state"));
        journal.add(RULES);
        assertThatThrownBy(() -> Restoration.restore(journal.file(), new HostTools(List.of())))
                .hasMessageContaining("still runs");
    }

    @Test
    void journalsAreLookedForInADirectoryAndAMissingOneHasNone() throws Exception {
        assertThat(Restoration.journals(directory.resolve("none"))).isEmpty();
        Path mine = Restoration.journalOf(directory, "postern0");
        Files.writeString(mine, "process 1 1\n");
        Files.writeString(directory.resolve("client-postern0-7.state"), "another namespace's");
        assertThat(Restoration.journals(directory)).containsExactly(mine);
        assertThatThrownBy(() -> Restoration.journals(mine)).hasMessageContaining("no directory");
    }

    @Test
    void aDeadClientsResolverFileIsPutBackWithItsMode() throws Exception {
        Path file = Files.writeString(directory.resolve("resolv.conf"), "nameserver 192.0.2.53\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Path state = directory.resolve("a.state");
        HostTools none = new HostTools(List.of());
        HostResolver resolver =
                new HostResolver(ResolverKind.FILE, none, file, "postern0", Journal.begin(state));
        resolver.use(
                new HostResolver.Settings(List.of(InetAddress.ofLiteral("10.1.0.53")), List.of()));
        assertThat(file).content().contains("nameserver 10.1.0.53").doesNotContain("192.0.2.53");
        // The process is another one, which is gone.
        Files.writeString(
                state, Files.readString(state).replaceFirst("process \\d+ \\d+", "process 1 1"));

        assertThat(Restoration.restore(state, none)).hasSize(1);

        assertThat(file).hasContent("nameserver 192.0.2.53");
        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(state).doesNotExist();
        assertThat(Restoration.restore(state, none)).isEmpty();
    }
}
