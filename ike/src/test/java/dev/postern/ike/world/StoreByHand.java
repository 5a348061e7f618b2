package dev.postern.ike.world;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ticket.store.MemorySessionStore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// A session store that gateways share, with every fault that a test asks for.
public final class StoreByHand {
    private final MemorySessionStore records = new MemorySessionStore(1_000);
    private final List<Ask.OfStore> asked = new ArrayList<>();
    private UnaryOperator<Answer> lie = UnaryOperator.identity();
    private long delayNanos;
    private boolean silent;

    /// Answers nothing from now on, and does nothing.
    public void fallSilent() {
        silent = true;
    }

    public void speakAgain() {
        silent = false;
    }

    public boolean isSilent() {
        return silent;
    }

    /// Takes this long for each question.
    public void slowDown(long nanos) {
        delayNanos = nanos;
    }

    public long delayNanos() {
        return delayNanos;
    }

    /// Changes its answers.
    public void lie(UnaryOperator<Answer> newLie) {
        lie = newLie;
    }

    public MemorySessionStore records() {
        return records;
    }

    /// Every question so far, in order.
    public List<Ask.OfStore> asked() {
        return asked;
    }

    public <A extends Ask.OfStore> List<A> asked(Class<A> type) {
        return asked.stream().filter(type::isInstance).map(type::cast).toList();
    }

    Answer answer(Ask.OfStore ask, long nowSeconds) {
        asked.add(ask);
        return lie.apply(Answer.of(records, ask, nowSeconds));
    }
}
