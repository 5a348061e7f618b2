package dev.postern.ike.exchange;

import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// IKE_FOLLOWUP_KE at the initiator, RFC 9370 section 2.2.4: one exchange for each additional key
/// exchange that CREATE_CHILD_SA has agreed on. The SA is made after the last one.
///
///     HDR, SK{ KEi(n), N(ADDITIONAL_KEY_EXCHANGE){link} }   -->
///                   <--   HDR, SK{ KEr(n), [N(ADDITIONAL_KEY_EXCHANGE){link}] }
final class FollowUpInitiator implements OwnRequest {
    /// So many series may be unknown to the peer, one after the other, before the IKE SA is given
    /// up.
    private static final int MAXIMUM_LOST = 3;

    private final FollowedUp purpose;
    private final List<KeyExchangeMethod> methods;
    private final RekeyKeyExchange keyExchange;
    private final SharedSecrets secrets;

    private FollowUpInitiator(
            Turn turn, FollowedUp purpose, List<KeyExchangeMethod> methods, SharedSecrets secrets) {
        this.purpose = purpose;
        this.methods = methods;
        this.secrets = secrets;
        this.keyExchange = RekeyKeyExchange.begin(methods.getFirst(), turn.entropy());
    }

    /// Goes on with a series.
    ///
    /// @param methods what is still to be exchanged, at least one
    /// @param secrets of those that are done; taken over
    /// @param answer the peer's last, which names the series
    static void begin(
            Turn turn,
            IkeSa sa,
            FollowedUp purpose,
            List<KeyExchangeMethod> methods,
            SharedSecrets secrets,
            List<Payload> answer) {
        Octets link = FollowUps.linkIn(answer);
        if (link == null) {
            secrets.close();
            purpose.failed(turn, sa, "the peer's answer names no series of key exchanges");
            return;
        }
        FollowUpInitiator request = new FollowUpInitiator(turn, purpose, methods, secrets);
        sa.request(
                turn,
                ExchangeType.IKE_FOLLOWUP_KE,
                List.of(
                        request.keyExchange.payload(),
                        Payload.Notify.of(NotifyType.ADDITIONAL_KEY_EXCHANGE, link)),
                sa.relation().schedule(),
                request);
    }

    FollowedUp purpose() {
        return purpose;
    }

    @Override
    public Duty again(IkeSa sa) {
        return purpose.again(sa);
    }

    @Override
    public void abandon(Turn turn) {
        wipe();
        purpose.abandon(turn);
    }

    private void wipe() {
        keyExchange.close();
        secrets.close();
    }

    @Override
    public void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {
        Payload.Notify error = Message.findError(payloads);
        Payload.KeyExchange ke = Message.find(payloads, Payload.KeyExchange.class);
        if (error != null) {
            refused(turn, sa, error);
        } else if (ke == null || ke.method() != keyExchange.method().transformId()) {
            fail(turn, sa, "the peer's answer lacks KEr of " + keyExchange.method());
        } else {
            take(turn, sa, ke, payloads);
        }
    }

    private void take(Turn turn, IkeSa sa, Payload.KeyExchange ke, List<Payload> payloads) {
        SharedSecrets all;
        try (keyExchange) {
            all = secrets.and(keyExchange.agree(ke));
        } catch (InvalidKeyExchangeException e) {
            turn.count(Counter.DROPPED_KEY_EXCHANGE);
            fail(turn, sa, "the peer's KEr is unusable: " + e.getMessage());
            return;
        }
        if (methods.size() > 1) {
            begin(turn, sa, purpose, methods.subList(1, methods.size()), all, payloads);
            return;
        }
        sa.relation().followUps().noteFound();
        try (all) {
            purpose.completed(turn, sa, all, payloads);
        }
    }

    private void refused(Turn turn, IkeSa sa, Payload.Notify error) {
        boolean lost = error.is(NotifyType.STATE_NOT_FOUND);
        if (lost && sa.relation().followUps().noteLost() >= MAXIMUM_LOST) {
            abandon(turn);
            sa.duties().close(turn, CloseReason.SYNTAX);
        } else {
            fail(turn, sa, "the peer answered " + NotifyType.name(error.type()));
        }
    }

    private void fail(Turn turn, IkeSa sa, String detail) {
        wipe();
        purpose.failed(turn, sa, detail);
    }

    /// What an IKE SA's outstanding request belongs to, where it belongs to a series.
    static @Nullable FollowedUp pendingAt(IkeSa sa) {
        return sa.pending() instanceof FollowUpInitiator own ? own.purpose : null;
    }
}
