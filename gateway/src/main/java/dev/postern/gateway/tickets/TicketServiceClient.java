package dev.postern.gateway.tickets;

import dev.postern.gateway.tickets.TicketServicePlaces.Place;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The gateway's end: asks one service of those that are configured, and the next when that is
/// gone. Each question is answered once, within its deadline; a question that was open when a
/// connection broke goes to the next service, which harms nothing: opening changes nothing, and a
/// second sealing is another ticket. As long as no service can be reached every question is
/// answered at once with [Answer.TicketServiceUnavailable].
///
/// One thread connects and writes, one per connection reads, and one watches the deadlines, so that
/// neither a connection that does not come about nor a service that does not read can hold them up.
public final class TicketServiceClient implements AutoCloseable {
    /// Who hears how it stands, from the client's thread. What goes on as before is not told again.
    public interface Listener {
        void connected(String service);

        /// @param reason in words
        void disconnected(String service, String reason);
    }

    /// A broken connection is noticed within this time.
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long PING_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// A connection that held for less was of no use.
    private static final long OF_USE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long PATIENCE_MILLIS = 1_000;
    private static final long SHORTEST_REST_MILLIS = 100;
    private static final long LONGEST_REST_MILLIS = 5_000;

    private final TicketServicePlaces places;
    private final MutualTls tls;
    private final byte[] domain;
    private final Listener listener;
    private final AtomicInteger lastNumber = new AtomicInteger();
    private final OpenQuestions questions = new OpenQuestions();
    private final Map<Place, String> faults = new HashMap<>();
    private final Thread thread;
    private final Thread deadlines;
    private volatile boolean running = true;
    private volatile @Nullable ServiceConnection connection;

    private TicketServiceClient(TicketServicePlaces places, String domain, Listener listener) {
        this.places = places;
        this.tls = new MutualTls(places.identity());
        this.domain = domain.getBytes(StandardCharsets.UTF_8);
        this.listener = listener;
        this.thread = Thread.ofPlatform().daemon().name("ticket-service").unstarted(this::run);
        this.deadlines =
                Thread.ofPlatform()
                        .daemon()
                        .name("ticket-deadlines")
                        .unstarted(this::watchDeadlines);
    }

    /// Begins to connect.
    ///
    /// @param domain whose tickets are meant; a service of another domain is not asked
    public static TicketServiceClient start(
            TicketServicePlaces places, String domain, Listener listener) {
        TicketServiceClient client = new TicketServiceClient(places, domain, listener);
        client.thread.start();
        client.deadlines.start();
        return client;
    }

    /// Asks; from any thread.
    ///
    /// @param taker takes the answer, once, from any thread, perhaps before this returns
    public void ask(Ask.OfTicketService ask, Consumer<Answer> taker) {
        long deadline = System.nanoTime() + places.deadlineNanos();
        questions.add(OpenQuestion.of(ask, lastNumber.incrementAndGet(), taker, deadline));
    }

    /// Questions that wait for their answers.
    public int outstanding() {
        return questions.size();
    }

    private void run() {
        long rest = SHORTEST_REST_MILLIS;
        while (running) {
            boolean served = false;
            for (Place place : places.all()) {
                served |= running && serveFrom(place);
            }
            if (!served) {
                questions.giveUp();
            }
            sleep(rest);
            rest = served ? SHORTEST_REST_MILLIS : Math.min(2 * rest, LONGEST_REST_MILLIS);
        }
    }

    /// Connects, and carries questions until the connection is gone.
    ///
    /// @return whether the service was of use
    private boolean serveFrom(Place place) {
        long since = System.nanoTime();
        String reason = "the gateway ends";
        boolean welcome = false;
        try (ServiceConnection made =
                ServiceConnection.open(place, tls, domain, questions::answered)) {
            connection = made;
            welcome = true;
            faults.remove(place);
            questions.sendAll();
            listener.connected(place.toString());
            while (running) {
                carry(made);
            }
        } catch (IOException e) {
            reason = String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            // Only close interrupts, and it has cleared `running` before.
        } finally {
            connection = null;
        }
        if (!reason.equals(faults.put(place, reason))) {
            listener.disconnected(place.toString(), reason);
        }
        return welcome && System.nanoTime() - since > OF_USE_NANOS;
    }

    private void carry(ServiceConnection to) throws IOException, InterruptedException {
        List<TicketFrame> batch = questions.unsent(LOOK_NANOS);
        if (batch.isEmpty() && System.nanoTime() - to.lastWritten() >= PING_NANOS) {
            batch = List.of(TicketFrame.of(TicketFrame.Op.HELLO, 0, 0, domain));
        }
        to.write(batch);
    }

    private void watchDeadlines() {
        try {
            while (running) {
                questions.expireNext();
                ServiceConnection present = connection;
                if (present != null && present.silentFor() > places.deadlineNanos()) {
                    present.breakOff(new IOException("it has not answered within the deadline"));
                }
            }
        } catch (InterruptedException e) {
            // Only close interrupts.
        }
    }

    private void sleep(long millis) {
        try {
            if (running) {
                Thread.sleep(millis);
            }
        } catch (InterruptedException e) {
            // Only close interrupts, and it has cleared `running` before.
        }
    }

    /// Answers what is open, and ends its threads.
    @Override
    public void close() {
        running = false;
        ServiceConnection present = connection;
        if (present != null) {
            present.close();
        }
        thread.interrupt();
        try {
            // It may be connecting, which nothing can cut short.
            thread.join(PATIENCE_MILLIS);
            deadlines.interrupt();
            deadlines.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        questions.giveUp();
    }
}
