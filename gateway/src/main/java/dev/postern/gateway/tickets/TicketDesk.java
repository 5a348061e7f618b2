package dev.postern.gateway.tickets;

import dev.postern.crypto.Entropy;
import dev.postern.gateway.tickets.TicketFrame.Op;
import dev.postern.gateway.tickets.TicketFrame.Status;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketGrantingService;
import dev.postern.ticket.TicketGrantingService.Reply;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// Lets the gateways' connections at the one [TicketGrantingService], one question at a time, and
/// keeps the books.
public final class TicketDesk implements TicketServiceServer.Desk {
    /// What was answered so far.
    public record Tally(long opened, long sealed, long refused) {}

    private final TicketGrantingService service;
    private final byte[] domain;
    private final Entropy entropy;
    private final InstantSource clock;
    private final int auditEvery;
    private final Consumer<Tally> auditor;
    private final ReentrantLock lock = new ReentrantLock();
    private long opened;
    private long sealed;
    private long refused;

    /// @param auditor hears of every `auditEvery`th answer
    public TicketDesk(
            TicketGrantingService service,
            String domain,
            Entropy entropy,
            InstantSource clock,
            int auditEvery,
            Consumer<Tally> auditor) {
        this.service = service;
        this.domain = domain.getBytes(StandardCharsets.UTF_8);
        this.entropy = entropy;
        this.clock = clock;
        this.auditEvery = auditEvery;
        this.auditor = auditor;
    }

    /// Runs a step while nobody is served, with the seconds since 1970.
    public void run(LongConsumer step) {
        lock.lock();
        try {
            step.accept(clock.instant().getEpochSecond());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public TicketFrame answer(String gateway, TicketFrame question) {
        if (question.code() == Op.HELLO.code()) {
            return Arrays.equals(question.body(), domain)
                    ? TicketFrame.of(Status.WELCOME, question.number(), new byte[0])
                    : refused(question, "another_domain");
        }
        Session.Kind kind = kindOf(question.kind());
        boolean opens = question.code() == Op.OPEN.code();
        if (kind == null || (!opens && question.code() != Op.SEAL.code())) {
            return refused(question, "unknown_question");
        }
        Reply reply;
        Tally due;
        lock.lock();
        try {
            long now = clock.instant().getEpochSecond();
            reply =
                    opens
                            ? service.open(Octets.of(question.body()), kind, now)
                            : service.seal(question.body(), kind, entropy, now);
            due = count(reply);
        } finally {
            lock.unlock();
        }
        if (due != null) {
            auditor.accept(due);
        }
        return switch (reply) {
            case Reply.Opened(byte[] chain) ->
                    TicketFrame.of(Status.OPENED, question.number(), chain);
            case Reply.Sealed(Octets ticket) ->
                    TicketFrame.of(Status.SEALED, question.number(), ticket.array().clone());
            case Reply.Refused(TicketGrantingService.Reason reason) ->
                    refused(question, reason.name().toLowerCase(Locale.ROOT));
        };
    }

    private @Nullable Tally count(Reply reply) {
        switch (reply) {
            case Reply.Opened _ -> opened++;
            case Reply.Sealed _ -> sealed++;
            case Reply.Refused _ -> refused++;
        }
        return (opened + sealed + refused) % auditEvery == 0
                ? new Tally(opened, sealed, refused)
                : null;
    }

    private static Session.@Nullable Kind kindOf(int code) {
        for (Session.Kind kind : Session.Kind.values()) {
            if (kind.code() == code) {
                return kind;
            }
        }
        return null;
    }

    private static TicketFrame refused(TicketFrame question, String reason) {
        return TicketFrame.of(
                Status.REFUSED, question.number(), reason.getBytes(StandardCharsets.US_ASCII));
    }
}
