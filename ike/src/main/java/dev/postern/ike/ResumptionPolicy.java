package dev.postern.ike;

import dev.postern.pki.IdentityPattern;
import dev.postern.wire.Identity;

import java.util.List;

/// Which resumption protocols a profile speaks, and how.
///
/// @param oneRoundTrip the 1-RTT profile: ask for and issue N(IKEV2_TICKET)
/// @param rfc5723 ask for and issue N(TICKET_LT_OPAQUE)
/// @param ticketLifetimeSeconds how long issued tickets are good
/// @param keyExchange whether a resume must carry KEi and KEr
/// @param rfc5723Auth which AUTH forms are accepted after an RFC 5723 resume
/// @param storage who keeps the session
/// @param parkAfterNanos without a packet for this long the session is parked; 0 for never
/// @param announced in which exchange a client asks first
/// @param exceptions at a gateway: peers of the profile for whom something else holds, the first
///   that matches decides
public record ResumptionPolicy(
        boolean oneRoundTrip,
        boolean rfc5723,
        long ticketLifetimeSeconds,
        KeyExchangeInResume keyExchange,
        Rfc5723Auth rfc5723Auth,
        TicketStorage storage,
        long parkAfterNanos,
        Announcement announced,
        List<ForPeers> exceptions) {
    public ResumptionPolicy {
        exceptions = List.copyOf(exceptions);
    }

    /// Without exceptions; a client asks in IKE_AUTH.
    public ResumptionPolicy(
            boolean oneRoundTrip,
            boolean rfc5723,
            long ticketLifetimeSeconds,
            KeyExchangeInResume keyExchange,
            Rfc5723Auth rfc5723Auth,
            TicketStorage storage,
            long parkAfterNanos) {
        this(
                oneRoundTrip,
                rfc5723,
                ticketLifetimeSeconds,
                keyExchange,
                rfc5723Auth,
                storage,
                parkAfterNanos,
                Announcement.IKE_AUTH,
                List.of());
    }

    public static final ResumptionPolicy DISABLED =
            new ResumptionPolicy(false, false, 0, KeyExchangeInResume.NEVER, Rfc5723Auth.RFC);

    /// Tickets by value.
    public ResumptionPolicy(
            boolean oneRoundTrip,
            boolean rfc5723,
            long ticketLifetimeSeconds,
            KeyExchangeInResume keyExchange,
            Rfc5723Auth rfc5723Auth) {
        this(
                oneRoundTrip,
                rfc5723,
                ticketLifetimeSeconds,
                keyExchange,
                rfc5723Auth,
                TicketStorage.BY_VALUE,
                0);
    }

    /// Sessions are never parked.
    public ResumptionPolicy(
            boolean oneRoundTrip,
            boolean rfc5723,
            long ticketLifetimeSeconds,
            KeyExchangeInResume keyExchange,
            Rfc5723Auth rfc5723Auth,
            TicketStorage storage) {
        this(oneRoundTrip, rfc5723, ticketLifetimeSeconds, keyExchange, rfc5723Auth, storage, 0);
    }

    /// The same policy with the session kept elsewhere.
    public ResumptionPolicy storing(TicketStorage newStorage) {
        return with(newStorage, parkAfterNanos, announced, exceptions);
    }

    /// The same policy with sessions parked after so long without a packet.
    public ResumptionPolicy parkingAfter(long nanos) {
        return with(storage, nanos, announced, exceptions);
    }

    /// The same policy of a client that asks in another exchange.
    public ResumptionPolicy announcing(Announcement first) {
        return with(storage, parkAfterNanos, first, exceptions);
    }

    /// The same policy with exceptions.
    public ResumptionPolicy except(List<ForPeers> others) {
        return with(storage, parkAfterNanos, announced, others);
    }

    private ResumptionPolicy with(
            TicketStorage where, long nanos, Announcement first, List<ForPeers> others) {
        return new ResumptionPolicy(
                oneRoundTrip,
                rfc5723,
                ticketLifetimeSeconds,
                keyExchange,
                rfc5723Auth,
                where,
                nanos,
                first,
                others);
    }

    /// What holds for this authenticated peer.
    public ResumptionPolicy of(Identity peer) {
        for (ForPeers exception : exceptions) {
            if (exception.peers().matches(peer)) {
                return exception.policy();
            }
        }
        return this;
    }

    /// Whether anybody resumes at all.
    public boolean resumesAnybody() {
        return oneRoundTrip
                || rfc5723
                || exceptions.stream().anyMatch(exception -> exception.policy().resumesAnybody());
    }

    /// Whether anybody's session is kept by the gateways.
    public boolean storesAnything() {
        return storage != TicketStorage.BY_VALUE
                || exceptions.stream().anyMatch(exception -> exception.policy().storesAnything());
    }

    /// Whether anybody resumes in one round trip.
    public boolean offersOneRoundTrip() {
        return oneRoundTrip
                || exceptions.stream()
                        .anyMatch(exception -> exception.policy().offersOneRoundTrip());
    }

    /// How long anybody's ticket is good at most.
    public long longestTicketLifetimeSeconds() {
        return exceptions.stream()
                .mapToLong(exception -> exception.policy().longestTicketLifetimeSeconds())
                .reduce(ticketLifetimeSeconds, Math::max);
    }

    /// Some of a profile's peers, and what holds for them.
    public record ForPeers(IdentityPattern peers, ResumptionPolicy policy) {}

    /// In which exchange a client announces the 1-RTT profile (draft-dondeti-ipsec-failover-sol-00
    /// section 4.1).
    public enum Announcement {
        /// As the draft recommends (section 4.1.2).
        IKE_AUTH,
        /// Before anybody has proven anything (section 4.1.1); in IKE_AUTH again where the gateway
        /// did not answer there.
        IKE_SA_INIT
    }

    /// Who keeps the session between its gateways (draft-dondeti-ipsec-failover-sol-00 section
    /// 4.1).
    public enum TicketStorage {
        /// The client, sealed: it says CLIENT_SIDE_STORAGE_SUPPORTED and gets a ticket.
        BY_VALUE,
        /// The gateways' session store: the client gets a reference.
        BY_REFERENCE,
        /// The client says which; RFC 5723 tickets are by value.
        AS_ASKED
    }

    /// Forward secrecy within the resume exchange.
    public enum KeyExchangeInResume {
        /// Offered never; a peer's offer is taken up.
        NEVER,
        /// As with [#NEVER], and the client rekeys the IKE SA with a key exchange within minutes.
        DEFERRED,
        /// A resume without is answered with INVALID_KE_PAYLOAD under SK.
        REQUIRED
    }

    /// Forms of AUTH in the IKE_AUTH that follows exchange 38; a gateway answers in the form that
    /// it received.
    public enum Rfc5723Auth {
        /// Octets of RFC 7296 section 2.15, as RFC 5723 section 4.3.3 says.
        RFC,
        /// prf(SK_p, message) only.
        LIBRESWAN,
        BOTH
    }
}
