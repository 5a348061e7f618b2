package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.gateway.daemon.LoopQuestions.Reply;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Now;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// What another thread asks the endpoint's.
final class LoopQuestionsTest {
    private final BlockingQueue<Effect> carriedOut = new LinkedBlockingQueue<>();
    private final EndpointLoop loop = new EndpointLoop("test", new IdleDriver(), Clock.systemUTC());
    private final LoopQuestions questions = new LoopQuestions(loop);

    @BeforeEach
    void start() {
        loop.start(
                new EndpointLoop.Effects() {
                    @Override
                    public void carryOut(Now now, Effect effect) {
                        carriedOut.add(effect);
                    }

                    @Override
                    public void flush() {}
                });
    }

    @AfterEach
    void end() {
        loop.close();
    }

    @Test
    void theAskerIsToldAndTheEffectsAreCarriedOutOnTheLoop() throws Exception {
        Effect effect = new Effect.Emit(new Event.RetryScheduled(0, 7));

        assertThat(questions.<String>ask(_ -> new Reply<>("told", List.of(effect))))
                .isEqualTo("told");
        assertThat(carriedOut.poll(1, TimeUnit.MINUTES)).isEqualTo(effect);
    }

    @Test
    void whatFailsIsToldAtOnceAndTheLoopGoesOn() throws Exception {
        assertThatThrownBy(() ->
                        questions.ask(_ -> {
                            throw new IllegalStateException("broken");
                        }))
                .isInstanceOf(LoopQuestions.UnansweredException.class)
                .hasMessageContaining("a bug");
        assertThat(questions.<Integer>ask(_ -> new Reply<>(5, List.of()))).isEqualTo(5);
    }
}
