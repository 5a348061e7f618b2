package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.TgsKeys;
import dev.postern.gateway.configuration.TicketServiceConfiguration;
import dev.postern.gateway.tickets.TicketDesk;
import dev.postern.gateway.tickets.TicketServiceServer;
import dev.postern.ticket.Revocations;
import dev.postern.ticket.RotatingTickets;
import dev.postern.ticket.TicketGrantingService;
import dev.postern.wire.PrintableText;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// A running ticket service: the TGS keys of a domain, its revocations, and the operator's way to
/// both, in one place that only the domain's gateways can ask.
public final class TicketServiceDaemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TicketServiceDaemon.class);
    private static final long WATCH_INTERVAL_MILLIS = 2_000;
    private static final int REFUSALS_PER_INTERVAL = 20;

    private final EventLog events;
    private final Clock clock = Clock.systemUTC();
    private final RotatingTickets tickets;
    private final TicketDesk desk;
    private final TicketServiceServer server;
    private final TgsKeyWatch watch;
    private final @Nullable AdminServer admin;
    private final AtomicInteger refusals = new AtomicInteger();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("tgs-keys").factory());

    private TicketServiceDaemon(TicketServiceConfiguration configuration, EventLog events)
            throws IOException {
        this.events = events;
        TgsKeys keys = configuration.tgsKeys();
        tickets = new RotatingTickets(keys.ring());
        long kept = configuration.ticketLifetime().toSeconds();
        RevocationList list = RevocationList.open(configuration.admin().revocations(), kept, clock);
        Revocations revocations = new Revocations(Revocations.DEFAULT_LIMIT, list.keptForSeconds());
        list.entries().forEach(one -> revocations.add(one, clock.instant().getEpochSecond()));
        desk =
                new TicketDesk(
                        new TicketGrantingService(
                                tickets, configuration.secureDomain(), revocations),
                        configuration.secureDomain(),
                        new SystemEntropy(),
                        clock,
                        configuration.auditEvery(),
                        this::audit);
        list.tell(one -> desk.run(now -> revocations.add(one, now)));
        watch =
                new TgsKeyWatch(
                        keys,
                        tickets,
                        step -> {
                            desk.run(step);
                            return true;
                        },
                        events);
        server =
                TicketServiceServer.start(
                        configuration.listen(),
                        configuration.identity(),
                        configuration.gateways(),
                        desk,
                        new Visitors());
        admin =
                configuration.admin().socket() == null
                        ? null
                        : AdminServer.start(
                                configuration.admin().socket(),
                                new GatewayCommands(list, watch, null, null, null, null, clock));
    }

    /// Opens the sockets and begins to serve.
    ///
    /// @throws IOException with the reason in words
    public static TicketServiceDaemon start(
            TicketServiceConfiguration configuration, EventLog events) throws IOException {
        TicketServiceDaemon daemon = new TicketServiceDaemon(configuration, events);
        daemon.timer.scheduleWithFixedDelay(
                daemon::look, WATCH_INTERVAL_MILLIS, WATCH_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        events.line(
                "ticket-service-ready",
                "domain",
                configuration.secureDomain(),
                "listens",
                daemon.addresses().stream()
                        .map(each -> each.getAddress().getHostAddress() + ":" + each.getPort())
                        .collect(Collectors.joining(" ")));
        return daemon;
    }

    /// Where it listens.
    public List<InetSocketAddress> addresses() {
        return server.addresses();
    }

    private void look() {
        refusals.set(0);
        try {
            watch.look(clock.instant(), false);
        } catch (RuntimeException bug) {
            // An exception would end the timer for good.
            LOG.error("looking at the TGS key file failed; this is a bug in Postern", bug);
        }
    }

    private void audit(TicketDesk.Tally tally) {
        events.line(
                "tickets-served",
                "opened",
                tally.opened(),
                "sealed",
                tally.sealed(),
                "refused",
                tally.refused());
    }

    @Override
    public void close() {
        events.line("ticket-service-stopping");
        timer.shutdownNow();
        if (admin != null) {
            admin.close();
        }
        server.close();
        desk.run(_ -> tickets.close());
    }

    private final class Visitors implements TicketServiceServer.Doorman {
        @Override
        public void admitted(String gateway, Socket from) {
            events.line("gateway-admitted", "gateway", gateway, "from", addressOf(from));
        }

        /// Strangers must not fill the log.
        @Override
        public void refused(Socket from, String reason) {
            if (refusals.incrementAndGet() <= REFUSALS_PER_INTERVAL) {
                events.line(
                        "connection-refused",
                        "from",
                        addressOf(from),
                        "because",
                        PrintableText.of(reason));
            }
        }

        @Override
        public void left(String gateway, long questions, String reason) {
            events.line(
                    "gateway-left", "gateway", gateway, "questions", questions, "because", reason);
        }

        private String addressOf(Socket from) {
            return from.getInetAddress().getHostAddress();
        }
    }
}
