package dev.postern.ike.failover;

import dev.postern.ike.Event;

import java.net.InetAddress;
import java.util.List;

/// The IKE SA that carries the session.
///
/// @param gateway its place in [GatewayOrder]
/// @param silent it has not answered a check; it stays until there is another one
record Primary(long handle, int gateway, List<InetAddress> addresses, boolean silent) {
    Primary fallenSilent() {
        return new Primary(handle, gateway, addresses, true);
    }

    Primary alive() {
        return new Primary(handle, gateway, addresses, false);
    }

    Event.GatewaySuspected suspected(Event.Suspicion suspicion, GatewayOrder gateways) {
        return new Event.GatewaySuspected(handle, gateways.name(gateway), suspicion);
    }
}
