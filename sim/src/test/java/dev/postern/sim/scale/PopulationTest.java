package dev.postern.sim.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Who the clients are, in the model and in runs with real ones.
class PopulationTest {
    private static final ScaleParameters DOMAIN = ScaleParameters.SITE_LOST;
    private static final int CLIENTS = 10_000;

    private final Population population = new Population(DOMAIN);

    @Test
    void aClientKnowsDifferentGatewaysAndItsOwnComesLast() {
        int known = DOMAIN.knownGateways();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            int[] gateways =
                    IntStream.range(0, known)
                            .map(place -> population.gateway(client, place))
                            .toArray();
            assertThat(gateways).doesNotHaveDuplicates();
            assertThat(gateways[known - 1]).isEqualTo(population.home(client));
            assertThat(Arrays.stream(gateways))
                    .allMatch(each -> each >= 0 && each < DOMAIN.gateways());
        }
    }

    @Test
    void soManyHaveTrafficAsTheDomainSays() {
        long active = IntStream.range(0, CLIENTS).filter(population::isActive).count();
        double wanted = CLIENTS * DOMAIN.activePermille() / 1000.0;
        assertThat((double) active).isCloseTo(wanted, within(0.05 * wanted));
    }

    /// No instant is dearer to clients than another.
    @Test
    void checksAreSpreadOverTheTimeBetweenThem() {
        int[] tenths = new int[10];
        for (int client = 0; client < CLIENTS; client++) {
            tenths[population.untilCheck(client) * 10 / DOMAIN.idleMillis()]++;
        }
        assertThat(Arrays.stream(tenths))
                .allMatch(each -> Math.abs(each - CLIENTS / 10) < CLIENTS / 100);
    }
}
