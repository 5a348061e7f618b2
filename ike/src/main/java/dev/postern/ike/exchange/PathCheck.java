package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.util.List;

/// INFORMATIONAL with N(COOKIE2), the return routability check of RFC 4555 section 3.7: nobody can
/// make us send packets to somebody else by saying that it is there.
///
/// @param cookie2 what the peer must send back
record PathCheck(Octets cookie2) implements OwnRequest {
    private static final int COOKIE2_LENGTH = 16;

    static void send(Turn turn, IkeSa sa) {
        Octets cookie = Octets.of(turn.entropy().octets(COOKIE2_LENGTH));
        sa.request(
                turn,
                ExchangeType.INFORMATIONAL,
                List.of(Payload.Notify.of(NotifyType.COOKIE2, cookie)),
                sa.relation().schedule(),
                new PathCheck(cookie));
    }

    @Override
    public Duty again(IkeSa sa) {
        return new Duty.CheckPath();
    }

    @Override
    public void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {
        Payload.Notify cookie = Message.findNotify(payloads, NotifyType.COOKIE2);
        if (cookie == null || !cookie.data().equals(cookie2)) {
            sa.close(
                    turn,
                    CloseReason.SYNTAX,
                    "the peer's answer to a return routability check is not what was asked",
                    false);
            return;
        }
        turn.count(Counter.ADDRESSES_UPDATED);
        Mobility.moveChildren(turn, sa);
    }
}
