package dev.postern.sim.scale;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private static String page() throws IOException {
        return Files.readString(DOCS.resolve("scale.md"));
    }

    /// All runs of the page with a hundredth of its clients; those with a million take minutes.
    @Test
    void thePageSaysWhatTheModelSays() throws IOException {
        List<String> told = new ArrayList<>();
        assertThat(page()).contains(ScalePage.smaller(told::add));
        assertThat(told).as("each run is told of before it").hasSize(5);
        assertThat(told.getFirst()).isEqualTo("a site dies, 10,000 simulated clients");
    }

    /// And of its parameters, schedules and waits what those are.
    @Test
    void thePageSaysWhatTheModelIs() throws IOException {
        assertThat(page())
                .startsWith(ScalePage.introduction())
                .contains(ScalePage.backOff(ScaleParameters.SITE_LOST));
    }

    /// The model beside the runs of real clients and gateways that are kept.
    @Test
    void thePageSaysHowTheModelComparesWithRealClientsAndGateways() throws IOException {
        Comparison comparison =
                new Comparison(RealResults.read(Files.readString(DOCS.resolve(RealResults.FILE))));
        assertThat(page()).contains(comparison.section()).contains(comparison.memory());
        assertThat(DOCS.resolve("scale-real-recovery.svg")).hasContent(comparison.recovery());
        assertThat(DOCS.resolve("scale-real-load.svg")).hasContent(comparison.load());
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
                                taken.work().resumeMicros(),
                                taken.work().fullMicros()))
                .as(
                        "what ScalePage and ScaleParameters.SITE_LOST take has to be that of"
                                + " docs/performance.md: change them, then run ./postern sim-scale"
                                + " docs")
                .containsExactly(measured(OCTETS), measured(RESUME), measured(HANDSHAKE));
    }

    private static int measured(Pattern pattern) throws IOException {
        Matcher matcher = pattern.matcher(Files.readString(DOCS.resolve("performance.md")));
        assertThat(matcher.find()).as("%s in docs/performance.md", pattern).isTrue();
        return Integer.parseInt(matcher.group(1).replace(",", ""));
    }
}
