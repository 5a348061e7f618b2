package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Event.RedirectStage;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.RedirectPolicy;
import dev.postern.ticket.Session;
import dev.postern.wire.GatewayList;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Redirect;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// RFC 5685 at the gateway, in the exchanges that clients begin:
///
///     HDR(A,0), SAi1, KEi, Ni, N(REDIRECT_SUPPORTED)   -->   <--   HDR(A,0), N(REDIRECT, gateway, Ni)
///     HDR, SK{ IDi, AUTH, ... }                        -->   <--   HDR, SK{ IDr, AUTH, N(REDIRECT, gateway) }
///     HDR(A,0), N(IKEV2_TICKET), SK{ ... }             -->   <--   HDR(A,B), SK{ N(REDIRECT, gateway) }
///
/// The last one is the failover profile's own: a resume is refused by it, and the client presents its
/// ticket at the gateway that it is told.
final class RedirectResponder {
    /// A client that was redirected in IKE_AUTH deletes its IKE SA (section 6); one that does not
    /// is deleted after this long.
    private static final long DELETE_PATIENCE_NANOS = 30 * Now.NANOS_PER_SECOND;

    private RedirectResponder() {}

    /// Whether an initiator that sent these payloads supports redirection: REDIRECTED_FROM says so
    /// as well (section 3).
    static boolean isSupported(List<Payload> payloads) {
        return Message.findNotify(payloads, NotifyType.REDIRECT_SUPPORTED) != null
                || Message.findNotify(payloads, NotifyType.REDIRECTED_FROM) != null;
    }

    /// Bits of [Session.Extension] that a first request brings.
    static int extensionOf(List<Payload> payloads) {
        return isSupported(payloads) ? Session.Extension.REDIRECT : 0;
    }

    /// Sends a client away before anything is computed or kept for it; false where it is served.
    /// While the gateway is emptied, a client that cannot be redirected is refused.
    static boolean onInit(Turn turn, Path path, Message message, Octets ni) {
        RedirectPolicy policy = turn.redirects();
        if (!policy.turnsAway(RedirectStage.IKE_SA_INIT, turn.table().authenticated())) {
            return false;
        }
        List<Payload> payloads = message.payloads();
        GatewayList.Entry target =
                isSupported(payloads)
                        ? policy.target(ni, cameFrom(payloads), Vendor.isNamedIn(payloads))
                        : null;
        if (target != null) {
            turn.count(Counter.REDIRECTED_IN_IKE_SA_INIT);
            Octets data = new Redirect(target, ni).encode();
            SaInitResponder.refuse(
                    turn, path, message.header(), Payload.Notify.of(NotifyType.REDIRECT, data));
            return true;
        }
        if (policy.draining()) {
            turn.count(Counter.REFUSED_DRAINING);
            SaInitResponder.refuse(
                    turn, path, message.header(), Payload.Notify.of(NotifyType.TEMPORARY_FAILURE));
            return true;
        }
        return false;
    }

    private static @Nullable Octets cameFrom(List<Payload> payloads) {
        Payload.Notify from = Message.findNotify(payloads, NotifyType.REDIRECTED_FROM);
        try {
            return from == null ? null : Redirect.decodeFrom(from.data());
        } catch (MalformedException nowhere) {
            return null;
        }
    }

    /// What a proven client gets in place of a Child SA; null where it is served.
    static @Nullable Payload onProof(Turn turn, IkeSa sa, HalfOpen half) {
        RedirectPolicy policy = turn.redirects();
        if (!sa.has(Session.Extension.REDIRECT)
                || !policy.turnsAway(RedirectStage.IKE_AUTH, turn.table().authenticated())) {
            return null;
        }
        GatewayList.Entry target =
                policy.target(Octets.of(half.ni()), null, half.peerSentVendorId());
        if (target == null) {
            return null;
        }
        turn.count(Counter.REDIRECTED_IN_IKE_AUTH);
        return Payload.Notify.of(NotifyType.REDIRECT, Redirect.to(target).encode());
    }

    /// The client was told in IKE_AUTH; its IKE SA does not stay.
    static void awaitDelete(Turn turn, IkeSa sa) {
        sa.duties()
                .add(
                        new Duty.CloseIkeSa(CloseReason.REDIRECTED),
                        turn.now().nanos() + DELETE_PATIENCE_NANOS);
    }

    /// Refuses a resume whose client is proven, while the gateway is emptied; false where it is to
    /// be performed.
    static boolean onResume(ResumeAttempt attempt) {
        Turn turn = attempt.turn();
        Session session = attempt.session();
        RedirectPolicy policy = turn.redirects();
        GatewayList.Entry target =
                policy.draining() && session.has(Session.Extension.REDIRECT)
                        ? policy.target(session.sessionId(), null, true)
                        : null;
        Draining draining = turn.draining();
        if (target == null && draining != null && draining.isOverdue()) {
            attempt.refuse(NotifyType.TEMPORARY_FAILURE, Counter.REFUSED_DRAINING);
            return true;
        }
        if (target == null) {
            return false;
        }
        attempt.refuse(
                NotifyType.REDIRECT, Redirect.to(target).encode(), Counter.REDIRECTED_IN_RESUME);
        return true;
    }

    /// Tells the client of an established IKE SA to go (section 5).
    static void send(Turn turn, IkeSa sa, GatewayList.Entry gateway) {
        if (sa.isClient()) {
            return;
        }
        if (!sa.has(Session.Extension.REDIRECT)) {
            if (SwitchInitiator.isPossible(turn, sa, gateway)) {
                SwitchInitiator.send(turn, sa, gateway);
            }
            return;
        }
        turn.count(Counter.REDIRECTED_IN_INFORMATIONAL);
        turn.emit(new Event.Redirected(sa.handle(), RedirectStage.INFORMATIONAL, gateway));
        RedirectNotice.send(turn, sa, gateway);
    }
}
