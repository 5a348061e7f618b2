package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.sim.Family;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

/// `postern replay`, as it is typed.
final class ReplayCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new Postern())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @ParameterizedTest
    @EnumSource
    void aSeedOfEachFamilyIsRunAndTold(Family family) {
        long seed = family.seed(2);
        assertThat(run("replay", String.valueOf(seed), "--plan")).isZero();
        assertThat(out.toString())
                .startsWith("seed " + seed + ": ")
                .contains(" gateways, ", " s with faults")
                .endsWith("seed " + seed + ": every claim held\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theHelpNamesEachFamily() {
        assertThat(run("replay", "--help")).isZero();
        String help = out.toString().replaceAll("\\s+", " ");
        for (Family family : Family.values()) {
            switch (family) {
                case ORDINARY -> {}
                case WANDERING -> assertThat(help).contains("Negative: " + family.about());
                case HOT, LOOSE, CLUSTERED, CONTENDED, SITES ->
                        assertThat(help)
                                .contains("from " + family.seed(0) + " on: " + family.about());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"43", "-2", "2000001"})
    void aRunIsDrawn(String seed) {
        assertThat(run("replay", seed)).isZero();
        assertThat(out.toString())
                .contains("c1", "gw-a", "attacker", "IKE_SA_INIT request 0|0", "*--------")
                .endsWith("every claim held\n");
    }

    /// The command that a failing run of such a seed names, options and all.
    @Test
    void aNegativeSeedIsNoOption() {
        assertThat(run("replay", "-1", "--shrink", "--plan")).isZero();
        assertThat(out.toString()).startsWith("seed -1: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "forty",
                "99999999999999999999",
                "-99999999999999999999",
                "",
                "1.5",
                "--sed"
            })
    void whatIsNoSeedIsToldWithWhatIsLegal(String seed) {
        assertThat(run("replay", seed)).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString())
                .contains("SEED", "\"" + seed + "\" is no seed; legal is a whole number from -9223")
                .contains("Usage: postern replay");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void noSeedAndTwoSeedsAreWrong() {
        assertThat(run("replay")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).contains("SEED");
        assertThat(run("replay", "1", "2")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).contains("'2'");
        assertThat(run("replay", "1", "--shrnk")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).contains("--shrnk");
    }
}
