package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Processes.Ended;
import dev.postern.cli.Processes.Running;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A client that keeps its ticket in a file, as a user runs it: ended or killed and started again,
/// it resumes its session in one round trip.
final class KeptTicketProcessTest {
    /// A client that keeps its ticket in client.ticket.
    static String keepingClient(int port) {
        return ConfigurationFiles.client("client.example", port)
                + ConfigurationFiles.WITHOUT_RFC5723
                + "[ticket]\nfile = \"client.ticket\"\n";
    }

    @TempDir private Path directory;

    private Processes processes = new Processes(Path.of(""));

    @BeforeEach
    void begin() throws IOException {
        processes = new Processes(directory);
        int port = Processes.freeUdpPort();
        processes.writeTgsKey();
        processes.write("gateway.toml", ConfigurationFiles.gateway(1, port));
        processes.write("client.toml", keepingClient(port));
    }

    @AfterEach
    void end() {
        processes.close();
    }

    private Running connect() throws Exception {
        processes.start("gateway", "gateway.toml").await("gateway-ready");
        Running client = processes.start("client", "client.toml");
        client.await("ticket-received");
        client.await("probe-answered");
        return client;
    }

    private Path ticket() {
        return directory.resolve("client.ticket");
    }

    /// The file's writer does not hold the client up; what it puts there is whole.
    private void awaitTicket() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!Files.exists(ticket())) {
            assertThat(System.nanoTime()).as("no ticket is written").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    @Test
    void aKilledClientResumesItsSessionWhenItIsBack() throws Exception {
        Running first = connect();
        awaitTicket();

        first.kill();

        Running again = processes.start("client", "client.toml");
        assertThat(again.await("switch-completed")).containsIgnoringCase("1rtt");
    }

    /// Else each would remove the other's tickets, and use them a second time.
    @Test
    void aTicketIsUsedByOneClientAtATime() throws Exception {
        Running first = connect();
        awaitTicket();
        String holder = "process " + first.process().pid();
        String file = directory.resolve("client.toml").toString();
        String[] logout = {
            "client", "logout", "--config", file, "--admin", directory.resolve("no.sock").toString()
        };

        Ended second = processes.run("client", "--config", file);
        assertThat(second.exit()).isEqualTo(1);
        assertThat(second.said())
                .contains("client.ticket is in use by a client that runs, " + holder)
                .contains("name another file in ticket.file");
        Ended refused = processes.run(logout);
        assertThat(refused.exit()).as(refused.said()).isEqualTo(1);
        assertThat(refused.said()).contains("client.ticket stays").contains(holder);
        assertThat(first.process().isAlive()).isTrue();
        assertThat(ticket()).exists();

        first.kill();
        Ended removed = processes.run(logout);
        assertThat(removed.exit()).as(removed.said()).isZero();
        assertThat(ticket()).doesNotExist();
    }

    @Test
    void aClientThatIsEndedParksItsSessionAndResumesItWhenItIsBack() throws Exception {
        Running first = connect();

        first.terminate();
        assertThat(first.await("client-stopped")).contains("true");
        assertThat(first.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(ticket()).exists();

        Running again = processes.start("client", "client.toml");
        assertThat(again.await("switch-completed")).containsIgnoringCase("1rtt");
        again.await("ticket-received");
    }

    /// The client's own `park-after`: no packet for that long, and both sides forget the SAs.
    @Test
    void aClientParksAnIdleSessionByItsOwnPolicyAndItsNextPacketResumesIt() throws Exception {
        processes.write(
                "client.toml",
                Files.readString(directory.resolve("client.toml"))
                        .replace("probe-interval = \"20ms\"", "probe-interval = \"5s\"")
                        .replace("[resumption]\n", "[resumption]\npark-after = \"1s\"\n"));
        Running gateway = processes.start("gateway", "gateway.toml");
        gateway.await("gateway-ready");
        Running client = processes.start("client", "client.toml");
        assertThat(client.await("switch-completed")).containsIgnoringCase("full");

        client.await("PARKED");
        gateway.await("PARKED");

        assertThat(client.await("switch-completed")).containsIgnoringCase("1rtt");
    }

    @Test
    void threat01AGatewayWithoutAKeyRefusesToStart() throws Exception {
        for (String nothing : new String[] {"", "key 0102030405060708 " + "00".repeat(32) + "\n"}) {
            processes.write("tgs.keys", nothing);
            Running gateway = processes.start("gateway", "gateway.toml");
            assertThat(gateway.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(gateway.process().exitValue()).isNotZero();
            assertThat(gateway.await("tgs.keys:1")).contains("key");
            assertThat(gateway.lines()).noneMatch(line -> line.contains("gateway-ready"));
        }
    }
}
