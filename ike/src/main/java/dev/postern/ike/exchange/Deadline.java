package dev.postern.ike.exchange;

import dev.postern.ike.Answer;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.sa.RequestWindow;

import java.util.List;

/// When an IKE SA has something to do, and what: retransmit, ask for a sign of life, give up.
final class Deadline {
    private Deadline() {}

    /// The earliest instant at which something is to be done.
    static long of(IkeSa sa) {
        long earliest = Math.min(sa.requests().deadline(), sa.life().hardDeadline());
        return switch (sa.state()) {
            case HalfOpen halfOpen -> Math.min(earliest, halfOpen.expiresAt());
            case EapResponding eap -> Math.min(earliest, eap.expiresAt());
            case EapInitiating eap -> Math.min(earliest, eap.expiresAt());
            case Refused refused -> Math.min(earliest, refused.expiresAt());
            case AwaitingLease waiting -> Math.min(earliest, waiting.expiresAt());
            case AwaitingRevocation waiting -> Math.min(earliest, waiting.expiresAt());
            case StoreQuestion question -> Math.min(earliest, question.expiresAt());
            case TicketQuestion question -> Math.min(earliest, question.expiresAt());
            case Provisional provisional -> Math.min(earliest, provisional.expiresAt());
            case Established _ -> Math.min(earliest, ofEstablished(sa));
            case Unadopted unadopted -> Math.min(earliest, unadopted.expiresAt());
            case Replaced replaced -> Math.min(earliest, replaced.expiresAt());
            case Restored restored -> Math.min(earliest, restored.deadline());
            case SaInitInitiator _,
                    OpaqueResumeInitiator _,
                    IntermediateInitiator _,
                    AuthInitiator _,
                    ResumeInitiator _,
                    Deleting _ ->
                    earliest;
            case Closed _ -> RequestWindow.NEVER;
        };
    }

    /// The instant at which the peer is asked for a sign of life.
    private static long livenessDeadline(IkeSa sa) {
        return sa.requests().isBusy() ? RequestWindow.NEVER : sa.life().livenessDeadline();
    }

    private static long ofEstablished(IkeSa sa) {
        long earliest = Math.min(livenessDeadline(sa), sa.life().deadline());
        earliest = Math.min(earliest, SessionRecord.deadline(sa));
        earliest = Math.min(earliest, FollowingTicket.deadline(sa));
        earliest = Math.min(earliest, TicketRenewal.deadline(sa));
        earliest = Math.min(earliest, SwitchQuestion.deadline(sa));
        earliest = Math.min(earliest, ChildSaLife.deadline(sa));
        earliest = Math.min(earliest, sa.relation().standby().deadline());
        earliest = Math.min(earliest, sa.relation().followUpDeadline());
        return sa.requests().isBusy() ? earliest : Math.min(earliest, sa.duties().deadline());
    }

    /// Does what is due.
    static void pass(Turn turn, IkeSa sa) {
        long now = turn.now().nanos();
        if (sa.life().hardDeadline() <= now) {
            AuthenticationLifetime.end(turn, sa);
            return;
        }
        switch (sa.state()) {
            case HalfOpen halfOpen ->
                    expire(turn, sa, halfOpen.expiresAt(), Counter.EXPIRED_HALF_OPEN);
            case EapResponding eap -> expire(turn, sa, eap.expiresAt(), Counter.EXPIRED_HALF_OPEN);
            case EapInitiating eap -> {
                if (eap.expiresAt() <= now) {
                    sa.close(turn, CloseReason.TIMED_OUT, "no answer from the EAP method", false);
                }
            }
            case Refused refused ->
                    expire(turn, sa, refused.expiresAt(), Counter.EXPIRED_HALF_OPEN);
            case AwaitingLease waiting -> {
                if (waiting.expiresAt() <= now) {
                    waiting.onSilence(turn, sa);
                }
            }
            case AwaitingRevocation waiting -> {
                if (waiting.expiresAt() <= now) {
                    waiting.onSilence(turn, sa);
                }
            }
            case StoreQuestion question -> {
                if (question.expiresAt() <= now) {
                    sa.forgetAnswer(turn);
                    question.answered(turn, sa, new Answer.StoreUnavailable());
                }
            }
            case TicketQuestion question -> {
                if (question.expiresAt() <= now) {
                    sa.forgetAnswer(turn);
                    question.answered(turn, sa, new Answer.TicketServiceUnavailable());
                }
            }
            case Provisional provisional ->
                    expire(turn, sa, provisional.expiresAt(), Counter.EXPIRED_PROVISIONAL);
            case Unadopted unadopted ->
                    expire(turn, sa, unadopted.expiresAt(), Counter.EXPIRED_REPLACED);
            case Replaced replaced ->
                    expire(turn, sa, replaced.expiresAt(), Counter.EXPIRED_REPLACED);
            case Restored restored -> restored.pass(turn, sa);
            case Established _ -> passEstablished(turn, sa, now);
            case SaInitInitiator _,
                    OpaqueResumeInitiator _,
                    IntermediateInitiator _,
                    AuthInitiator _,
                    ResumeInitiator _,
                    Deleting _,
                    Closed _ -> {}
        }
        if (sa.requests().isDue(now) && !(sa.state() instanceof Closed)) {
            retransmit(turn, sa);
        }
    }

    private static void passEstablished(Turn turn, IkeSa sa, long now) {
        if (sa.life().endsAt() <= now) {
            Informational.deleteAndForget(
                    turn, sa, CloseReason.LIFETIME, "it was not rekeyed within its lifetime");
            return;
        }
        if (sa.life().rekeyAt() <= now) {
            sa.life().rekeyBegins();
            sa.duties().addNow(turn, new Duty.RekeyIkeSa());
        }
        if (sa.life().reauthenticateAt() <= now) {
            sa.life().reauthenticationBegins();
            turn.emit(new Event.ReauthenticationDue(sa.handle()));
        }
        ChildSaLife.pass(turn, sa);
        SessionRecord.due(turn, sa);
        FollowingTicket.pass(turn, sa);
        TicketRenewal.pass(turn, sa);
        SwitchQuestion.pass(turn, sa);
        TakeOver.pass(turn, sa);
        if (sa.relation().followUpDeadline() <= now) {
            sa.relation().followUps().pass(turn);
        }
        if (livenessDeadline(sa) <= now) {
            Informational.probe(turn, sa, sa.life().liveness().schedule());
        }
    }

    private static void expire(Turn turn, IkeSa sa, long expiresAt, Counter counter) {
        if (expiresAt <= turn.now().nanos()) {
            expire(turn, sa, counter);
        }
    }

    /// Ends what has waited for too long.
    static void expire(Turn turn, IkeSa sa, Counter counter) {
        turn.count(counter);
        sa.close(turn, CloseReason.TIMED_OUT, "", !(sa.state() instanceof Provisional));
    }

    private static void retransmit(Turn turn, IkeSa sa) {
        if (sa.state() instanceof FirstMessage first && first.hint() != null) {
            // An unprotected refusal is only a hint; one retransmission interval has brought
            // nothing better.
            sa.close(turn, first.hint().reason(), first.hint().detail(), false);
            return;
        }
        List<byte[]> datagrams = sa.requests().retransmit(turn.now().nanos());
        if (datagrams == null
                && sa.state() instanceof Established
                && sa.life().liveness().keepsUnresponsive()
                && !sa.duties().isClosing()) {
            sa.requests().rest();
            turn.emit(new Event.PeerUnresponsive(sa.handle()));
        } else if (datagrams == null && sa.state() instanceof Deleting deleting) {
            sa.close(turn, deleting.reason(), "", false);
        } else if (datagrams == null) {
            sa.close(
                    turn,
                    CloseReason.PEER_UNRESPONSIVE,
                    "no answer from " + Addresses.text(sa.path().remote()),
                    false);
        } else {
            turn.count(Counter.RETRANSMITTED_REQUEST);
            turn.send(Mobility.againBy(sa), datagrams);
            OtherWays.sendAgain(turn, sa, datagrams);
        }
    }
}
