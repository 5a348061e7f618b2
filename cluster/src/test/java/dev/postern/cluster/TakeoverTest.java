package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Ownership.Held;
import dev.postern.cluster.Takeover.Decision;

import org.junit.jupiter.api.Test;

import java.util.List;

class TakeoverTest {
    private static final Member A = new Member("gw-a", "east", 1, "a1");
    private static final Member B = new Member("gw-b", "east", 2, "b1");
    private static final View BOTH = new View(1, List.of(A, B));
    private static final View B_ALONE = new View(2, List.of(B));

    private static Decision.Write written(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Write.class);
        return (Decision.Write) decision;
    }

    @Test
    void whatNobodyOwnsIsForWhoComesFirst() {
        Decision.Write first = written(Takeover.judge(null, "gw-a", 0, BOTH));
        assertThat(first.epoch()).isEqualTo(1);
        assertThat(Takeover.judge(first.record(), "gw-b", 0, BOTH))
                .isEqualTo(new Decision.Refuse(new Held("gw-a", 1)));
    }

    @Test
    void everyChangeOfHandsRaisesTheEpoch() {
        Decision.Write first = written(Takeover.judge(null, "gw-a", 0, BOTH));
        Decision.Write second = written(Takeover.judge(first.record(), "gw-b", 0, B_ALONE));
        assertThat(second.epoch()).isEqualTo(2);
        Decision.Write back = written(Takeover.judge(second.record(), "gw-b", 0, BOTH));
        assertThat(back.epoch()).as("its owner has started again").isEqualTo(3);
    }

    @Test
    void whatIsGivenUpKeepsItsEpoch() {
        Decision.Write first = written(Takeover.judge(null, "gw-a", 0, BOTH));
        assertThat(Takeover.released(first.record(), "gw-b")).isNull();
        Fields released = Takeover.released(first.record(), "gw-a");
        assertThat(released).isNotNull();
        assertThat(written(Takeover.judge(released, "gw-b", 0, BOTH)).epoch()).isEqualTo(2);
    }

    /// A nonce names the member and the epoch; the other members, and what they knew, may be gone.
    @Test
    void nobodyHasAnEpochASecondTimeThatHeHasKept() {
        assertThat(written(Takeover.judge(null, "gw-a", 7, BOTH)).epoch()).isEqualTo(8);
        Decision.Write older = written(Takeover.judge(null, "gw-b", 0, BOTH));
        assertThat(written(Takeover.judge(older.record(), "gw-b", 7, BOTH)).epoch()).isEqualTo(8);
        Decision.Write newer = written(Takeover.judge(null, "gw-b", 9, BOTH));
        assertThat(written(Takeover.judge(newer.record(), "gw-b", 7, BOTH)).epoch()).isEqualTo(11);
    }

    @Test
    void theEpochsThatAreInNoncesAreKept() {
        assertThat(Takeover.isKept(StandbyConduct.THING)).isTrue();
        assertThat(Takeover.isKept(LooseConduct.thing("gw-a"))).isTrue();
        assertThat(Takeover.isKept("lease/10.0.0.1")).isFalse();
    }
}
