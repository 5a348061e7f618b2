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
        Decision.Write first = written(Takeover.judge(null, "gw-a", BOTH));
        assertThat(first.epoch()).isEqualTo(1);
        assertThat(Takeover.judge(first.record(), "gw-b", BOTH))
                .isEqualTo(new Decision.Refuse(new Held("gw-a", 1)));
    }

    @Test
    void everyChangeOfHandsRaisesTheEpoch() {
        Decision.Write first = written(Takeover.judge(null, "gw-a", BOTH));
        Decision.Write second = written(Takeover.judge(first.record(), "gw-b", B_ALONE));
        assertThat(second.epoch()).isEqualTo(2);
        Decision.Write back = written(Takeover.judge(second.record(), "gw-b", BOTH));
        assertThat(back.epoch()).as("its owner has started again").isEqualTo(3);
    }

    @Test
    void whatIsGivenUpKeepsItsEpoch() {
        Decision.Write first = written(Takeover.judge(null, "gw-a", BOTH));
        assertThat(Takeover.released(first.record(), "gw-b")).isNull();
        Fields released = Takeover.released(first.record(), "gw-a");
        assertThat(released).isNotNull();
        assertThat(written(Takeover.judge(released, "gw-b", BOTH)).epoch()).isEqualTo(2);
    }
}
