package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/// Secrets come from files that others cannot read, and go nowhere.
class SecretsTest {
    private static final String SECRET = "hunter2hunter2hunter2";

    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void writeTheFilesThatAreNamed() {
        workspace = Workspace.in(directory);
    }

    private static String gatewayWith(String psk) {
        return Workspace.GATEWAY.replace("psk-file = \"alice.psk\"", psk);
    }

    private static Set<PosixFilePermission> mode(String mode) {
        return PosixFilePermissions.fromString(mode);
    }

    @Test
    void noMessageRepeatsASecret() {
        List<String> lines =
                List.of(
                        "psk = [\"" + SECRET + "\"]",
                        "psk = { a = \"" + SECRET + "\" }",
                        "psk-hex = \"" + SECRET + "\"",
                        "psk = \"" + SECRET + "\"\npsk-hex = \"aa\"",
                        "pks = \"" + SECRET + "\"",
                        "psk = \"" + SECRET,
                        "psk = " + SECRET,
                        "psk = \"\"\"" + SECRET,
                        "psk = '" + SECRET + "' " + SECRET,
                        "psk = \"\\q" + SECRET + "\"");
        for (String line : lines) {
            assertThat(workspace.problemsOfGateway(gatewayWith(line)))
                    .as(line)
                    .isNotEmpty()
                    .noneMatch(problem -> problem.contains("hunter"));
        }
    }

    @Test
    void noRecordPrintsASecret() throws Exception {
        GatewayConfiguration gateway = workspace.gateway(gatewayWith("psk = \"" + SECRET + "\""));
        assertThat(gateway.toString()).contains("alice@example").doesNotContain("hunter");
        assertThat(gateway.endpoint(0).toString()).doesNotContain("hunter");
        ClientConfiguration client =
                workspace.client(
                        Workspace.CLIENT.replace(
                                "psk-file = \"alice.psk\"", "psk = \"" + SECRET + "\""));
        assertThat(client.toString()).contains("alice@example").doesNotContain("hunter");
        assertThat(client.initiatorProfile(client.gateways().getFirst()).toString())
                .doesNotContain("hunter");
    }

    @Test
    void aFaultOfAHexadecimalKeyIsToldByItsPlace() {
        assertThat(workspace.problemsOfGateway(gatewayWith("psk-hex = \"00zz\"")))
                .containsExactly(
                        "gateway.toml:14: profile.staff.peer[0].psk-hex: has something else than a"
                                + " hexadecimal digit at its character 3; legal is an even number"
                                + " of hexadecimal digits");
    }

    @Test
    void onePeerHasOneKey() {
        assertThat(
                        workspace.problemsOfGateway(
                                gatewayWith("psk = \"a\"\npsk-file = \"alice.psk\"")))
                .containsExactly(
                        "gateway.toml:15: profile.staff.peer[0].psk-file = \"alice.psk\": stands"
                                + " beside psk; legal is one of psk, psk-hex, psk-file");
    }

    @Test
    void aShortKeyBringsAWarning() throws Exception {
        GatewayConfiguration gateway = workspace.gateway(gatewayWith("psk = \"swordfish\""));
        assertThat(gateway.warnings().stream().map(workspace::told))
                .containsExactly(
                        "gateway.toml:14: profile.staff.peer[0].psk: the key has fewer than 16"
                                + " octets and can be guessed offline by an attacker who answers in"
                                + " the gateway's place; make one with: openssl rand -base64 32");
    }

    @Test
    void aConfigurationThatHoldsASecretIsClosedToOthers() {
        Path file =
                workspace.write(
                        "gateway.toml", gatewayWith("psk = \"" + SECRET + "\""), "rw-r--r--");
        assertThat(problemsOf(file))
                .containsExactly(
                        "gateway.toml:14: profile.staff.peer[0].psk: the file itself holds a secret"
                                + " and is open to everybody (mode rw-r--r--), so it is not used;"
                                + " close it with chmod go=");
        workspace.write("gateway.toml", Workspace.GATEWAY, "rw-r--r--");
        assertThat(problemsOf(file)).isEmpty();
    }

    private List<String> problemsOf(Path file) {
        try {
            GatewayConfiguration.read(file);
            return List.of();
        } catch (ConfigurationException e) {
            return workspace.told(e);
        }
    }

    @Test
    void aKeyFileThatOthersReadIsNotUsed() {
        workspace.write("alice.psk", SECRET + "\n", "rw-r--r--");
        workspace.write("tgs.keys", Workspace.TGS_KEY, "rw-rw----");
        assertThat(workspace.problemsOfGateway(Workspace.GATEWAY))
                .containsExactly(
                        "gateway.toml:4: tgs-keys = \"tgs.keys\": cannot use tgs.keys: holds a"
                                + " secret and is open to its group (mode rw-rw----), so it is not"
                                + " used; close it with chmod go=",
                        "gateway.toml:14: profile.staff.peer[0].psk-file = \"alice.psk\": cannot"
                                + " use alice.psk: holds a secret and is open to everybody (mode"
                                + " rw-r--r--), so it is not used; close it with chmod go=");
    }

    @Test
    void theGroupMayReadAFileOfSomebodyElseTheWorldMayNot() {
        assertThat(TextFile.exposure(mode("rw-r-----"), false)).isNull();
        assertThat(TextFile.exposure(mode("rw-r-----"), true)).contains("open to its group");
        assertThat(TextFile.exposure(mode("rw-r--r--"), false)).contains("open to everybody");
        assertThat(TextFile.exposure(mode("rw-----w-"), false)).contains("open to everybody");
        assertThat(TextFile.exposure(mode("rwx------"), true)).isNull();
    }

    @Test
    void aKeyFileHasOneLine() {
        workspace.write("alice.psk", "", "rw-------");
        assertThat(workspace.problemsOfGateway(Workspace.GATEWAY))
                .singleElement()
                .asString()
                .contains("alice.psk\": the file is empty; legal is");
        workspace.write("alice.psk", SECRET + "\n" + SECRET + "\n", "rw-------");
        assertThat(workspace.problemsOfGateway(Workspace.GATEWAY))
                .singleElement()
                .asString()
                .contains("alice.psk\": the file has several lines; legal is")
                .doesNotContain("hunter");
    }

    @Test
    void aFaultInAFileOfPeersIsToldThere() {
        workspace.write(
                "peers.toml", "[[peer]]\nid = \"b.example\"\n[[per]]\n\n[[peer]]\n", "rw-------");
        String text = Workspace.GATEWAY.replace("[[profile", "secrets = \"peers.toml\"\n[[profile");
        assertThat(workspace.problemsOfGateway(text))
                .containsExactly(
                        "peers.toml:1: peer[0].psk: missing, and so are psk-hex and psk-file; legal"
                                + " is a string that is not empty",
                        "peers.toml:3: per: unknown key, did you mean peer?; legal at the top are"
                                + " peer",
                        "peers.toml:5: peer[1].id: missing; legal is a host name, an e-mail"
                            + " address, an IP address, a distinguished name such as \"CN=alice,"
                            + " O=Example\", or \"keyid:\" and hexadecimal digits",
                        "peers.toml:5: peer[1].psk: missing, and so are psk-hex and psk-file; legal"
                                + " is a string that is not empty");
    }

    @Test
    void aKeyLogDirectoryExistsAndIsClosed() {
        assertThat(
                        workspace.problemsOfGateway(
                                Workspace.GATEWAY + "[key-log]\ndirectory = \"keys\"\n"))
                .containsExactly(
                        "gateway.toml:16: key-log.directory = \"keys\": is no directory; legal is"
                                + " one that exists");
    }
}
