package dev.postern.gateway.aaa;

import dev.postern.crypto.Entropy;
import dev.postern.esp.SaTraffic;
import dev.postern.gateway.configuration.Radius;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.radius.AccountingRecord;
import dev.postern.radius.DynamicAuthorization;
import dev.postern.radius.RetryPolicy;
import dev.postern.ticket.Revocation;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/// A gateway's RADIUS: authentication, accounting, orders of servers.
public final class Aaa implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Aaa.class);
    private static final long DRAIN_MILLIS = 3_000;

    private final RadiusLoop loop;
    private final RadiusAuthentication authentication;
    private final @Nullable Accounting accounting;
    private final AaaSessions sessions;
    private final Surroundings around;

    /// What RADIUS needs of the gateway around it.
    public interface Surroundings {
        /// What an IKE SA knows of its peer; called on the endpoint's thread.
        @Nullable EstablishedSession session(long handle);

        /// What went through a Child SA.
        Optional<SaTraffic> traffic(int inboundSpi);

        /// Runs work on the endpoint's thread and has the endpoint handle what it returns.
        ///
        /// @return false where there is no room
        boolean offer(EndpointWork work);

        /// Why a change cannot be carried out, for people; empty where it can. On the endpoint's
        /// thread.
        ///
        /// @param handles the IKE SAs of its session
        String obstacle(Input.Reauthorize change, Set<Long> handles);

        /// Writes a revocation down, and tells the endpoint and the other gateways. On the RADIUS
        /// thread.
        ///
        /// @throws IOException where it could not be written down; all are told nevertheless
        void revoke(Revocation revocation) throws IOException;
    }

    /// Work for the endpoint's thread.
    @FunctionalInterface
    public interface EndpointWork {
        List<Input> at(Now now);
    }

    private Aaa(Radius radius, int member, Surroundings around, Entropy entropy)
            throws IOException {
        this.around = around;
        this.loop = new RadiusLoop(Clock.systemUTC());
        this.authentication =
                new RadiusAuthentication(
                        loop,
                        radius.authentication(),
                        radius.retry(),
                        radius.nas(),
                        radius.source(),
                        entropy);
        this.accounting = radius.accounting().isEmpty() ? null : accounting(radius, entropy);
        IntFunction<Optional<SaTraffic>> traffic = around::traffic;
        LongFunction<@Nullable EstablishedSession> known = around::session;
        Consumer<AccountingRecord> records = accounting == null ? _ -> {} : accounting::record;
        this.sessions =
                new AaaSessions(
                        member,
                        radius.nas(),
                        new AaaSessions.Books(records, radius.books().interimSeconds()),
                        traffic,
                        known);
        if (radius.orders() != null) {
            openOrders(radius, radius.orders());
        }
    }

    /// Opens sockets and begins.
    ///
    /// @param entropy for the RADIUS thread alone
    /// @throws IOException where a socket or the journal cannot be opened
    public static Aaa start(Radius radius, int member, Surroundings around, Entropy entropy)
            throws IOException {
        Aaa aaa;
        try {
            aaa = new Aaa(radius, member, around, entropy);
        } catch (IOException e) {
            throw new IOException("RADIUS cannot begin: " + e.getMessage(), e);
        }
        if (aaa.accounting != null) {
            aaa.accounting.begin();
            // Sessions that were open here before have gone without a record of their end.
            aaa.accounting.record(
                    AccountingRecord.gatewayStarted(radius.nas(), aaa.loop.now().epochSeconds()));
        }
        aaa.loop.start();
        return aaa;
    }

    private Accounting accounting(Radius radius, Entropy entropy) throws IOException {
        RetryPolicy retry = radius.retry();
        return new Accounting(
                loop,
                radius.accounting(),
                new RetryPolicy(
                        retry.firstWaitNanos(),
                        retry.tries(),
                        retry.deadTimeNanos(),
                        retry.longestDeadTimeNanos(),
                        1,
                        retry.waitingLimit()),
                radius.books().limit(),
                radius.source(),
                radius.books().journal(),
                entropy);
    }

    private void openOrders(Radius radius, Radius.Orders orders) throws IOException {
        Orders receiver =
                new Orders(
                        loop,
                        new DynamicAuthorization(
                                orders.peers(), radius.nas(), orders.windowSeconds()),
                        sessions,
                        around,
                        orders.listen());
        LOG.debug("orders are received by {}", receiver);
    }

    public RadiusAuthentication authentication() {
        return authentication;
    }

    /// On the endpoint's thread.
    public AaaSessions sessions() {
        return sessions;
    }

    /// Has the sessions do what time asks of them, on the endpoint's thread; for any thread.
    public void tick() {
        around.offer(sessions::tick);
    }

    /// Records that the servers have acknowledged, and records that were lost.
    public long acknowledgedRecords() {
        return accounting == null ? 0 : accounting.acknowledged();
    }

    public long lostRecords() {
        return accounting == null ? 0 : accounting.refused();
    }

    /// Writes the ends of all sessions here and gives the servers a moment to take them; what is
    /// left stays in the journal. After the endpoint's thread has ended.
    @Override
    public void close() {
        if (accounting != null) {
            sessions.stopAll(new Now(System.nanoTime(), loop.now().epochSeconds()));
            if (!accounting.drain(DRAIN_MILLIS)) {
                LOG.warn("the RADIUS servers have not taken all accounting records");
            }
        }
        loop.close();
        if (accounting != null) {
            accounting.closeJournal();
        }
    }
}
