package dev.postern.gateway.daemon;

import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.failover.FailoverClient;

import java.util.List;

/// A client's deadlines, for its loop.
record ClientDriver(FailoverClient client) implements EndpointLoop.Driver {
    @Override
    public List<Effect> onDeadline(Now now) {
        return client.handle(now, new Input.DeadlineReached());
    }

    @Override
    public long nextDeadline() {
        return client.nextDeadline();
    }
}
