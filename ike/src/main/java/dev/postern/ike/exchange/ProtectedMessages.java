package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Path;
import dev.postern.ike.sa.ResponseWindow;
import dev.postern.ike.sa.SkProtection.Opened;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.util.List;

/// Messages under SK of an IKE SA that is known: the window first, then the keys, and only what
/// both have let pass reaches the file of the exchange.
final class ProtectedMessages {
    private ProtectedMessages() {}

    /// A message that names this IKE SA, from whoever sent it.
    static void onMessage(Turn turn, IkeSa sa, Path from, Message message) {
        if (message.encrypted() == null && message.fragment() == null) {
            if (!CrashToken.judge(turn, sa, message)) {
                ClearNews.hear(turn, sa, from, message);
            }
        } else if (message.header().response()) {
            onProtectedResponse(turn, sa, from, message);
        } else {
            onProtectedRequest(turn, sa, from, message);
        }
    }

    private static void onProtectedResponse(Turn turn, IkeSa sa, Path from, Message message) {
        Header header = message.header();
        if (CounterSyncInitiator.onResponse(turn, sa, message)) {
            return;
        }
        if (!sa.requests().awaits(header.exchange(), header.messageId())) {
            turn.count(Counter.DROPPED_UNWANTED_RESPONSE);
            return;
        }
        switch (Fragments.open(turn, sa, message)) {
            case null -> {}
            case Opened.Forged _ -> turn.count(Counter.DROPPED_NOT_AUTHENTIC);
            case Opened.AuthenticButMalformed malformed ->
                    sa.close(
                            turn,
                            CloseReason.SYNTAX,
                            "the peer's answer is malformed: " + malformed.malformation(),
                            false);
            case Opened.Authentic authentic -> {
                sa.showLife(turn);
                sa.relation().clientHasTheAnswer();
                Mobility.onAnswer(turn, sa, from);
                onAuthenticResponse(turn, sa, authentic);
            }
        }
    }

    private static void onAuthenticResponse(Turn turn, IkeSa sa, Opened.Authentic authentic) {
        List<Payload> payloads = authentic.payloads();
        if (Message.findUnknownCritical(payloads) != null) {
            sa.close(turn, CloseReason.UNSUPPORTED_CRITICAL_PAYLOAD, "", false);
            return;
        }
        switch (sa.state()) {
            case IntermediateInitiator state -> {
                sa.requests().answered();
                state.onResponse(turn, sa, authentic);
            }
            case AuthInitiator state -> {
                sa.requests().answered();
                state.onResponse(turn, sa, payloads);
            }
            case EapInitiating state -> {
                sa.requests().answered();
                EapInitiator.onResponse(turn, sa, state, payloads);
            }
            case Established _, Provisional _, Unadopted _, Replaced _, Deleting _ ->
                    Informational.onResponse(turn, sa, payloads);
            case SaInitInitiator _,
                    OpaqueResumeInitiator _,
                    ResumeInitiator _,
                    HalfOpen _,
                    EapResponding _,
                    Refused _,
                    AwaitingLease _,
                    AwaitingRevocation _,
                    StoreQuestion _,
                    TicketQuestion _,
                    Restored _,
                    Closed _ ->
                    turn.count(Counter.DROPPED_WRONG_STATE);
        }
    }

    private static void onProtectedRequest(Turn turn, IkeSa sa, Path from, Message message) {
        switch (sa.state()) {
            case HalfOpen half -> AuthResponder.onRequest(turn, sa, half, from, message);
            case EapResponding eap -> EapResponder.onRequest(turn, sa, eap, from, message);
            case Established _, Provisional _, Unadopted _, Replaced _, Deleting _ ->
                    onDueRequest(turn, sa, from, message);
            case Refused _ -> onRequestAfterRefusal(turn, sa, from, message);
            case SaInitInitiator _,
                    OpaqueResumeInitiator _,
                    IntermediateInitiator _,
                    AuthInitiator _,
                    EapInitiating _,
                    ResumeInitiator _,
                    AwaitingLease _,
                    AwaitingRevocation _,
                    StoreQuestion _,
                    TicketQuestion _,
                    Restored _,
                    Closed _ ->
                    turn.count(Counter.DROPPED_WRONG_STATE);
        }
    }

    private static void onRequestAfterRefusal(Turn turn, IkeSa sa, Path from, Message message) {
        ResponseWindow.Place place =
                sa.responses().place(message.header().messageId(), message.octets().array());
        if (place == ResponseWindow.Place.ANSWERED) {
            turn.count(Counter.RETRANSMITTED_RESPONSE);
            turn.send(from, sa.responses().lastResponse());
        } else {
            turn.count(Counter.DROPPED_WRONG_STATE);
        }
    }

    private static void onDueRequest(Turn turn, IkeSa sa, Path from, Message message) {
        if (CounterSyncResponder.onRequest(turn, sa, from, message)) {
            return;
        }
        byte[] octets = message.octets().array();
        ResponseWindow.Place place = sa.responses().place(message.header().messageId(), octets);
        switch (place) {
            case OUTSIDE -> {
                if (!SwitchResponder.onStray(turn, sa, message)) {
                    turn.count(Counter.DROPPED_MESSAGE_ID);
                    // RFC 6311 section 7: it may have come to the member that we have taken over
                    // from.
                    CounterSyncInitiator.begin(turn, sa);
                }
            }
            case ANSWERED -> {
                turn.count(Counter.RETRANSMITTED_RESPONSE);
                turn.send(from, sa.responses().lastResponse());
            }
            case DUE -> {
                switch (Fragments.open(turn, sa, message)) {
                    case null -> {}
                    case Opened.Forged _ -> turn.count(Counter.DROPPED_NOT_AUTHENTIC);
                    case Opened.AuthenticButMalformed _ -> {
                        turn.count(Counter.REFUSED_INVALID_SYNTAX);
                        end(
                                turn,
                                sa,
                                message,
                                Payload.Notify.of(NotifyType.INVALID_SYNTAX),
                                CloseReason.SYNTAX);
                    }
                    case Opened.Authentic authentic -> {
                        List<Payload> payloads = authentic.payloads();
                        if (!SwitchResponder.onAuthentic(turn, sa, message.header(), payloads)) {
                            onProvenRequest(turn, sa, from, message, payloads);
                        }
                    }
                }
            }
        }
    }

    /// The peer lives, and is where this came from.
    private static void onProvenRequest(
            Turn turn, IkeSa sa, Path from, Message message, List<Payload> payloads) {
        sa.showLife(turn);
        sa.relation().clientHasTheAnswer();
        sa.relation().standby().forgetAnswer();
        sa.transport().answerTo(from);
        if (!Mobility.staysWithout(sa, from)) {
            Mobility.follow(turn, sa, from);
        }
        Confirmation.confirm(turn, sa);
        onAuthenticRequest(turn, sa, message, payloads);
    }

    private static void onAuthenticRequest(
            Turn turn, IkeSa sa, Message message, List<Payload> payloads) {
        Integer critical = Message.findUnknownCritical(payloads);
        if (critical != null) {
            turn.count(Counter.REFUSED_CRITICAL_PAYLOAD);
            Octets type = Octets.of(new byte[] {critical.byteValue()});
            Payload.Notify notify =
                    Payload.Notify.of(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, type);
            sa.respond(turn, message.header(), message.octets().array(), List.of(notify));
            return;
        }
        switch (message.header().exchange()) {
            case INFORMATIONAL -> Informational.onRequest(turn, sa, message, payloads);
            case CREATE_CHILD_SA -> CreateChildSaResponder.onRequest(turn, sa, message, payloads);
            case IKE_FOLLOWUP_KE -> FollowUpResponder.onRequest(turn, sa, message, payloads);
            case IKE_AUTH,
                    IKE_INTERMEDIATE,
                    IKE_SA_INIT,
                    IKE_SESSION_RESUME,
                    IKE_SESSION_RESUME_1RTT -> {
                turn.count(Counter.REFUSED_INVALID_SYNTAX);
                end(
                        turn,
                        sa,
                        message,
                        Payload.Notify.of(NotifyType.INVALID_SYNTAX),
                        CloseReason.SYNTAX);
            }
        }
    }

    /// An authentic request that makes no sense is fatal at both peers (RFC 7296 section 2.21.3).
    private static void end(
            Turn turn, IkeSa sa, Message message, Payload.Notify notify, CloseReason reason) {
        sa.respond(turn, message.header(), message.octets().array(), List.of(notify));
        sa.close(turn, reason, "", false);
    }
}
