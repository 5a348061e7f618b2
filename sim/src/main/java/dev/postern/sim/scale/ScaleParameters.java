package dev.postern.sim.scale;

import dev.postern.ike.Now;
import dev.postern.ike.failover.RetryPolicy;

/// A domain and what happens to it.
///
/// @param gatewaysLost how many die together, at [ScaleModel#FAILURE_MILLIS]
/// @param backAfterMillis when those that died are back; 0 for never
/// @param knownGateways how many gateways a client knows, its own included
/// @param activePermille clients with traffic, which notice by its silence; the others notice by
///   their check of an idle peer
/// @param packetMillis between two packets of an active client
/// @param silenceMillis traffic without answers after which a client checks its gateway
/// @param idleMillis silence after which an idle client checks its gateway
/// @param roundTripMillis between client and gateway
/// @param work what that costs a gateway
/// @param ownOrder each client knows other gateways, in an order of its own; else those that follow
///   its first one in the common list
/// @param tickets clients hold tickets; else all run the full exchange
/// @param retry how clients wait between rounds, and for a silent gateway until they ask another
///   one beside it
public record ScaleParameters(
        long seed,
        int clients,
        int gateways,
        int gatewaysLost,
        int backAfterMillis,
        int knownGateways,
        int activePermille,
        int packetMillis,
        int silenceMillis,
        int idleMillis,
        int roundTripMillis,
        Work work,
        boolean ownOrder,
        boolean tickets,
        RetryPolicy retry) {
    /// A million clients, a hundred gateways of which a quarter stand at the site that dies.
    public static final ScaleParameters SITE_LOST =
            new ScaleParameters(
                    1,
                    1_000_000,
                    100,
                    25,
                    0,
                    5,
                    300,
                    200,
                    400,
                    60_000,
                    20,
                    new Work(83, 339),
                    true,
                    true,
                    new RetryPolicy(Now.NANOS_PER_SECOND, 60 * Now.NANOS_PER_SECOND));

    public ScaleParameters withOneOrder() {
        return with(false, tickets, retry);
    }

    public ScaleParameters withoutTickets() {
        return with(ownOrder, false, retry);
    }

    public ScaleParameters withoutBackOff() {
        return with(ownOrder, tickets, new RetryPolicy(1, 1));
    }

    /// All gateways die, and are back a minute later.
    public ScaleParameters withEverythingLost() {
        return withLost(gateways, 60_000);
    }

    /// So many gateways die, and are back after a while; 0 for never.
    ScaleParameters withLost(int lost, int newBackAfterMillis) {
        return with(clients, gateways, ownOrder, tickets, retry, lost, newBackAfterMillis, work);
    }

    ScaleParameters withClients(int newClients) {
        return with(
                newClients,
                gateways,
                ownOrder,
                tickets,
                retry,
                gatewaysLost,
                backAfterMillis,
                work);
    }

    /// A smaller domain of which as large a part is lost, and whose gateways are as busy: each
    /// message takes as much longer as there are fewer clients for each gateway.
    ///
    /// @param newGateways of which the same part can be lost, as of 20 where 25 of 100 are
    public ScaleParameters scaledTo(int newClients, int newGateways) {
        double factor = (double) clients / gateways * newGateways / newClients;
        return with(
                newClients,
                newGateways,
                ownOrder,
                tickets,
                retry,
                gatewaysLost * newGateways / gateways,
                backAfterMillis,
                work.slower(factor));
    }

    private ScaleParameters with(boolean newOrder, boolean newTickets, RetryPolicy newRetry) {
        return with(
                clients,
                gateways,
                newOrder,
                newTickets,
                newRetry,
                gatewaysLost,
                backAfterMillis,
                work);
    }

    private ScaleParameters with(
            int newClients,
            int newGateways,
            boolean newOrder,
            boolean newTickets,
            RetryPolicy newRetry,
            int newLost,
            int newBackAfterMillis,
            Work newWork) {
        return new ScaleParameters(
                seed,
                newClients,
                newGateways,
                newLost,
                newBackAfterMillis,
                knownGateways,
                activePermille,
                packetMillis,
                silenceMillis,
                idleMillis,
                roundTripMillis,
                newWork,
                newOrder,
                newTickets,
                newRetry);
    }
}
