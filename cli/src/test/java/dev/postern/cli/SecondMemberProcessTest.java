package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Processes.Running;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

/// docs/cluster.md, "Ports and certificates": a member's name, number and address are its own.
final class SecondMemberProcessTest {
    @TempDir private Path directory = Path.of("");
    private Processes processes = new Processes(Path.of(""));

    @AfterEach
    void end() {
        processes.close();
    }

    /// That of gw-b, which calls itself gw-a.
    private void writeSecond() throws Exception {
        String file = Files.readString(directory.resolve("b.toml"));
        processes.write(
                "second.toml",
                file.replace("gw-b.", "gw-x.").replace("gw-a.", "gw-b.").replace("gw-x.", "gw-a."));
    }

    @Test
    void aGatewayEndsWhenItMeetsAnEarlierMemberOfItsNameAndTheOtherGoesOn() throws Exception {
        processes = new Processes(directory);
        TwoMembers members = new TwoMembers(directory, processes).write("");
        writeSecond();
        Running a = members.start('a');
        a.await("gateway-ready");
        a.signal("STOP");
        Running second = processes.start("gateway", "second.toml");
        second.await("gateway-ready");

        a.signal("CONT");
        second.await("postern: it cannot go on: the cluster has a member gw-a.example already");
        second.await("gateway-stopping");
        Processes.until("it has ended", () -> !second.process().isAlive());
        assertThat(second.process().exitValue()).isEqualTo(1);

        Running b = members.start('b');
        TwoMembers.awaitBoth(b);
        assertThat(a.process().isAlive()).isTrue();
    }
}
