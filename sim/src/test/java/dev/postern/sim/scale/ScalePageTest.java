package dev.postern.sim.scale;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ScalePageTest {
    private static final Path PAGE = Path.of("..", "docs", "scale.md");

    /// The first run of the page with all its million clients; the others take a minute.
    @Test
    void thePageSaysWhatTheModelSays() throws IOException {
        String row = ScalePage.row("a site dies", ScaleModel.run(ScaleParameters.SITE_LOST));
        assertThat(Files.readString(PAGE))
                .as("docs/scale.md; ./postern sim-scale docs writes it")
                .contains(row);
    }
}
