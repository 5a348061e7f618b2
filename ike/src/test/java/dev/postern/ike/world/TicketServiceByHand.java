package dev.postern.ike.world;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ticket.Revocations;
import dev.postern.ticket.TicketGrantingService;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// The central entity that seals and opens for gateways without keys, with every fault that a test
/// asks for.
public final class TicketServiceByHand {
    private final TicketGrantingService service;
    private final Revocations revocations = new Revocations(100, 86_400);
    private final Entropy entropy = new SeededEntropy(4711);
    private final List<Ask.OfTicketService> asked = new ArrayList<>();
    private UnaryOperator<Answer> lie = UnaryOperator.identity();
    private long delayNanos;
    private boolean silent;
    private int times = 1;

    public TicketServiceByHand(String domain) {
        service = new TicketGrantingService(World.sealer(1), domain, revocations);
    }

    /// Answers nothing from now on.
    public void fallSilent() {
        silent = true;
    }

    public void speakAgain() {
        silent = false;
    }

    boolean isSilent() {
        return silent;
    }

    /// Takes this long for each question.
    public void slowDown(long nanos) {
        delayNanos = nanos;
    }

    long delayNanos() {
        return delayNanos;
    }

    /// Answers each question that often.
    public void repeat(int newTimes) {
        times = newTimes;
    }

    int times() {
        return times;
    }

    /// Changes its answers.
    public void lie(UnaryOperator<Answer> newLie) {
        lie = newLie;
    }

    public Revocations revocations() {
        return revocations;
    }

    /// How many questions of a type there were.
    public long asked(Class<? extends Ask.OfTicketService> type) {
        return asked.stream().filter(type::isInstance).count();
    }

    Answer answer(Ask.OfTicketService ask, long nowSeconds) {
        asked.add(ask);
        return lie.apply(Answer.of(service, ask, entropy, nowSeconds));
    }
}
