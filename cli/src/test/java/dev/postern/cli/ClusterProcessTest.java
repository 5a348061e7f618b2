package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Processes.Running;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// Two gateways of a cluster on one machine, each with files of its own.
final class ClusterProcessTest {
    /// The TGS-SPI of the key that both begin with.
    private static final String FIRST_KEY = "key 0102030405060708 ";

    private static final String ENDS = " accept-until ";

    @TempDir private Path directory = Path.of("");
    private Processes processes = new Processes(Path.of(""));
    private TwoMembers members = new TwoMembers(directory, processes);

    @BeforeEach
    void writeFiles() throws Exception {
        processes = new Processes(directory);
        members = new TwoMembers(directory, processes).write("");
    }

    @AfterEach
    void end() {
        processes.close();
    }

    private Path path(String name) {
        return directory.resolve(name);
    }

    /// At gw-a, and the old keys open tickets for this long.
    private void rotate(String overlap) throws Exception {
        members.run(
                "tgs-key",
                "rotate",
                path("a.keys").toString(),
                "--issue-in",
                "0s",
                "--overlap",
                overlap);
    }

    private List<String> keys(char letter) throws IOException {
        return Files.readAllLines(path(letter + ".keys")).stream()
                .filter(line -> line.startsWith("key "))
                .sorted()
                .toList();
    }

    private boolean haveBothKeys() throws IOException {
        return keys('b').size() == 2 && keys('a').equals(keys('b'));
    }

    private Instant endOfTheFirstKey(char letter) throws IOException {
        List<String> first =
                keys(letter).stream()
                        .filter(line -> line.startsWith(FIRST_KEY) && line.contains(ENDS))
                        .toList();
        assertThat(first).as("it has an end").hasSize(1);
        String line = first.getFirst();
        return Instant.parse(line.substring(line.indexOf(ENDS) + ENDS.length()));
    }

    /// The key's end is known for a day, also to members that were started after it: whoever was
    /// down meanwhile would bring it back.
    @Test
    void aTgsKeyThatEndedWhileAMemberWasDownHasEndedThereToo() throws Exception {
        Running a = members.start('a');
        Running b = members.start('b');
        TwoMembers.awaitBoth(b);
        a.await("gateway-ready");
        Running client = members.startClient();
        client.await("ticket-received");
        client.signal("STOP");
        b.kill();
        rotate("1s");
        Instant end = endOfTheFirstKey('a');
        Processes.until("the key has ended", () -> Instant.now().isAfter(end));
        a.kill();

        a = members.start('a');
        a.await("gateway-ready");
        b = members.start('b');
        TwoMembers.awaitBoth(b);
        Processes.until("both have both keys", this::haveBothKeys);
        assertThat(endOfTheFirstKey('b')).isEqualTo(end);

        // The ticket is of the key that has ended; the next one is of the key that gw-a has.
        a.kill();
        client.signal("CONT");
        assertThat(client.await("switch-completed", "to=gw-b.example")).doesNotContain("resumed");
        client.await("ticket-received");
        a = members.start('a');
        TwoMembers.awaitBoth(a);
        b.kill();
        assertThat(client.await("switch-completed", "to=gw-a.example"))
                .contains("by=resumed-1rtt")
                .contains("addressChanged=false");
    }

    /// Somebody else's directory stands where this gateway writes a file before it takes the old
    /// one's place: nothing can be written, whoever the gateway runs as.
    private void obstruct(String file) throws IOException {
        Files.createFile(Files.createDirectory(path(file + ".new")).resolve("obstacle"));
    }

    private void clear(String file) throws IOException {
        Files.delete(path(file + ".new").resolve("obstacle"));
        Files.delete(path(file + ".new"));
    }

    @Test
    void aMemberThatCannotWriteItsFilesSaysSoAndGoesOn() throws Exception {
        Running a = members.start('a');
        Running b = members.start('b');
        TwoMembers.awaitBoth(b);
        a.await("gateway-ready");
        for (String file : List.of("b.keys", "b.voters", "b.leases")) {
            obstruct(file);
        }
        rotate("30d");
        a.await("tgs-keys-loaded", "keys=2");
        b.await("tgs-keys-unwritten", "keys=2");
        b.await("the cluster's TGS keys do not reach " + path("b.keys"), "DirectoryNotEmpty");
        assertThat(keys('b')).hasSize(1);

        // Its ticket is of the key that gw-b could not write down.
        Running client = members.startClient();
        client.await("ticket-received");
        a.kill();
        b.await("the members of the cluster cannot be written to " + path("b.voters"));
        assertThat(client.await("switch-completed", "to=gw-b.example"))
                .contains("by=resumed-1rtt")
                .contains("addressChanged=false");
        b.await("the leases cannot be written to " + path("b.leases"));

        for (String file : List.of("b.keys", "b.voters", "b.leases")) {
            clear(file);
        }
        b.await("the members of the cluster are in " + path("b.voters") + " again");
        Processes.until("the keys are written", this::haveBothKeys);
        Processes.until(
                "the lease is written",
                () ->
                        Files.exists(path("b.leases"))
                                && Files.readString(path("b.leases")).contains("10.9.0.1"));
        assertThat(path("b.voters")).content().doesNotContain("gw-a.example");
        assertThat(b.process().isAlive()).isTrue();
        assertThat(client.process().isAlive()).isTrue();
    }

    private void assertNotFenced(String name, String why) throws Exception {
        Processes.Ended fence =
                processes.run("ctl", "fence", name, "--admin", path("a.sock").toString());
        assertThat(fence.said()).contains(why);
        assertThat(fence.exit()).isEqualTo(ExitCode.WRONG_USAGE);
    }

    @Test
    void aFenceOfWhoIsNotInDoubtIsRefusedWithWhoThereIs() throws Exception {
        members.start('a').await("gateway-ready");
        String socket = path("a.sock").toString();
        Processes.until(
                "gw-b counts as down",
                () ->
                        members.run("ctl", "members", "--json", "--admin", socket)
                                .contains("\"state\":\"down\""));
        String all = "; there are gw-a.example, gw-b.example";
        assertNotFenced("", "fence of nobody" + all);
        assertNotFenced("gw-x.example", "there is no member gw-x.example" + all);
        assertNotFenced("gw-b.example", "gw-b.example is not in doubt");
        assertNotFenced("gw-a.example", "or known to be down; in doubt is nobody");
    }
}
