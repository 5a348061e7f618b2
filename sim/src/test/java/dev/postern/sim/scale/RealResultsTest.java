package dev.postern.sim.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.Map;

/// The file of what runs with real clients and gateways came to.
class RealResultsTest {
    private static RealResults results() {
        Map<String, ScaleResult> runs = new LinkedHashMap<>();
        RealResults.parameters(RealResults.LEAST_CLIENTS)
                .forEach((name, parameters) -> runs.put(name, ScaleModel.run(parameters)));
        return RealResults.of(RealResults.LEAST_CLIENTS, 17_001, 42, runs);
    }

    @Test
    void whatIsWrittenIsRead() {
        RealResults written = results();
        assertThat(RealResults.read(written.text())).isEqualTo(written);
    }

    @Test
    void theFileSaysWhichCommandHasMadeIt() {
        assertThat(results().text())
                .startsWith("# ")
                .contains("written by `./postern sim-scale --real 200 docs`");
    }

    @Test
    void aRunThatLacksIsNamed() {
        String text = results().text().replace("run no tickets", "run another");
        assertThatThrownBy(() -> RealResults.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no run \"no tickets\"");
    }

    @Test
    void aLineThatLacksIsNamed() {
        String text = results().text().replace("given-up ", "given ");
        assertThatThrownBy(() -> RealResults.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no line given-up");
    }

    @Test
    void aRunOfFewerClientsKeepsGatewaysAsBusy() {
        ScaleParameters large = ScaleParameters.SITE_LOST;
        RealResults.parameters(100_000)
                .forEach((_, small) -> {
                    assertThat(
                                    (long) small.clients()
                                            / small.gateways()
                                            * small.work().resumeMicros())
                            .isEqualTo(
                                    (long) large.clients()
                                            / large.gateways()
                                            * large.work().resumeMicros());
                    assertThat(small.gatewaysLost() * 4 % small.gateways()).isZero();
                });
    }
}
