package dev.postern.ike.exchange;

import dev.postern.ike.Event;
import dev.postern.wire.Payload;

import java.util.List;

/// An empty INFORMATIONAL (RFC 7296 section 2.4): any answer is life.
record LivenessCheck() implements OwnRequest {
    @Override
    public void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {
        turn.emit(new Event.PeerAlive(sa.handle()));
    }
}
