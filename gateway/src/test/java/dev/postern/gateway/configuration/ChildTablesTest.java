package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.FurtherChildSa;
import dev.postern.ike.Lifetime;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/// `[child.NAME]`: Child SAs beside the first one.
class ChildTablesTest {
    private static final String LABORATORY =
            """
            [child.laboratory]
            remote-subnets = ["10.2.0.0/24", "fd00:2::/64"]
            life = "20m"
            """;

    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void writeTheFilesThatAreNamed() {
        workspace = Workspace.in(directory);
    }

    private static List<FurtherChildSa> wanted(ClientConfiguration client) {
        return client.initiatorProfile(client.gateways().getFirst()).furtherChildSas();
    }

    @Test
    void eachHasItsSubnetsAndItsLifetime() throws ConfigurationException {
        ClientConfiguration client =
                workspace.client(
                        Workspace.CLIENT
                                + LABORATORY
                                + """
                                packets = 1000
                                [child.printers]
                                remote-subnets = ["10.3.0.0/24"]
                                [life]
                                child = "2h"
                                child-mebibytes = 10
                                """);
        assertThat(wanted(client))
                .extracting(FurtherChildSa::name)
                .containsExactly("laboratory", "printers");
        FurtherChildSa laboratory = wanted(client).getFirst();
        assertThat(laboratory.local()).isEmpty();
        assertThat(laboratory.remote())
                .extracting(TrafficSelector::toString)
                .contains("10.2.0.0-10.2.0.255")
                .hasSize(2);
        Lifetime lifetime = laboratory.lifetime();
        assertThat(lifetime.rekeyNanos()).isEqualTo(Lifetime.ofSeconds(1_200).rekeyNanos());
        assertThat(lifetime.rekeyPackets()).isEqualTo(1_000);
        assertThat(lifetime.rekeyOctets()).isEqualTo(10 << 20);
        assertThat(wanted(client).getLast().lifetime().rekeyNanos())
                .isEqualTo(Lifetime.ofSeconds(7_200).rekeyNanos());
        assertThat(client.reached())
                .as("what is routed into the tunnel")
                .extracting(Object::toString)
                .containsExactly(
                        "10.1.0.0/24", "10.2.0.0/24", "fd00:2:0:0:0:0:0:0/64", "10.3.0.0/24");
        assertThat(ClientSummary.of(client))
                .contains("By the Child SA printers it reaches 10.3.0.0/24.");
    }

    @Test
    void ourOwnSideIsSaidWhereNoAddressIsAskedFor() throws ConfigurationException {
        String own = "request-address = false\nlocal-subnets = [\"10.7.0.0/24\"]\n";
        String table = LABORATORY + "local-subnets = [\"10.8.0.0/24\"]\n";
        ClientConfiguration client = workspace.client(own + Workspace.CLIENT + table);
        assertThat(wanted(client).getFirst().local())
                .extracting(TrafficSelector::toString)
                .containsExactly("10.8.0.0-10.8.0.255");

        assertThat(workspace.problemsOfClient(Workspace.CLIENT + table))
                .singleElement()
                .asString()
                .contains("child.laboratory.local-subnets")
                .contains("means nothing with request-address = true");
    }

    @Test
    void whatIsMissingOrTooMuchIsSaid() {
        assertThat(workspace.problemsOfClient(Workspace.CLIENT + "[child.laboratory]\n"))
                .singleElement()
                .asString()
                .contains("child.laboratory.remote-subnets: missing");
        StringBuilder many = new StringBuilder(Workspace.CLIENT);
        for (int i = 0; i < 13; i++) {
            many.append("[child.c%d]\nremote-subnets = [\"10.2.%d.0/24\"]\n".formatted(i, i));
        }
        assertThat(workspace.problemsOfClient(many.toString()))
                .singleElement()
                .asString()
                .contains("child.c12.remote-subnets")
                .contains("legal are 12");
    }

    @Test
    void transportModeHasOneChildSa() {
        String transport =
                Workspace.CLIENT.replace(
                        "remote-subnets = [\"10.1.0.0/24\"]", "mode = \"transport\"");
        assertThat(workspace.problemsOfClient(transport + LABORATORY))
                .singleElement()
                .asString()
                .contains("child.laboratory.remote-subnets")
                .contains("means nothing with mode = \"transport\"");
    }
}
