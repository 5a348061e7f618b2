package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// `[[backup]]`: what becomes of it, and what is refused.
class BackupsTest {
    @TempDir private Path directory = Path.of("");

    @Test
    void addressesOfBothFamiliesAndNamesBecomeEntriesOfTheList() throws Exception {
        GatewayConfiguration gateway =
                Workspace.in(directory)
                        .gateway(
                                Workspace.GATEWAY
                                        + """
                                        [[backup]]
                                        address = "192.0.2.2"
                                        weight = 2.5
                                        [[backup]]
                                        address = "2001:db8::3"
                                        port = 4501
                                        [[backup]]
                                        address = "gw-d.example"
                                        """);
        assertThat(gateway.backups().backups())
                .containsExactly(
                        new Backup(new GatewayList.Address(Octets.ofHex("c0000202"), 0), 2.5, 0),
                        new Backup(
                                new GatewayList.Address(
                                        Octets.ofHex("20010db8000000000000000000000003"), 4501),
                                1,
                                0),
                        new Backup(new GatewayList.Name("gw-d.example"), 1, 0));
    }

    @Test
    void aPortBesideANameAndAWeightOfZeroAreRefused() {
        assertThat(
                        Workspace.in(directory)
                                .problemsOfGateway(
                                        Workspace.GATEWAY
                                                + """
                                                [[backup]]
                                                address = "gw-d.example"
                                                port = 500
                                                weight = 0.0
                                                """))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("host name"))
                .anyMatch(problem -> problem.contains("weight"));
    }
}
