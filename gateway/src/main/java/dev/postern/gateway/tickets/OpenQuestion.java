package dev.postern.gateway.tickets;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/// A gateway's question to the ticket service that waits for its answer.
///
/// @param frame what is sent; its body may be a session, and is wiped with the answer
/// @param taker takes the answer, once, from any thread
/// @param deadline in the nanoseconds of the system's timer
record OpenQuestion(TicketFrame frame, Consumer<Answer> taker, long deadline) {
    private static final int LONGEST_REASON = 64;

    static OpenQuestion of(
            Ask.OfTicketService ask, int number, Consumer<Answer> taker, long deadline) {
        TicketFrame frame =
                switch (ask) {
                    case Ask.OpenTicket question ->
                            TicketFrame.of(
                                    TicketFrame.Op.OPEN,
                                    question.kind().code(),
                                    number,
                                    question.ticket().array().clone());
                    case Ask.SealTicket question -> {
                        try (SecretBytes chain = question.chain()) {
                            yield TicketFrame.of(
                                    TicketFrame.Op.SEAL,
                                    question.kind().code(),
                                    number,
                                    chain.expose().clone());
                        }
                    }
                };
        return new OpenQuestion(frame, taker, deadline);
    }

    int number() {
        return frame.number();
    }

    boolean isTooLong() {
        return frame.body().length > TicketFrame.LONGEST_BODY;
    }

    void answer(Answer answer) {
        taker.accept(answer);
        Arrays.fill(frame.body(), (byte) 0);
    }

    void answer(TicketFrame answer) {
        answer(understood(answer));
    }

    private static Answer understood(TicketFrame answer) {
        if (answer.code() == TicketFrame.Status.OPENED.code()) {
            return new Answer.TicketOpened(SecretBytes.copyOf(answer.body()));
        }
        if (answer.code() == TicketFrame.Status.SEALED.code()) {
            return new Answer.TicketSealed(Octets.of(answer.body().clone()));
        }
        return answer.code() == TicketFrame.Status.REFUSED.code()
                ? new Answer.TicketRefused(printable(answer.body()))
                : new Answer.TicketServiceUnavailable();
    }

    private static String printable(byte[] reason) {
        int length = Math.min(reason.length, LONGEST_REASON);
        return new String(reason, 0, length, StandardCharsets.US_ASCII)
                .replaceAll("[^a-z0-9_ -]", "?");
    }
}
