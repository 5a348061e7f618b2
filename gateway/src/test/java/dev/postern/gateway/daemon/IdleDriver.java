package dev.postern.gateway.daemon;

import dev.postern.ike.Effect;
import dev.postern.ike.Now;

import java.util.List;

/// Of a loop that does nothing but what is put into it.
class IdleDriver implements EndpointLoop.Driver {
    @Override
    public List<Effect> onDeadline(Now now) {
        return List.of();
    }

    @Override
    public long nextDeadline() {
        return Long.MAX_VALUE;
    }
}
