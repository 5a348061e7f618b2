package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.esp.Dialogue;
import dev.postern.esp.SaTraffic;
import dev.postern.ike.failover.TrafficWatch;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A client with two Child SAs hears of its gateway through whichever is used.
final class SealingChildSasTest {
    private static final int FIRST = 11;
    private static final int SECOND = 12;
    private static final long SILENCE = 400;

    private final Map<Integer, Dialogue> dialogues = new HashMap<>();
    private final SealingChildSas sealing =
            new SealingChildSas(
                    spi -> Optional.of(new SaTraffic(2, 20, 2, 3, 3, 30)),
                    spi -> Optional.ofNullable(dialogues.get(spi)));
    private final TrafficWatch watch = new TrafficWatch(SILENCE);
    private final List<Integer> answering = new ArrayList<>();

    private void say(int spi, long questions, long answers) {
        dialogues.put(spi, new Dialogue(questions, answers));
    }

    private boolean isSuspicious(long now) {
        return watch.isSuspicious(now, sealing.questions(), sealing.answers());
    }

    private List<Integer> answering() {
        answering.clear();
        sealing.reportAnswers(answering::add);
        return answering;
    }

    @Test
    void trafficOnTheFirstIsWatchedThoughTheSecondWasActivatedLast() {
        sealing.add(FIRST);
        sealing.add(SECOND);
        say(SECOND, 0, 0);
        say(FIRST, 1, 1);
        assertThat(isSuspicious(0)).isFalse();
        say(FIRST, 2, 1);
        assertThat(isSuspicious(100)).isFalse();
        assertThat(isSuspicious(500)).isTrue();
    }

    @Test
    void answersOnTheSecondSpeakForTheGatewayWhileTheFirstIsSilent() {
        sealing.add(FIRST);
        sealing.add(SECOND);
        for (int now = 0; now < 3_000; now += 100) {
            say(FIRST, now, 1);
            say(SECOND, now, now);
            assertThat(isSuspicious(now)).isFalse();
        }
    }

    @Test
    void eachIsReportedThatHasBroughtAnswersSince() {
        sealing.add(FIRST);
        sealing.add(SECOND);
        say(FIRST, 5, 3);
        say(SECOND, 5, 0);
        assertThat(answering()).containsExactly(FIRST);
        assertThat(answering()).isEmpty();
        say(SECOND, 5, 1);
        assertThat(answering()).containsExactly(SECOND);
    }

    @Test
    void oneThatHasEndedIsForgotten() {
        sealing.add(FIRST);
        assertThat(sealing.outboundPackets()).isEqualTo(3);
        assertThat(sealing.inboundPackets()).isEqualTo(2);
        sealing.remove(FIRST);
        assertThat(sealing.isEmpty()).isTrue();
        assertThat(sealing.outboundPackets()).isZero();
        assertThat(answering()).isEmpty();
    }
}
