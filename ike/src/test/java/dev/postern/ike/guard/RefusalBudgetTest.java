package dev.postern.ike.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;

class RefusalBudgetTest {
    private static final long SECOND = 1_000_000_000;

    private final RefusalBudget budget = new RefusalBudget(42);

    private static InetAddress source(int number) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {10, (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private int taken(int source, int times, long now) {
        int taken = 0;
        for (int i = 0; i < times; i++) {
            taken += budget.take(source(source), now) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void oneSourceGetsSoManyASecond() {
        assertThat(taken(1, 1_000, 0)).isEqualTo(RefusalBudget.PER_SOURCE);
        assertThat(taken(1, 1_000, SECOND)).isEqualTo(RefusalBudget.PER_SOURCE);
    }

    @Test
    void aFloodFromOneSourceLeavesAnotherItsOwn() {
        taken(1, 1_000_000, 0);
        assertThat(taken(2, 1, 0)).isEqualTo(1);
    }

    @Test
    void manySourcesThatAskAgainAndAgainLeaveRoomForTheFirstAnswerToAnother() {
        for (int round = 0; round < 10; round++) {
            for (int source = 0; source < 2_000; source++) {
                taken(source, 1, 0);
            }
        }
        int served = 0;
        for (int source = 100_000; source < 100_100; source++) {
            served += taken(source, 1, 0);
        }
        assertThat(served).as("some share a slot with one of the others").isGreaterThan(40);
    }

    @Test
    void allTogetherGetNoMoreThanSoManyHoweverManySourcesThereSeemToBe() {
        int taken = 0;
        for (int source = 0; source < 200_000; source++) {
            taken += taken(source, 1, 5 * SECOND);
        }
        assertThat(taken).isLessThanOrEqualTo(RefusalBudget.IN_ALL).isGreaterThan(1_000);
    }

    @Test
    void timeMayBeginBelowZero() {
        assertThat(taken(1, 1, -3 * SECOND)).isEqualTo(1);
        assertThat(taken(1, RefusalBudget.PER_SOURCE, -1)).isEqualTo(RefusalBudget.PER_SOURCE);
    }
}
