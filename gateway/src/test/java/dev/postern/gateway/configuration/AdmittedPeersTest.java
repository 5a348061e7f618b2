package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.eap.TestCertificates;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/// Whom `postern check` says that a profile lets in.
class AdmittedPeersTest {
    /// Within the time of the test's certificates.
    private static final Instant AT = Instant.parse("2027-01-01T00:00:00Z");

    private static final String WITHOUT_KEYS =
            Workspace.GATEWAY.substring(0, Workspace.GATEWAY.indexOf("[[profile.staff.peer]]"));
    private static final String OWN_CERTIFICATE =
            """
            [profile.staff.certificates]
            certificate = "server.pem"
            private-key = "server.key"
            """;
    private static final String CERTIFICATES = OWN_CERTIFICATE + "trust = \"ca.pem\"\n";
    private static final String EAP =
            """
            [profile.staff.eap]
            method = "mschapv2"
            users = "users.toml"
            """;

    @TempDir private Path directory = Path.of("");

    @BeforeEach
    void writeTheFilesThatAreNamed() throws IOException {
        Workspace.in(directory)
                .write(
                        "users.toml",
                        """
                        [[user]]
                        name = "alice"
                        password = "open sesame, please"
                        [[user]]
                        name = "bob"
                        password = "another password"
                        """,
                        "rw-------");
        TestCertificates.copyTo(directory, "ca.pem", "server.pem", "server.key");
    }

    private String profile(String text) throws ConfigurationException {
        return GatewaySummary.of(
                        GatewayConfiguration.parse(directory.resolve("gateway.toml"), text, AT))
                .stream()
                .filter(line -> line.startsWith("Profile staff: "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void peersWithKeysAreCounted() throws Exception {
        assertThat(profile(Workspace.GATEWAY))
                .startsWith("Profile staff: 1 peer by pre-shared key with ")
                .contains(" reaches 10.1.0.0/24");
    }

    @Test
    void peersWithCertificatesAreNotCountedAndNotForgotten() throws Exception {
        assertThat(profile(WITHOUT_KEYS + CERTIFICATES))
                .startsWith("Profile staff: peers by certificate with ")
                .contains(" reach 10.1.0.0/24");
        assertThat(profile(WITHOUT_KEYS + CERTIFICATES + "peers = [\"bob@example\"]\n"))
                .startsWith("Profile staff: bob@example by certificate with ");
    }

    @Test
    void usersByEapAreCountedWhereTheyAreKnown() throws Exception {
        assertThat(profile(WITHOUT_KEYS + OWN_CERTIFICATE + EAP))
                .startsWith("Profile staff: 2 users by EAP-MSCHAPv2 with ");
    }

    @Test
    void allKindsStandSideBySide() throws Exception {
        assertThat(profile(Workspace.GATEWAY + CERTIFICATES + EAP))
                .startsWith(
                        "Profile staff: 1 peer by pre-shared key and peers by certificate and 2"
                                + " users by EAP-MSCHAPv2 with ")
                .contains(" reach 10.1.0.0/24");
    }
}
