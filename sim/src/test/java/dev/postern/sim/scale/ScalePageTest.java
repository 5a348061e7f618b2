package dev.postern.sim.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// docs/scale.md and its pictures are what the model says; `./postern sim-scale docs` writes them.
class ScalePageTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern MEASURED =
            Pattern.compile(
                    "## Memory of an idle session\\n.*?([0-9,]+) octets each", Pattern.DOTALL);

    private static String page() throws IOException {
        return Files.readString(DOCS.resolve("scale.md"));
    }

    /// All runs of the page with a hundredth of its clients; those with a million take minutes.
    @Test
    void thePageSaysWhatTheModelSays() throws IOException {
        assertThat(page()).contains(ScalePage.smaller());
    }

    @Test
    void thePicturesAreThoseOfThePage() throws IOException {
        String recovery = Files.readString(DOCS.resolve("scale-recovery.svg"));
        String load = Files.readString(DOCS.resolve("scale-load.svg"));
        assertThat(page()).endsWith(ScalePage.pictures(recovery, load));
    }

    /// Of a gateway's memory the page says what was measured, and not what was once.
    @Test
    void aSessionTakesWhatWasMeasured() throws IOException {
        Matcher measured = MEASURED.matcher(Files.readString(DOCS.resolve("performance.md")));
        assertThat(measured.find()).isTrue();
        double octets = Double.parseDouble(measured.group(1).replace(",", ""));
        assertThat((double) ScalePage.OCTETS_PER_SESSION)
                .as("ScalePage.OCTETS_PER_SESSION, after docs/performance.md")
                .isCloseTo(octets, within(0.1 * octets));
    }
}
