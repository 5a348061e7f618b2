package dev.postern.ike;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The order of ALT_GW_LIST, draft-dondeti-ipsec-failover-sol-00 section 5.2: by preference for
/// this client, so that the clients of one gateway spread over several.
class AlternativeGatewaysTest {
    private static final int SESSIONS = 20_000;

    private static GatewayList.Entry gateway(int number) {
        return new GatewayList.Address(Octets.ofHex("c00002%02x".formatted(number)), 0);
    }

    private static Octets session(int number) {
        return Octets.ofHex("%032x".formatted(number));
    }

    private static Map<GatewayList.Entry, Integer> firsts(AlternativeGateways gateways) {
        Map<GatewayList.Entry, Integer> firsts = new HashMap<>();
        for (int i = 0; i < SESSIONS; i++) {
            firsts.merge(gateways.orderedFor(session(i)).getFirst(), 1, Integer::sum);
        }
        return firsts;
    }

    @Test
    void ofEqualGatewaysEachIsFirstForItsShareOfTheSessions() {
        Map<GatewayList.Entry, Integer> firsts =
                firsts(
                        new AlternativeGateways(
                                List.of(
                                        new Backup(gateway(1), 1, 0),
                                        new Backup(gateway(2), 1, 0),
                                        new Backup(gateway(3), 1, 0),
                                        new Backup(gateway(4), 1, 0))));
        assertThat(firsts).hasSize(4);
        firsts.values().forEach(count -> assertThat(count).isCloseTo(5_000, within(250)));
    }

    @Test
    void theShareFollowsWeightAndFreeCapacity() {
        Map<GatewayList.Entry, Integer> firsts =
                firsts(
                        new AlternativeGateways(
                                List.of(
                                        new Backup(gateway(1), 3, 0),
                                        new Backup(gateway(2), 1, 0),
                                        new Backup(gateway(3), 2, 0.5))));
        assertThat(firsts.get(gateway(1))).isCloseTo(12_000, within(300));
        assertThat(firsts.get(gateway(2))).isCloseTo(4_000, within(250));
        assertThat(firsts.get(gateway(3))).isCloseTo(4_000, within(250));
    }

    @Test
    void aFullGatewayIsLastForNearlyEverybodyAndStillNamed() {
        AlternativeGateways gateways =
                new AlternativeGateways(
                        List.of(new Backup(gateway(1), 1, 1), new Backup(gateway(2), 1, 0)));
        assertThat(firsts(gateways).getOrDefault(gateway(1), 0)).isLessThan(SESSIONS / 200);
        assertThat(gateways.orderedFor(session(1))).hasSize(2);
    }

    @Test
    void aGatewayThatLeavesChangesNothingBetweenTheOthers() {
        List<Backup> all = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            all.add(new Backup(gateway(i), i, 0.1 * i));
        }
        AlternativeGateways before = new AlternativeGateways(all);
        AlternativeGateways after = new AlternativeGateways(all.subList(0, 5));
        for (int i = 0; i < 500; i++) {
            List<GatewayList.Entry> without = new ArrayList<>(before.orderedFor(session(i)));
            without.remove(gateway(6));
            assertThat(after.orderedFor(session(i))).isEqualTo(without);
        }
    }

    @Test
    void aWeightOrLoadThatIsNoneIsRefused() {
        for (double weight : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Backup(gateway(1), weight, 0));
        }
        for (double load : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Backup(gateway(1), 1, load));
        }
    }
}
