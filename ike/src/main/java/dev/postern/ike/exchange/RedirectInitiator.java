package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Event.RedirectStage;
import dev.postern.ike.Redirection;
import dev.postern.ticket.Session;
import dev.postern.wire.GatewayList;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Redirect;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// RFC 5685 at the client: N(REDIRECT) is judged where it comes, and told to whoever decides where
/// the client goes ([Event.Redirected]). Nothing else is changed by it (section 3).
final class RedirectInitiator {
    private RedirectInitiator() {}

    /// What IKE_SA_INIT says about it.
    static List<Payload> announced(Redirection redirection) {
        List<Payload> payloads = new ArrayList<>();
        if (redirection.accepted()) {
            payloads.add(Payload.Notify.of(NotifyType.REDIRECT_SUPPORTED));
        }
        if (redirection.from() != null) {
            Octets address = Octets.of(redirection.from().getAddress());
            payloads.add(
                    Payload.Notify.of(NotifyType.REDIRECTED_FROM, Redirect.encodeFrom(address)));
        }
        return payloads;
    }

    static boolean isIn(List<Payload> payloads) {
        return Message.findNotify(payloads, NotifyType.REDIRECT) != null;
    }

    /// The unprotected answer to IKE_SA_INIT: whoever sent it has at least seen our nonce (section
    /// 3: "If the values do not match, the client MUST silently discard the response").
    static void onInit(
            Turn turn, IkeSa sa, Redirection redirection, byte[] ni, List<Payload> payloads) {
        Redirect redirect = redirection.accepted() ? find(payloads) : null;
        if (redirect == null
                || redirect.gateway() == null
                || !redirect.nonce().equals(Octets.of(ni))) {
            turn.count(Counter.DROPPED_REDIRECT);
            return;
        }
        FirstMessage.answered(turn, sa);
        turn.emit(new Event.Redirected(sa.handle(), RedirectStage.IKE_SA_INIT, redirect.gateway()));
        sa.close(turn, CloseReason.REDIRECTED, told(redirect.gateway()), false);
    }

    /// The gateway is proven and wants us elsewhere (section 6); false where there is nothing to
    /// follow.
    static boolean onAuth(Turn turn, IkeSa sa, List<Payload> payloads) {
        GatewayList.Entry gateway = sealed(turn, sa, payloads);
        if (gateway == null) {
            return false;
        }
        turn.emit(new Event.Redirected(sa.handle(), RedirectStage.IKE_AUTH, gateway));
        Informational.deleteAndForget(turn, sa, CloseReason.REDIRECTED, told(gateway));
        return true;
    }

    /// The gateway of our session wants us elsewhere (section 5). The IKE SA stays until there is
    /// another one.
    static void onRequest(Turn turn, IkeSa sa, List<Payload> payloads) {
        GatewayList.Entry gateway =
                sa.isClient() && sa.isEstablished() ? sealed(turn, sa, payloads) : null;
        if (gateway != null) {
            turn.emit(new Event.Redirected(sa.handle(), RedirectStage.INFORMATIONAL, gateway));
        }
    }

    /// The gateway that refuses our resume by this; null where it does not.
    static GatewayList.@Nullable Entry inResume(List<Payload> payloads) {
        Redirect redirect = find(payloads);
        return redirect == null || !redirect.nonce().isEmpty() ? null : redirect.gateway();
    }

    static void onResume(Turn turn, IkeSa sa, GatewayList.Entry gateway) {
        turn.emit(new Event.Redirected(sa.handle(), RedirectStage.RESUME, gateway));
        sa.close(turn, CloseReason.REDIRECTED, told(gateway), false);
    }

    private static GatewayList.@Nullable Entry sealed(Turn turn, IkeSa sa, List<Payload> payloads) {
        if (!isIn(payloads)) {
            return null;
        }
        GatewayList.Entry gateway = sa.has(Session.Extension.REDIRECT) ? inResume(payloads) : null;
        if (gateway == null) {
            turn.count(Counter.DROPPED_REDIRECT);
        }
        return gateway;
    }

    private static @Nullable Redirect find(List<Payload> payloads) {
        Payload.Notify notify = Message.findNotify(payloads, NotifyType.REDIRECT);
        try {
            return notify == null ? null : Redirect.decode(notify.data());
        } catch (MalformedException nowhere) {
            return null;
        }
    }

    private static String told(GatewayList.Entry gateway) {
        return "the gateway sends us to " + GatewayList.text(gateway);
    }
}
