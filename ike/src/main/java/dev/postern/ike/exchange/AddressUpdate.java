package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import java.util.ArrayList;
import java.util.List;

/// INFORMATIONAL with N(UPDATE_SA_ADDRESSES), RFC 4555 section 3.5: a client says that the
/// addresses on this message are those from now on.
record AddressUpdate() implements OwnRequest {
    static void send(Turn turn, IkeSa sa) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(Payload.Notify.of(NotifyType.UPDATE_SA_ADDRESSES));
        payloads.addAll(Mobility.natDetection(sa, sa.path()));
        sa.request(
                turn,
                ExchangeType.INFORMATIONAL,
                payloads,
                sa.relation().schedule(),
                new AddressUpdate());
    }

    @Override
    public Duty again(IkeSa sa) {
        return new Duty.UpdateAddresses();
    }

    /// The Child SAs have gone ahead; where the answer is a refusal the client's liveness checks
    /// find out what still works.
    @Override
    public void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {
        turn.count(Counter.ADDRESSES_UPDATED);
    }
}
