package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Processes.Running;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// The members of a cluster are upgraded one by one, and their client, which holds nothing but a
/// reference, resumes each time.
final class RollingUpgradeProcessTest {
    @TempDir private Path directory = Path.of("");
    private Processes processes = new Processes(Path.of(""));
    private TwoMembers members = new TwoMembers(directory, processes);
    private Path next = Path.of("");

    @BeforeEach
    void begin() throws Exception {
        processes = new Processes(directory);
        members =
                new TwoMembers(directory, processes)
                        .write(
                                """
                                [profile.clients.resumption]
                                storage = "by-reference"
                                """);
        next = NextVersion.compile(directory.resolve("next"));
    }

    @AfterEach
    void end() {
        processes.close();
    }

    private static void assertResumed(Running client, String gateway) throws Exception {
        assertThat(client.await("switch-completed", "to=" + gateway))
                .contains("by=resumed-1rtt")
                .contains("addressChanged=false");
    }

    private Running upgraded(char letter) throws Exception {
        Running gateway = members.start(letter, next);
        TwoMembers.awaitBoth(gateway);
        members.awaitCopies(letter);
        return gateway;
    }

    @Test
    void noSessionIsLostWhileOneMemberAfterTheOtherIsUpgraded() throws Exception {
        Running a = members.start('a');
        Running b = members.start('b');
        TwoMembers.awaitBoth(b);
        a.await("gateway-ready");
        Running client = members.startClient();
        client.await("ticket-received");

        b.kill();
        b = upgraded('b');
        a.kill();
        assertResumed(client, "gw-b.example");
        upgraded('a');
        b.kill();
        assertResumed(client, "gw-a.example");
    }

    /// The client of such a session begins anew there.
    @Test
    void aMemberOfTheVersionBeforeTakesNoSessionThatItCannotRead() throws Exception {
        Running a = members.start('a');
        Running b = members.start('b', next);
        TwoMembers.awaitBoth(b);
        a.await("gateway-ready");
        Running client = members.startClient();
        client.await("ticket-received");
        a.kill();
        assertResumed(client, "gw-b.example");

        a = members.start('a');
        TwoMembers.awaitBoth(a);
        members.awaitCopies('a');
        b.kill();
        assertThat(client.await("switch-completed", "to=gw-a.example"))
                .contains("by=full-exchange");
    }
}
