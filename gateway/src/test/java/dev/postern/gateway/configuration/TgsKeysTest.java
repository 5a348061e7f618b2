package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyRing;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;

/// Without a good TGS key file a gateway that resumes does not start; there is no default key.
class TgsKeysTest {
    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void writeTheFilesThatAreNamed() {
        workspace = Workspace.in(directory);
    }

    private TgsKey append(Path file, long seed) throws Exception {
        return TgsKeyRotation.append(
                file,
                new Random(seed)::nextBytes,
                Workspace.NOW,
                Duration.ofHours(1),
                Duration.ofDays(30));
    }

    private TgsKeyRing ring() throws Exception {
        TgsKeys keys = workspace.gateway(Workspace.GATEWAY).tgsKeys();
        assertThat(keys).isNotNull();
        return keys.ring();
    }

    @Test
    void threat01AProfileThatResumesNeedsAKeyFile() {
        assertThat(
                        workspace.problemsOfGateway(
                                Workspace.GATEWAY.replace("tgs-keys = \"tgs.keys\"\n", "")))
                .containsExactly(
                        "gateway.toml:1: tgs-keys: missing, profile staff needs it for its tickets"
                                + " and there is no default key; make one with postern tgs-key"
                                + " --append tgs.keys; legal is a path, absolute or from the"
                                + " directory of this file");
    }

    @Test
    void aMissingKeyFileIsRefused() throws Exception {
        Files.delete(directory.resolve("tgs.keys"));
        assertThat(workspace.problemsOfGateway(Workspace.GATEWAY))
                .containsExactly(
                        "gateway.toml:4: tgs-keys = \"tgs.keys\": cannot use tgs.keys: there is no"
                                + " such file, and no default key; make one with postern tgs-key"
                                + " --append tgs.keys");
    }

    @Test
    void threat01AnEmptyKeyFileIsRefused() {
        workspace.write("tgs.keys", "# no key\n", "rw-------");
        assertThat(workspace.problemsOfGateway(Workspace.GATEWAY))
                .containsExactly(
                        "tgs.keys:1: there is no key; make one with `postern tgs-key`, there is no"
                                + " default");
    }

    @Test
    void threat01ShortAndWeakKeysAreRefusedWithTheirLines() {
        workspace.write(
                "tgs.keys",
                "key 00000000000000a1 8f0d3c5a\nkey 00000000000000a2 " + "0".repeat(64) + "\n",
                "rw-------");
        assertThat(workspace.problemsOfGateway(Workspace.GATEWAY))
                .containsExactly(
                        "tgs.keys:1: the key has 8 characters, 64 hexadecimal digits are wanted",
                        "tgs.keys:2: the key repeats its octets, 32 random ones are wanted; make"
                                + " one with `postern tgs-key`");
    }

    @Test
    void aFileWithExpiredKeysOnlyIsRefused() {
        workspace.write(
                "tgs.keys",
                Workspace.TGS_KEY.strip() + " accept-until 2025-12-31T23:59:59Z\n",
                "rw-------");
        assertThat(workspace.problemsOfGateway(Workspace.GATEWAY))
                .containsExactly(
                        "gateway.toml:4: tgs-keys = \"tgs.keys\": every key in it has expired; add"
                                + " one with postern tgs-key --append tgs.keys");
    }

    @Test
    void theFirstKeyMakesAClosedFileAndIssuesAtOnce() throws Exception {
        Path file = directory.resolve("tgs.keys");
        Files.delete(file);
        TgsKey key = append(file, 1);
        assertThat(key.issueFrom()).isEqualTo(Workspace.NOW.getEpochSecond());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(ring().keys()).containsExactly(key);
    }

    @Test
    void aFurtherKeyLeavesTimeToCopyTheFileAndRetiresTheOldOne() throws Exception {
        Path file = directory.resolve("tgs.keys");
        Files.writeString(file, "# of the lab\n" + Workspace.TGS_KEY);
        TgsKey key = append(file, 2);
        assertThat(key.issueFrom()).isEqualTo(Workspace.NOW.getEpochSecond() + 3_600);
        assertThat(ring().issuingAt(Workspace.NOW.getEpochSecond()).spi()).isEqualTo(0xa1);
        assertThat(ring().issuingAt(key.issueFrom()).spi()).isEqualTo(key.spi());
        assertThat(ring().keys().getLast().acceptUntil())
                .isEqualTo(key.issueFrom() + Duration.ofDays(30).toSeconds());
        assertThat(Files.readString(file)).startsWith("# of the lab\nkey ");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(each -> String.valueOf(each.getFileName())))
                    .containsExactlyInAnyOrder("tgs.keys", "alice.psk");
        }
    }

    @Test
    void aFileWithAFaultIsLeftAlone() throws Exception {
        Path file = workspace.write("tgs.keys", "kay\n", "rw-------");
        ConfigurationException refused =
                catchThrowableOfType(ConfigurationException.class, () -> append(file, 3));
        assertThat(workspace.told(refused))
                .containsExactly(
                        "tgs.keys:1: the line does not begin with the word key, nor with # for a"
                                + " comment");
        assertThat(Files.readString(file)).isEqualTo("kay\n");
    }

    @Test
    void aFileThatOthersReadIsLeftAlone() throws Exception {
        Path file = workspace.write("tgs.keys", Workspace.TGS_KEY, "rw-r--r--");
        ConfigurationException refused =
                catchThrowableOfType(ConfigurationException.class, () -> append(file, 4));
        assertThat(refused).hasMessageContaining("is open to everybody");
        assertThat(Files.readString(file)).isEqualTo(Workspace.TGS_KEY);
    }
}
