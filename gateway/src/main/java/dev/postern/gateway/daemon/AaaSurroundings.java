package dev.postern.gateway.daemon;

import dev.postern.esp.SaTraffic;
import dev.postern.gateway.aaa.Aaa;
import dev.postern.gateway.dataplane.DataPlane;
import dev.postern.ike.Effect;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ticket.Revocation;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The gateway as RADIUS sees it.
record AaaSurroundings(
        IkeEndpoint endpoint, EndpointLoop loop, DataPlane dataPlane, TicketCustody custody)
        implements Aaa.Surroundings {
    @Override
    public @Nullable EstablishedSession session(long handle) {
        return endpoint.session(handle);
    }

    @Override
    public Optional<SaTraffic> traffic(int inboundSpi) {
        return dataPlane.traffic(inboundSpi);
    }

    @Override
    public boolean offer(Aaa.EndpointWork work) {
        return loop.offer(now -> {
            List<Effect> effects = new ArrayList<>();
            for (Input input : work.at(now)) {
                effects.addAll(endpoint.handle(now, input));
            }
            return effects;
        });
    }

    @Override
    public boolean admits(Input.Reauthorize change) {
        return endpoint.admits(change);
    }

    @Override
    public void revoke(Revocation revocation) throws IOException {
        custody.revoke(revocation);
    }
}
