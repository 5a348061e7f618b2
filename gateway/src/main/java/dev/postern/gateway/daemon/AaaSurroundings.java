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
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The gateway as RADIUS sees it.
record AaaSurroundings(
        IkeEndpoint endpoint,
        EndpointLoop loop,
        DataPlane dataPlane,
        TicketCustody custody,
        AddressLeases leases)
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
    public String obstacle(Input.Reauthorize change, Set<Long> handles) {
        if (!endpoint.admits(change)) {
            return "no group with this Filter-Id takes the session as it stands: either none has"
                    + " it, or an earlier group decides for this peer, or its Child SAs are of the"
                    + " other mode";
        }
        for (long handle : handles) {
            EstablishedSession session = endpoint.session(handle);
            if (session != null && !leases.suit(session, change.aaaAttributes())) {
                return "%s has %s, which is of no pool of its new group, and a client keeps its"
                                .formatted(
                                        session.authenticatedIdentity(),
                                        session.innerAddresses().stream()
                                                .map(InetAddress::getHostAddress)
                                                .toList())
                        + " addresses while its session stands; a Disconnect-Request makes it"
                        + " connect anew, with an address of the group that it has then";
            }
        }
        return "";
    }

    @Override
    public void revoke(Revocation revocation) throws IOException {
        custody.revoke(revocation);
    }
}
