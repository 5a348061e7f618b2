package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Processes.Ended;
import dev.postern.cli.Processes.Running;

import java.nio.file.Path;
import java.util.stream.Stream;

/// Two gateways of a cluster on one machine, gw-a and gw-b, each with files of its own, and a
/// client of both, in client.toml.
final class TwoMembers {
    private final int[] udp = {Processes.freeUdpPort(), Processes.freeUdpPort()};
    private final int[] tcp = {Processes.freeTcpPort(), Processes.freeTcpPort()};
    private final Path directory;
    private final Processes processes;

    TwoMembers(Path directory, Processes processes) {
        this.directory = directory;
        this.processes = processes;
    }

    /// Writes every file.
    ///
    /// @param more tables of both gateways
    TwoMembers write(String more) throws Exception {
        run("pki", "ca", "--name", "cluster", "--out", path("ca"));
        for (char letter : new char[] {'a', 'b'}) {
            String node = "gw-" + letter;
            run("pki", "member", "--ca", path("ca"), "--out", path(node), node + ".example");
            processes.writeTgsKey(letter + ".keys");
            processes.write(letter + ".toml", gatewayFile(letter) + more);
        }
        processes.write(
                "client.toml",
                ConfigurationFiles.client("client.example", udp)
                        + ConfigurationFiles.WITHOUT_RFC5723);
        return this;
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    /// Runs `postern` to its good end.
    ///
    /// @return what it said
    String run(String... arguments) throws Exception {
        Ended ended = processes.run(arguments);
        assertThat(ended.exit()).as(ended.said()).isZero();
        return ended.said();
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
                [admin]
                socket = "%1$c.sock"
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

    Running start(char letter) throws Exception {
        return processes.start("gateway", letter + ".toml");
    }

    /// @param classes that go before those of this version
    Running start(char letter, Path classes) throws Exception {
        return processes.startWith(classes, "gateway", letter + ".toml");
    }

    Running startClient() throws Exception {
        return processes.start("client", "client.toml");
    }

    /// Until it serves and is of a primary view of both, whichever comes first.
    static void awaitBoth(Running gateway) throws InterruptedException {
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

    /// Until the other member may be stopped as well.
    void awaitCopies(char letter) throws Exception {
        Processes.until(
                "gw-" + letter + " has a copy of everything",
                () ->
                        run("ctl", "members", "--json", "--admin", path(letter + ".sock"))
                                .contains("\"copied\":true"));
    }
}
