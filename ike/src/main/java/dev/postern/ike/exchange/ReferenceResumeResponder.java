package dev.postern.ike.exchange;

import dev.postern.crypto.Hash;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.ResponderProfile;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketSealer;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

/// The 1-RTT resume by reference at the gateway (draft-dondeti-ipsec-failover-sol-00 section 4.2.3, third bullet):
///
///     request -> COOKIE under load -> FetchSession -> SK verifies -> IDr and policy -> RaiseSwitchCount -> lease -> perform
///
/// The count is claimed last of all proofs, so that nobody who cannot make a valid SK ever burns one. The claim covers this
/// gateway's identity: the same octets at two gateways are two claims, and one of them wins.
final class ReferenceResumeResponder {
    static final long PATIENCE_NANOS = Now.NANOS_PER_SECOND;

    private ReferenceResumeResponder() {}

    static void onRequest(Turn turn, Path path, Message message, Payload.Notify reference) {
        if (reference.data().length() != SessionReference.LENGTH) {
            turn.count(Counter.REFUSED_INVALID_SYNTAX);
            return;
        }
        if (turn.configuration().tickets() == null || !keepsSessions(turn)) {
            turn.count(Counter.REFUSED_TICKET_NOT_OPENED);
            SaInitResponder.refuseTicket(turn, path, message.header());
            return;
        }
        if (Admission.ofResume(turn, path, message, reference.data())
                && SessionFetch.isAdmitted(turn, path, message, reference.data())) {
            SessionReference named = new SessionReference(reference.data());
            SessionFetch.begin(
                    turn,
                    path,
                    message,
                    named,
                    (later, sa, stored) -> onRecord(later, sa, message, named, stored));
        }
    }

    /// Whether any profile here has a store behind it.
    static boolean keepsSessions(Turn turn) {
        for (ResponderProfile profile : turn.configuration().profiles()) {
            if (profile.resumption().storesAnything()) {
                return true;
            }
        }
        return false;
    }

    private static void onRecord(
            Turn turn, IkeSa sa, Message message, SessionReference named, StoredSession stored) {
        TicketSealer sealer = turn.configuration().tickets();
        Payload.Encrypted sk = message.encrypted();
        if (sealer == null
                || sk == null
                || !(sealer.open(stored.sealed(), Session.Kind.ONE_ROUND_TRIP)
                        instanceof OpenedTicket ticket)) {
            SessionFetch.nackInVain(turn, sa, message);
            return;
        }
        AuthenticRequest request = ResumeResponder.open(turn, sa.path(), message, sk, ticket);
        if (request == null) {
            Admission.askedInVain(turn, sa.path(), message);
            SessionFetch.forget(turn, sa);
        } else {
            claim(turn, sa, request, named, stored);
        }
    }

    private static void claim(
            Turn turn,
            IkeSa sa,
            AuthenticRequest request,
            SessionReference named,
            StoredSession stored) {
        ResumeAttempt attempt = request.attempt();
        Octets claim = claimOf(turn, attempt.message());
        SecretBytes secret = attempt.session().secret();
        if (stored.raised(attempt.gatewaySwitchCount(), claim) == null) {
            attempt.refuse(NotifyType.TICKET_NACK, Counter.REFUSED_TICKET_STALE_COUNT);
            secret.close();
            SessionFetch.forget(turn, sa);
            return;
        }
        long deadline = turn.now().nanos() + PATIENCE_NANOS;
        sa.enter(
                turn,
                new AwaitingSwitchCount(
                        (later, waiting, answer) -> {
                            if (answer instanceof Answer.StoreUnavailable
                                    && later.now().nanos() >= deadline) {
                                refuseForNow(later, waiting, attempt);
                            } else {
                                onClaim(later, waiting, request, named, answer);
                            }
                        },
                        secret,
                        deadline));
        sa.joinSession(turn, attempt.session().sessionId());
        turn.table().timers().schedule(sa);
        turn.ask(sa, new Ask.RaiseSwitchCount(named, attempt.gatewaySwitchCount(), claim));
    }

    private static void onClaim(
            Turn turn,
            IkeSa sa,
            AuthenticRequest request,
            SessionReference named,
            Answer.OfStore answer) {
        ResumeAttempt attempt = request.attempt();
        switch (answer) {
            case Answer.SwitchCountRaised _ -> {
                Counter revoked =
                        RevokedCertificates.refusalOf(turn, attempt.session(), request.profile());
                if (revoked != null) {
                    attempt.refuse(NotifyType.TICKET_NACK, revoked);
                    SessionFetch.forget(turn, sa);
                    return;
                }
                sa.setRecord(SessionRecord.resumedFrom(named));
                ResumeResponder.lease(turn, request, sa);
            }
            case Answer.SwitchCountTaken _ -> {
                attempt.refuse(NotifyType.TEMPORARY_FAILURE, Counter.REFUSED_SWITCH_COUNT_TAKEN);
                SessionFetch.forget(turn, sa);
            }
            case Answer.SessionStored _,
                    Answer.SessionNotStored _,
                    Answer.SessionFetched _,
                    Answer.SessionUnknown _,
                    Answer.SessionDropped _,
                    Answer.StoreUnavailable _ -> {
                attempt.refuse(NotifyType.TICKET_NACK, Counter.REFUSED_SESSION_NOT_FETCHED);
                SessionFetch.forget(turn, sa);
            }
        }
    }

    /// A store that has not said anything may be about to: a cluster that has lost sight of a
    /// member decides nothing until those that are left have agreed. The next count may find it
    /// decided.
    private static void refuseForNow(Turn turn, IkeSa sa, ResumeAttempt attempt) {
        attempt.refuse(NotifyType.TEMPORARY_FAILURE, Counter.REFUSED_SESSION_NOT_FETCHED);
        SessionFetch.forget(turn, sa);
    }

    /// Which request this is, and at which gateway.
    private static Octets claimOf(Turn turn, Message message) {
        return Octets.of(
                Hash.SHA_256.digest(
                        turn.configuration().localIdentity().body(), message.octets().array()));
    }
}
