package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// The shipped files of two sites.
class TwoSitesTest {
    private static final Path EXAMPLES = Path.of("..", "examples", "two-sites");

    @TempDir private Path directory;

    @Test
    void theShippedFilesOfTwoSitesAreGoodAndFitEachOther() throws Exception {
        Workspace workspace = Workspace.in(directory);
        for (String name :
                List.of("cluster-ca.pem", "gw-a.pem", "gw-a.key", "gw-b.pem", "gw-b.key")) {
            try (InputStream in = TwoSitesTest.class.getResourceAsStream("/cluster/pair/" + name)) {
                String text =
                        new String(
                                Objects.requireNonNull(in, name).readAllBytes(),
                                StandardCharsets.US_ASCII);
                workspace.write(name, text, "rw-------");
            }
        }
        for (String name : List.of("gw-a.toml", "gw-b.toml")) {
            String text =
                    Files.readString(EXAMPLES.resolve(name))
                            .replace("/var/lib/postern/", directory + "/")
                            .replace("/run/postern/", directory + "/");
            workspace.write(name, text, "rw-r--r--");
        }
        List<CheckedFile> files =
                List.of(
                        CheckedFile.read(directory.resolve("gw-a.toml")),
                        CheckedFile.read(directory.resolve("gw-b.toml")));
        assertThat(files).allMatch(file -> file.warnings().isEmpty());
        assertThat(DomainCheck.problemsOf(files, Workspace.NOW)).isEmpty();
    }
}
