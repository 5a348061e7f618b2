package dev.postern.ike.exchange;

import dev.postern.wire.ExchangeType;
import dev.postern.wire.GatewayList;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;
import dev.postern.wire.Redirect;

import java.util.List;

/// INFORMATIONAL with N(REDIRECT), RFC 5685 section 5: the client of an active session is told where
/// to go. It answers, sets up what it needs there, and deletes here.
///
///                              <--   HDR, SK{ N(REDIRECT, gateway) }
///     HDR, SK{ }   -->
record RedirectNotice() implements OwnRequest {
    static void send(Turn turn, IkeSa sa, GatewayList.Entry gateway) {
        sa.request(
                turn,
                ExchangeType.INFORMATIONAL,
                List.of(Payload.Notify.of(NotifyType.REDIRECT, Redirect.to(gateway).encode())),
                sa.relation().schedule(),
                new RedirectNotice());
    }

    /// The client has heard it; whether it goes is seen by its Delete.
    @Override
    public void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {}
}
