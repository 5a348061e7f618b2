package dev.postern.ike.exchange;

import dev.postern.crypto.PayloadCipher;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.negotiate.AddressRequest;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ike.sa.SkProtection.Opened;
import dev.postern.ticket.OpenResult;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.Message;
import dev.postern.wire.MessageId;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;

/// The 1-RTT resume at the gateway: from datagram to [AuthenticRequest]
/// (draft-dondeti-ipsec-failover-sol-00 section 4.2.3, failover profile "The exchange"). Where the
/// draft installs provisionally, verifies and rolls back, nothing changes here before the proof is
/// there.
///
/// Before SK verifies, a refusal is one TICKET_NACK in clear text; after it, a notification under
/// SK.
final class ResumeResponder {
    /// Shorter than a client waits before it turns to another gateway
    /// ([dev.postern.ike.RetransmissionSchedule#QUICK]).
    private static final long LEASE_PATIENCE_NANOS = Now.NANOS_PER_SECOND;

    private ResumeResponder() {}

    static void onRequest(Turn turn, Path path, Message message) {
        int messageId = message.header().messageId();
        Payload.Encrypted sk = message.encrypted();
        Payload.Notify ticketNotify =
                Message.findNotify(message.payloads(), NotifyType.IKEV2_TICKET);
        Payload.Notify reference = Message.findNotify(message.payloads(), NotifyType.IKE_SPI_PAIR);
        Payload.Notify subject = ticketNotify == null ? reference : ticketNotify;
        boolean both = ticketNotify != null && reference != null;
        // Always on the NAT traversal port. The draft's "GSC must be greater than 1" contradicts
        // its own counting: the first resume carries 1.
        if (sk == null
                || subject == null
                || both
                || !path.nonEspMarker()
                || MessageId.gatewaySwitchCount(messageId) < 1
                || MessageId.sequence(messageId) != 0) {
            turn.count(Counter.REFUSED_INVALID_SYNTAX);
            return;
        }
        if (turn.table().provisional() >= turn.configuration().limits().provisionalLimit()) {
            turn.count(Counter.DROPPED_PROVISIONAL_LIMIT);
            return;
        }
        boolean underLoad =
                turn.table().halfOpen() + turn.table().provisional()
                        >= turn.configuration().limits().cookieThreshold();
        if (underLoad && !Admission.hasGoodCookie(turn, path, message, subject.data())) {
            return;
        }
        if (reference != null) {
            ReferenceResumeResponder.onRequest(turn, path, message, reference);
            return;
        }
        TicketSealer sealer = turn.configuration().tickets();
        if (sealer == null || ticketNotify == null) {
            turn.count(Counter.REFUSED_TICKET_NOT_OPENED);
            nack(turn, path, message);
            return;
        }
        Octets presented = Tickets.presented(ticketNotify.data());
        switch (sealer.open(presented, Session.Kind.ONE_ROUND_TRIP)) {
            case OpenResult.Elsewhere _ ->
                    OpeningElsewhere.begin(
                            turn,
                            path,
                            message,
                            subject.data(),
                            presented,
                            Session.Kind.ONE_ROUND_TRIP,
                            (later, sa, ticket) ->
                                    onOpenedElsewhere(later, sa, message, sk, ticket));
            case OpenResult.Refused _ -> {
                turn.count(Counter.REFUSED_TICKET_NOT_OPENED);
                nack(turn, path, message);
            }
            case OpenedTicket ticket -> {
                AuthenticRequest request = open(turn, path, message, sk, ticket);
                if (request != null) {
                    lease(turn, request, null);
                }
            }
        }
    }

    /// The same as where it was opened here, with an IKE SA that has waited.
    private static void onOpenedElsewhere(
            Turn turn, IkeSa sa, Message message, Payload.Encrypted sk, OpenedTicket ticket) {
        AuthenticRequest request = open(turn, sa.path(), message, sk, ticket);
        if (request == null) {
            Admission.askedInVain(turn, sa.path(), message);
            OpeningElsewhere.forget(turn, sa);
        } else {
            sa.joinSession(turn, ticket.session().sessionId());
            lease(turn, request, sa);
        }
    }

    private static void nack(Turn turn, Path path, Message message) {
        SaInitResponder.refuseTicket(turn, path, message.header());
    }

    /// What the holder of an opened ticket asks for. Where the result is null, whatever is to be
    /// said has been sent, and RS of the ticket is wiped.
    static @Nullable AuthenticRequest open(
            Turn turn, Path path, Message message, Payload.Encrypted sk, OpenedTicket ticket) {
        Session session = ticket.session();
        IkeSuite suite = IkeSuite.ofChosen(session.ikeProposal());
        AuthenticRequest request = null;
        if (suite == null) {
            turn.count(Counter.REFUSED_TICKET_POLICY);
            nack(turn, path, message);
        } else {
            int count = MessageId.gatewaySwitchCount(message.header().messageId());
            request = judge(new ResumeAttempt(turn, path, message, session, suite, count), sk);
        }
        if (request == null) {
            session.secret().close();
        }
        return request;
    }

    private static @Nullable AuthenticRequest judge(ResumeAttempt attempt, Payload.Encrypted sk) {
        Opened opened;
        try (PayloadCipher cipher = attempt.requestCipher()) {
            opened = SkProtection.open(attempt.message(), sk, cipher);
        }
        return switch (opened) {
            case Opened.Forged _ -> {
                attempt.turn().count(Counter.DROPPED_NOT_AUTHENTIC);
                yield null;
            }
            case Opened.AuthenticButMalformed _ -> {
                attempt.refuse(NotifyType.INVALID_SYNTAX, Counter.REFUSED_INVALID_SYNTAX);
                yield null;
            }
            case Opened.Authentic authentic -> {
                attempt.logRequestKeys();
                AuthenticRequest request = AuthenticRequest.judge(attempt, authentic);
                yield request == null || RedirectResponder.onResume(attempt) ? null : request;
            }
        };
    }

    /// Asks for the inner address where the session has one; the request rests meanwhile.
    ///
    /// @param existing the IKE SA that has waited for the session store; null where there is none
    ///   yet
    static void lease(Turn turn, AuthenticRequest request, @Nullable IkeSa existing) {
        Session session = request.attempt().session();
        AwaitingLease waiting =
                new AwaitingLease(
                        (later, sa, answer) -> onLease(later, sa, request, answer),
                        (later, sa) -> refuseForNow(later, sa, request.attempt()),
                        session.secret(),
                        turn.now().nanos() + LEASE_PATIENCE_NANOS);
        IkeSa sa = existing;
        if (sa == null) {
            sa = request.newIkeSa(waiting);
        } else {
            sa.enter(turn, waiting);
        }
        AddressRequest addresses = request.addressRequest();
        if (addresses == null) {
            try (SecretBytes _ = session.secret()) {
                ResumePerform.perform(turn, sa, request, List.<InetAddress>of(), List.of());
            }
            return;
        }
        turn.table().timers().schedule(sa);
        turn.ask(
                sa,
                new Ask.LeaseAddresses(
                        session.profile(),
                        session.sessionId(),
                        session.authenticatedIdentity(),
                        addresses.wanted(),
                        addresses.ipv4(),
                        addresses.ipv6(),
                        session.aaaAttributes()));
    }

    private static void onLease(Turn turn, IkeSa sa, AuthenticRequest request, Answer answer) {
        ResumeAttempt attempt = request.attempt();
        try (SecretBytes _ = attempt.session().secret()) {
            if (answer instanceof Answer.AddressesLeased leased && !leased.addresses().isEmpty()) {
                AddressRequest asked = request.addressRequest();
                ResumePerform.perform(
                        turn,
                        sa,
                        request,
                        leased.addresses(),
                        asked == null
                                ? leased.attributes()
                                : asked.granted(
                                        leased.attributes(), request.profile().localSelectors()));
            } else {
                attempt.refuse(NotifyType.INTERNAL_ADDRESS_FAILURE, Counter.REFUSED_ADDRESS);
                sa.close(turn, CloseReason.ADDRESS_FAILURE, "", true);
            }
        }
    }

    /// Nobody has said yet whose the address is: a cluster waits for a member that may hang. Once
    /// it has agreed who is left of it, the next count finds that decided.
    private static void refuseForNow(Turn turn, IkeSa sa, ResumeAttempt attempt) {
        attempt.refuse(NotifyType.TEMPORARY_FAILURE, Counter.REFUSED_ADDRESS);
        sa.close(turn, CloseReason.ADDRESS_FAILURE, "", true);
    }
}
