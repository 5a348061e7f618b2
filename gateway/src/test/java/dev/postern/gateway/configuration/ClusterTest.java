package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.grid.GridSettings;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/// `[cluster]`.
class ClusterTest {
    private static final String CLUSTER =
            """
            [cluster]
            name = "example"
            node = "gw-a.example"
            certificate = "gw-a.pem"
            private-key = "gw-a.key"
            trust = "ca.pem"
            [[cluster.member]]
            node = "gw-a.example"
            address = "127.0.0.1:7800"
            [[cluster.member]]
            node = "gw-b.example"
            address = "127.0.0.2:7800"
            """;

    @TempDir private Path directory;
    private Workspace workspace;

    @BeforeEach
    void writeTheFilesThatAreNamed() throws IOException {
        workspace = Workspace.in(directory);
        for (String name :
                List.of(
                        "ca.pem",
                        "gw-a.pem",
                        "gw-a.key",
                        "gw-x.pem",
                        "gw-x.key",
                        "server-only.pem",
                        "server-only.key")) {
            try (InputStream in = ClusterTest.class.getResourceAsStream("/cluster/" + name)) {
                String text =
                        new String(
                                Objects.requireNonNull(in, name).readAllBytes(),
                                StandardCharsets.US_ASCII);
                workspace.write(name, text, "rw-------");
            }
        }
    }

    private static final String GATEWAY =
            Workspace.GATEWAY.replace(
                    "10.9.0.0/24\"\n", "10.9.0.0/24\"\nassign = \"10.9.0.1-10.9.0.99\"\n");

    private List<String> problems(String cluster) {
        return workspace.problemsOfGateway(GATEWAY + cluster);
    }

    @Test
    void withoutAWordAGatewayIsInNoCluster() throws Exception {
        assertThat(workspace.gateway(Workspace.GATEWAY).cluster()).isNull();
    }

    @Test
    void aGatewayFindsItselfAndTheOthers() throws Exception {
        ClusterSettings cluster = workspace.gateway(GATEWAY + CLUSTER).cluster();
        assertThat(cluster).isNotNull();
        assertThat(cluster.self())
                .isEqualTo(
                        new ClusterSettings.ClusterMember(
                                "gw-a.example",
                                "site",
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 7800),
                                null));
        assertThat(cluster.others()).hasSize(1);
        assertThat(cluster.silence()).isEqualTo(Duration.ofSeconds(4));
        assertThat(cluster.state()).isNull();
        assertThat(GatewaySummary.of(workspace.gateway(GATEWAY + CLUSTER)))
                .anyMatch(line -> line.contains("gw-a.example of the cluster example"));
    }

    /// The other members would let it in no more from that day on.
    @ParameterizedTest
    @CsvSource({
        "cluster.certificate, 'expires on 2126-10-28; renew it before'",
        "cluster.trust, expires on 2126-10-28"
    })
    void aCertificateOrAnAuthorityThatEndsSoonIsToldOf(String key, String told) throws Exception {
        Instant last = Instant.parse("2126-10-20T00:00:00Z");
        assertThat(
                        GatewayConfiguration.parse(
                                        directory.resolve("a.toml"), GATEWAY + CLUSTER, last)
                                .warnings())
                .map(workspace::told)
                .anyMatch(warning -> warning.contains(key) && warning.contains(told));
    }

    @Test
    void aSingleCopyIsRefused() {
        assertThat(
                        problems(
                                CLUSTER.replace("[[", "copies = 1\n[[")
                                        .replaceFirst(
                                                "(?s)copies = 1\n(.*)copies = 1\n",
                                                "copies = 1\n$1")))
                .singleElement()
                .asString()
                .contains("cluster.copies = 1: what the owner has would be lost with it")
                .contains("legal are 2 to 16 members, or 0 for all");
    }

    @Test
    void sitesWithoutABridgeAreToldOf() throws Exception {
        assertThat(workspace.gateway(GATEWAY + CLUSTER + "site = \"west\"\n").warnings())
                .map(workspace::told)
                .anyMatch(warning ->
                        warning.contains("members are of site, west")
                                && warning.contains("those of another site are strangers"));
    }

    @Test
    void untilWhenTheCertificateIsGoodIsKnown() throws Exception {
        ClusterSettings cluster = workspace.gateway(GATEWAY + CLUSTER).cluster();
        assertThat(Objects.requireNonNull(cluster).certificateEnd())
                .isEqualTo("2126-10-28T08:31:09Z");
    }

    @Test
    void aNodeThatIsNoMemberIsRefused() {
        assertThat(
                        problems(
                                CLUSTER.replace(
                                        "node = \"gw-a.example\"\ncert", "node = \"gw\"\ncert")))
                .anyMatch(problem ->
                        problem.contains(
                                "cluster.node = \"gw\": no [[cluster.member]] has this"
                                        + " node; there are gw-a.example, gw-b.example"));
    }

    @Test
    void everyMissingKeyIsToldAtOnce() {
        assertThat(problems("[cluster]\nnode = \"gw-a.example\"\n"))
                .anyMatch(problem -> problem.contains("cluster.name: missing"))
                .anyMatch(problem -> problem.contains("cluster.certificate: missing"))
                .anyMatch(problem -> problem.contains("cluster.private-key: missing"))
                .anyMatch(problem -> problem.contains("cluster.trust: missing"))
                .anyMatch(problem -> problem.contains("there are none at all"));
    }

    private static final String SITES =
            CLUSTER.replace("127.0.0.1:7800\"", "127.0.0.1:7800\"" + site("east", 1))
                    .replace("127.0.0.2:7800\"", "127.0.0.2:7800\"" + site("west", 2));

    private static String site(String name, int number) {
        return """

        site = "%s"
        bridge = "127.0.0.%d:7801"
        """
                .formatted(name, number);
    }

    @Test
    void membersOfOtherSitesAreReachedOverTheBridge() throws Exception {
        ClusterSettings cluster =
                Objects.requireNonNull(workspace.gateway(GATEWAY + SITES).cluster());
        GridSettings grid = cluster.grid(1);
        assertThat(grid.peers()).isEmpty();
        GridSettings.Bridge bridge = Objects.requireNonNull(grid.bridge());
        assertThat(bridge.sites()).containsExactly("west");
        assertThat(bridge.others()).hasSize(1);
        assertThat(bridge.lostAfter()).isZero();
        assertThat(Objects.requireNonNull(workspace.gateway(GATEWAY + CLUSTER).cluster()).grid(1))
                .extracting(GridSettings::bridge)
                .isNull();
    }

    @Test
    void aMemberWithoutABridgeAmongOthersWithOneIsRefused() {
        assertThat(problems(SITES.replace("bridge = \"127.0.0.2:7801\"", "")))
                .singleElement()
                .asString()
                .contains("bridge");
        assertThat(problems(SITES.replace("127.0.0.2:7801", "127.0.0.1:7800")))
                .singleElement()
                .asString()
                .contains("is another member's too");
    }

    @Test
    void aCertificateOfAnotherNameIsRefused() {
        assertThat(
                        problems(
                                CLUSTER.replace("gw-a.pem", "gw-x.pem")
                                        .replace("gw-a.key", "gw-x.key")))
                .singleElement()
                .asString()
                .contains("cluster.certificate", "names gw-x.example; members are gw-a.example");
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() {
        assertThat(problems(CLUSTER.replace("gw-a.key", "gw-x.key")))
                .singleElement()
                .asString()
                .contains("the private key is not that of the certificate");
    }

    @Test
    void aCertificateThatMayOnlyServeIsRefused() {
        assertThat(
                        problems(
                                CLUSTER.replace("gw-a.pem", "server-only.pem")
                                        .replace("gw-a.key", "server-only.key")))
                .singleElement()
                .asString()
                .contains("cluster.certificate", "client authentication");
    }

    @Test
    void oneAddressForTwoMembersAndAWildcardAreRefused() {
        assertThat(problems(CLUSTER.replace("127.0.0.2", "127.0.0.1")))
                .singleElement()
                .asString()
                .contains("is another member's too");
        assertThat(problems(CLUSTER.replace("127.0.0.1", "0.0.0.0")))
                .singleElement()
                .asString()
                .contains("is not where others reach it");
    }

    @Test
    void aPoolWithoutAShareOfOursIsRefused() {
        assertThat(workspace.problemsOfGateway(Workspace.GATEWAY + CLUSTER))
                .singleElement()
                .asString()
                .contains("pool.clients.assign: missing");
    }

    @Test
    void severalSitesWithoutAFileOfLeasesAreWarnedOf() throws Exception {
        assertThat(warnings(GATEWAY + SITES))
                .singleElement()
                .asString()
                .contains("leases.file: missing in a domain of several sites");
        assertThat(warnings(GATEWAY + SITES + "[leases]\nfile = \"leases\"\n")).isEmpty();
        assertThat(warnings(GATEWAY + CLUSTER)).isEmpty();
    }

    /// On a day on which the certificates are good.
    private List<Problem> warnings(String text) throws Exception {
        return GatewayConfiguration.parse(
                        directory.resolve("gateway.toml"),
                        text,
                        Instant.parse("2026-12-01T00:00:00Z"))
                .warnings();
    }

    @Test
    void aShortSilenceIsWarnedOf() throws Exception {
        assertThat(
                        workspace
                                .gateway(
                                        GATEWAY
                                                + CLUSTER.replace(
                                                        "trust =", "silence = \"1s\"\ntrust ="))
                                .warnings())
                .anyMatch(warning -> warning.toString().contains("cluster.silence"));
    }
}
