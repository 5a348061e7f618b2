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
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// Two gateways of a cluster on one machine, each with files of its own.
final class ClusterProcessTest {
    /// The TGS-SPI of the key that both begin with.
    private static final String FIRST_KEY = "key 0102030405060708 ";

    private static final String ENDS = " accept-until ";

    private final int[] udp = {Processes.freeUdpPort(), Processes.freeUdpPort()};
    private final int[] tcp = {Processes.freeTcpPort(), Processes.freeTcpPort()};

    @TempDir private Path directory = Path.of("");
    private Processes processes = new Processes(Path.of(""));

    @BeforeEach
    void writeFiles() throws Exception {
        processes = new Processes(directory);
        run("pki", "ca", "--name", "cluster", "--out", path("ca").toString());
        for (char letter : new char[] {'a', 'b'}) {
            run(
                    "pki",
                    "member",
                    "--ca",
                    path("ca").toString(),
                    "--out",
                    path("gw-" + letter).toString(),
                    "gw-" + letter + ".example");
            processes.write(
                    letter + ".keys",
                    FIRST_KEY + "8f3a61c2d4e5b697".repeat(3) + "0718293a4b5c6d7e\n");
            processes.write(letter + ".toml", gatewayFile(letter));
        }
        processes.write(
                "client.toml",
                ConfigurationFiles.client("client.example", udp)
                        + ConfigurationFiles.WITHOUT_RFC5723);
    }

    @AfterEach
    void end() {
        processes.close();
    }

    private Path path(String name) {
        return directory.resolve(name);
    }

    private void run(String... arguments) throws Exception {
        Ended ended = processes.run(arguments);
        assertThat(ended.exit()).as(ended.said()).isZero();
    }

    private String gatewayFile(char letter) {
        int number = letter - 'a';
        String share = "assign = \"10.9.0.%1$d0-10.9.0.%1$d9\"\n".formatted(number + 1);
        return ConfigurationFiles.gateway(number + 1, udp[number])
                        .replace("tgs.keys", letter + ".keys")
                        .replace(ConfigurationFiles.POOL, ConfigurationFiles.POOL + share)
                + """
                [leases]
                file = "%1$c.leases"
                [cluster]
                name = "example"
                node = "gw-%1$c.example"
                certificate = "gw-%1$c.pem"
                private-key = "gw-%1$c.key"
                trust = "ca/ca.pem"
                state = "%1$c.voters"
                [[cluster.member]]
                node = "gw-a.example"
                address = "127.0.0.1:%2$d"
                [[cluster.member]]
                node = "gw-b.example"
                address = "127.0.0.1:%3$d"
                """
                        .formatted(letter, tcp[0], tcp[1]);
    }

    private Running start(char letter) throws Exception {
        return processes.start("gateway", letter + ".toml");
    }

    /// Until it serves and is of a primary view of both, whichever comes first.
    private static void awaitBoth(Running gateway) throws InterruptedException {
        boolean serves = false;
        boolean seesBoth = false;
        while (!serves || !seesBoth) {
            String line = gateway.await("");
            serves = serves || line.contains("gateway-ready");
            seesBoth =
                    seesBoth
                            || Stream.of("view-changed", "primary=true", "gw-a.", "gw-b.")
                                    .allMatch(line::contains);
        }
    }

    /// At gw-a, and the old keys open tickets for this long.
    private void rotate(String overlap) throws Exception {
        run(
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
        Running a = start('a');
        Running b = start('b');
        awaitBoth(b);
        a.await("gateway-ready");
        Running client = processes.start("client", "client.toml");
        client.await("ticket-received");
        client.signal("STOP");
        b.kill();
        rotate("1s");
        Instant end = endOfTheFirstKey('a');
        Processes.until("the key has ended", () -> Instant.now().isAfter(end));
        a.kill();

        a = start('a');
        a.await("gateway-ready");
        b = start('b');
        awaitBoth(b);
        Processes.until("both have both keys", this::haveBothKeys);
        assertThat(endOfTheFirstKey('b')).isEqualTo(end);

        // The ticket is of the key that has ended; the next one is of the key that gw-a has.
        a.kill();
        client.signal("CONT");
        assertThat(client.await("switch-completed", "to=gw-b.example")).doesNotContain("resumed");
        client.await("ticket-received");
        a = start('a');
        awaitBoth(a);
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
        Running a = start('a');
        Running b = start('b');
        awaitBoth(b);
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
        Running client = processes.start("client", "client.toml");
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
}
