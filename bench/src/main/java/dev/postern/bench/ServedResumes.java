package dev.postern.bench;

import dev.postern.gateway.tickets.TicketServiceClient;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ticket.ServedTickets;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Sessions whose tickets a service seals and opens, resumed again and again, some at once. All on
/// one thread, but for the answers of the service.
final class ServedResumes {
    /// From the switch count of a new session to the last before it has to be rekeyed.
    private static final int RESUMES_PER_SESSION = 14;

    private static final long PATIENCE_SECONDS = 20;

    /// What was measured.
    ///
    /// @param latencies of each resume, ascending
    record Result(long nanos, long[] latencies) {
        int count() {
            return latencies.length;
        }

        long percentileNanos(int percent) {
            return latencies[(latencies.length - 1) * percent / 100];
        }
    }

    /// A session between two resumes, or in one.
    private record Turn(ResumableSession session, int number, long begunAt) {}

    private final EndpointPair pair = new EndpointPair(true, new ServedTickets());
    private final TicketServiceClient service;
    private final int atOnce;
    private final BlockingQueue<Input.Answered> answers = new LinkedBlockingQueue<>();
    private final Queue<Effect> fromClient = new ArrayDeque<>();
    private final Queue<Effect> fromGateway = new ArrayDeque<>();
    private final Map<Long, ResumableSession> received = new HashMap<>();
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private final Map<Long, Turn> underWay = new HashMap<>();
    private long lastHandle;

    ServedResumes(TicketServiceClient service, int atOnce) {
        this.service = service;
        this.atOnce = atOnce;
    }

    /// Sets up that many sessions.
    void handshakes(int sessions) throws InterruptedException {
        for (int i = 0; i < sessions; i++) {
            lastHandle++;
            client(new Input.Initiate(lastHandle, pair.profile(), pair.path()));
            while (received.isEmpty()) {
                awaitAnswer();
            }
            waiting.add(new Turn(taken(lastHandle), 0, 0));
        }
    }

    /// Resumes each of them as often as it can be.
    Result run() throws InterruptedException {
        int count = waiting.size() * RESUMES_PER_SESSION;
        List<Long> latencies = new ArrayList<>(count);
        long begin = System.nanoTime();
        while (latencies.size() < count) {
            while (underWay.size() < atOnce && !waiting.isEmpty()) {
                begin(waiting.remove());
            }
            awaitAnswer();
            for (long handle : List.copyOf(received.keySet())) {
                Turn done = underWay.remove(handle);
                if (done == null) {
                    throw new IllegalStateException("a ticket came outside of a resume");
                }
                latencies.add(System.nanoTime() - done.begunAt());
                ResumableSession next = taken(handle);
                if (done.number() + 1 < RESUMES_PER_SESSION) {
                    waiting.add(new Turn(next, done.number() + 1, 0));
                }
            }
        }
        long nanos = System.nanoTime() - begin;
        long[] sorted = latencies.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return new Result(nanos, sorted);
    }

    private void begin(Turn turn) {
        lastHandle++;
        underWay.put(lastHandle, new Turn(turn.session(), turn.number(), System.nanoTime()));
        client(new Input.Resume(lastHandle, pair.profile(), pair.path(), turn.session()));
    }

    /// The ticket of this client's session, which it forgets as a crash would.
    private ResumableSession taken(long handle) {
        ResumableSession session = received.remove(handle);
        if (session == null) {
            throw new IllegalStateException("no ticket came");
        }
        pair.client().handle(EndpointPair.now(), new Input.Close(handle, true));
        return session;
    }

    private void awaitAnswer() throws InterruptedException {
        List<Input.Answered> some = new ArrayList<>();
        Input.Answered first = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (first == null) {
            throw new IllegalStateException("the ticket service has stopped answering");
        }
        some.add(first);
        answers.drainTo(some);
        some.forEach(answer -> fromGateway.addAll(gateway(answer)));
        carry();
    }

    private void client(Input input) {
        fromClient.addAll(pair.client().handle(EndpointPair.now(), input));
        carry();
    }

    private Collection<Effect> gateway(Input input) {
        return pair.gateway().handle(EndpointPair.now(), input);
    }

    private void carry() {
        while (!fromClient.isEmpty() || !fromGateway.isEmpty()) {
            for (Effect effect = fromClient.poll(); effect != null; effect = fromClient.poll()) {
                if (effect instanceof Effect.Send send) {
                    fromGateway.addAll(gateway(new Input.Datagram(send.path(), send.octets())));
                } else if (effect instanceof Effect.Emit(Event.TicketReceived ticket)) {
                    received.put(ticket.handle(), ticket.session());
                }
            }
            for (Effect effect = fromGateway.poll(); effect != null; effect = fromGateway.poll()) {
                if (effect instanceof Effect.Send send) {
                    fromClient.addAll(
                            pair.client()
                                    .handle(
                                            EndpointPair.now(),
                                            new Input.Datagram(send.path(), send.octets())));
                } else if (effect instanceof Effect.Raise raise) {
                    ask(raise);
                }
            }
        }
    }

    private void ask(Effect.Raise raise) {
        if (raise.ask() instanceof Ask.OfTicketService question) {
            service.ask(question, answer -> answers.add(new Input.Answered(raise.askId(), answer)));
        } else {
            Answer lease = new Answer.AddressesLeased(List.of(pair.nextInnerAddress()), List.of());
            fromGateway.addAll(gateway(new Input.Answered(raise.askId(), lease)));
        }
    }
}
