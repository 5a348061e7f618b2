package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.configuration.TgsKeys;
import dev.postern.gateway.tickets.TicketServiceClient;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ticket.Revocation;
import dev.postern.ticket.RotatingTickets;
import dev.postern.ticket.ServedTickets;
import dev.postern.ticket.TicketSealer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What decides at a running gateway which tickets are good: its TGS keys, its revocations, and the
/// operator's way to both.
final class TicketCustody implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TicketCustody.class);
    private static final long WATCH_INTERVAL_MILLIS = 2_000;

    private final GatewayConfiguration configuration;
    private final Clock clock;
    private final @Nullable RotatingTickets tickets;
    private @Nullable TgsKeyWatch watch;
    private volatile @Nullable RevocationList revocations;
    private volatile @Nullable TicketServiceClient service;
    private @Nullable AdminServer admin;
    private @Nullable ClusterKnowledge shared;

    TicketCustody(GatewayConfiguration configuration, Clock clock) {
        this.configuration = configuration;
        this.clock = clock;
        TgsKeys keys = configuration.tgsKeys();
        this.tickets = keys == null ? null : new RotatingTickets(keys.ring());
    }

    /// What the endpoint seals and opens with; null where nothing is resumed.
    @Nullable TicketSealer sealer() {
        return configuration.ticketService() == null ? tickets : new ServedTickets();
    }

    /// Whether a ticket under a key of this name might be opened here. For any thread.
    boolean mightOpen(long tgsSpi) {
        return configuration.ticketService() != null || (tickets != null && tickets.knows(tgsSpi));
    }

    /// Asks the ticket service, where there is one.
    ///
    /// @param taker takes the answer, once, from any thread
    void ask(Ask.OfTicketService ask, Consumer<Answer> taker) {
        TicketServiceClient present = service;
        if (present == null) {
            throw new IllegalStateException("a gateway with keys of its own asks nobody");
        }
        present.ask(ask, taker);
    }

    /// Begins: the endpoint learns what was revoked before the loop hands it anything else, then
    /// the operator may connect.
    ///
    /// @param cluster null for a gateway of its own
    void start(
            IkeEndpoint endpoint,
            EndpointLoop loop,
            EventLog events,
            @Nullable ClusterSeat cluster,
            Drainage drainage)
            throws IOException {
        RevocationList list =
                RevocationList.open(
                        configuration.admin().revocations(),
                        configuration.longestTicketLifetimeSeconds(),
                        clock);
        endpoint.keepRevocationsFor(list.keptForSeconds());
        list.entries().forEach(one -> endpoint.handle(loop.now(), new Input.Revoke(one)));
        list.tell(one -> loop.put(now -> endpoint.handle(now, new Input.Revoke(one))));
        revocations = list;
        endpoint.handle(loop.now(), new Input.AnnounceGateways(configuration.backups()));
        TgsKeys keys = configuration.tgsKeys();
        if (keys != null && tickets != null) {
            watch =
                    new TgsKeyWatch(
                            keys,
                            tickets,
                            step ->
                                    loop.offer(now -> {
                                        step.accept(now.epochSeconds());
                                        return List.of();
                                    }),
                            events);
        }
        if (configuration.ticketService() != null) {
            service =
                    TicketServiceClient.start(
                            configuration.ticketService(),
                            configuration.secureDomain(),
                            new ServiceEvents(events));
        }
        if (cluster != null) {
            shared =
                    ClusterKnowledge.start(
                            cluster,
                            list,
                            keys,
                            watch,
                            configuration.longestTicketLifetimeSeconds(),
                            clock);
        }
        if (configuration.admin().socket() != null) {
            admin =
                    AdminServer.start(
                            configuration.admin().socket(),
                            new GatewayCommands(
                                    list,
                                    watch,
                                    cluster,
                                    drainage,
                                    new ParkingOrder(endpoint, loop),
                                    new AddressOrder(
                                            order -> loop.put(now -> endpoint.handle(now, order)),
                                            configuration.network().mobike(),
                                            configuration.standby()),
                                    clock));
        }
    }

    /// Looks at the key file from time to time.
    void watchOn(ScheduledExecutorService timer) {
        timer.scheduleWithFixedDelay(
                () -> look(false),
                WATCH_INTERVAL_MILLIS,
                WATCH_INTERVAL_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /// Reads the TGS key file again, whether it has changed or not. From any thread.
    void reload() {
        look(true);
    }

    private void look(boolean anyhow) {
        TgsKeyWatch present = watch;
        if (present == null) {
            return;
        }
        try {
            present.look(clock.instant(), anyhow);
        } catch (RuntimeException bug) {
            // An exception would end the timer for good.
            LOG.error("looking at the TGS key file failed; this is a bug in Postern", bug);
        }
    }

    /// Revokes at once and for the time after a restart. From any thread but the endpoint's.
    ///
    /// @throws IOException where it could not be written down: it holds until the gateway restarts
    void revoke(Revocation revocation) throws IOException {
        if (revocations != null) {
            revocations.revoke(revocation);
        }
    }

    /// What is revoked now.
    List<Revocation> revocations() {
        return revocations == null ? List.of() : revocations.entries();
    }

    /// After the endpoint's thread has ended.
    @Override
    public void close() {
        if (admin != null) {
            admin.close();
        }
        if (shared != null) {
            shared.close();
        }
        if (service != null) {
            service.close();
        }
        if (tickets != null) {
            tickets.close();
        }
    }

    private record ServiceEvents(EventLog events) implements TicketServiceClient.Listener {
        @Override
        public void connected(String service) {
            events.line("ticket-service-connected", "service", service);
        }

        @Override
        public void disconnected(String service, String reason) {
            events.line("ticket-service-lost", "service", service, "because", reason);
        }
    }
}
