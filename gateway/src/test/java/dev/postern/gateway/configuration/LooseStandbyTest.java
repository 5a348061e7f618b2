package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// `[standby]` with mode = "loose".
class LooseStandbyTest {
    private static final Path TIGHT = Path.of("..", "examples", "tight-cluster", "gw-a.toml");
    private static final String OF_TIGHT =
            """
            addresses = ["192.0.2.10/24", "2001:db8::10/64"]
            # The interface that gets them where this member serves.
            device = "eth0"
            # It gets them back half a minute after it has returned.
            preferred = "gw-a.example"
            """;

    @TempDir private Path directory;
    private Workspace workspace;

    @BeforeEach
    void writeTheFilesThatAreNamed() throws IOException {
        workspace = Workspace.in(directory);
        for (String name :
                List.of("cluster-ca.pem", "gw-a.pem", "gw-a.key", "gw-b.pem", "gw-b.key")) {
            try (InputStream in =
                    LooseStandbyTest.class.getResourceAsStream("/cluster/pair/" + name)) {
                String text =
                        new String(
                                Objects.requireNonNull(in, name).readAllBytes(),
                                StandardCharsets.US_ASCII);
                workspace.write(name, text, "rw-------");
            }
        }
    }

    private String with(String standby) throws IOException {
        String text =
                Files.readString(TIGHT)
                        .replace("/var/lib/postern/", directory + "/")
                        .replace("/run/postern/", directory + "/");
        assertThat(text).contains(OF_TIGHT);
        return text.replace(OF_TIGHT, standby);
    }

    private StandbySettings standby(String text) throws ConfigurationException {
        return Objects.requireNonNull(workspace.gateway(text).standby());
    }

    private static GatewayList.Entry address(String hex) {
        return new GatewayList.Address(Octets.ofHex(hex), 0);
    }

    @Test
    void aMemberIsReachedWhereItListensUnlessItSaysOtherwise() throws Exception {
        StandbySettings plain = standby(with("mode = \"loose\"\n"));
        assertThat(plain.mode()).isEqualTo(StandbySettings.Mode.LOOSE);
        assertThat(plain.reachedAt())
                .containsExactly(address("c000020a"), address("20010db8000000000000000000000010"));
        assertThat(plain.voucherLifetime()).isEqualTo(Duration.ofHours(24));
        assertThat(plain.profiles()).containsExactly("staff");
        StandbySettings said =
                standby(
                        with(
                                """
                                mode = "loose"
                                reached-at = ["203.0.113.7"]
                                voucher-lifetime = "1h"
                                """));
        assertThat(said.reachedAt()).containsExactly(address("cb007107"));
        assertThat(said.voucherLifetime()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void whatATightClusterIsToldMeansNothingHere() throws Exception {
        assertThat(workspace.problemsOfGateway(with("mode = \"loose\"\n" + OF_TIGHT)))
                .hasSize(3)
                .allSatisfy(problem -> assertThat(problem).contains("means nothing with mode"));
    }

    @Test
    void aTightClusterNeedsItsAddresses() throws Exception {
        assertThat(workspace.problemsOfGateway(with("device = \"eth0\"\n")))
                .singleElement()
                .asString()
                .contains("addresses")
                .contains("missing");
    }

    @Test
    void aWildcardIsNowhereToComeTo() throws Exception {
        assertThat(
                        workspace.problemsOfGateway(
                                with("mode = \"loose\"\n")
                                        .replace(
                                                "addresses = [\"192.0.2.10\", \"2001:db8::10\"]",
                                                "addresses = [\"0.0.0.0\"]")))
                .singleElement()
                .asString()
                .contains("standby.reached-at")
                .contains("must name addresses");
    }
}
