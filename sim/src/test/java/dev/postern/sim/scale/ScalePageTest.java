package dev.postern.sim.scale;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// docs/scale.md and its pictures are what the model says; `./postern sim-scale docs` writes them.
class ScalePageTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern OCTETS =
            Pattern.compile(
                    "## Memory of an idle session\\n.*?([0-9,]+) octets each", Pattern.DOTALL);
    private static final Pattern RESUME =
            Pattern.compile("\\| Postern gateway, 1-RTT resume without KE, .*\\| ([0-9,]+) \\|");
    private static final Pattern HANDSHAKE =
            Pattern.compile("\\| Postern gateway, handshake and Delete \\| ([0-9,]+) \\|");
    private static final Pattern CLIENTS =
            Pattern.compile("## Clients in one process\\n\\n([0-9,]+) clients, ");
    private static final Pattern CLIENTS_MEGABYTES =
            Pattern.compile("([0-9,]+) MB of live heap with all connected");

    private static String page() throws IOException {
        return Files.readString(DOCS.resolve("scale.md"));
    }

    /// All runs of the page with a hundredth of its clients; those with a million take minutes.
    @Test
    void thePageSaysWhatTheModelSays() throws IOException {
        assertThat(page()).contains(ScalePage.smaller());
    }

    /// And of its parameters, schedules and waits what those are.
    @Test
    void thePageSaysWhatTheModelIs() throws IOException {
        assertThat(page())
                .startsWith(ScalePage.introduction())
                .contains(ScalePage.backOff(ScaleParameters.SITE_LOST));
    }

    @Test
    void thePicturesAreThoseOfThePage() throws IOException {
        String recovery = Files.readString(DOCS.resolve("scale-recovery.svg"));
        String load = Files.readString(DOCS.resolve("scale-load.svg"));
        assertThat(page()).endsWith(ScalePage.pictures(recovery, load));
    }

    /// What the page takes from measurements is what was measured, and not what was once.
    @Test
    void theModelTakesWhatWasMeasured() throws IOException {
        ScaleParameters taken = ScaleParameters.SITE_LOST;
        assertThat(
                        List.of(
                                ScalePage.OCTETS_PER_SESSION,
                                taken.resumeMicros(),
                                taken.fullMicros(),
                                ScalePage.MEASURED_CLIENTS,
                                ScalePage.MEASURED_CLIENTS_MEGABYTES))
                .as(
                        "what ScalePage and ScaleParameters.SITE_LOST take has to be that of"
                                + " docs/performance.md: change them, then run ./postern sim-scale"
                                + " docs")
                .containsExactly(
                        measured(OCTETS),
                        measured(RESUME),
                        measured(HANDSHAKE),
                        measured(CLIENTS),
                        measured(CLIENTS_MEGABYTES));
    }

    private static int measured(Pattern pattern) throws IOException {
        Matcher matcher = pattern.matcher(Files.readString(DOCS.resolve("performance.md")));
        assertThat(matcher.find()).as("%s in docs/performance.md", pattern).isTrue();
        return Integer.parseInt(matcher.group(1).replace(",", ""));
    }
}
