package dev.postern.ike.failover;

import dev.postern.ike.Now;

import org.jspecify.annotations.Nullable;

/// What a client that a gateway has served thinks of it, and how soon it goes back there if that is
/// the preferred one.
record Trust(GatewayOrder gateways, Returning returning) {
    /// The gateway that serves us lives, and nobody behind it is heard.
    void carriesNothing(Now now, Primary current) {
        gateways.standings().carriesNothing(now, current.gateway());
        lost(current.gateway());
    }

    /// It serves us no more.
    void ended(Now now, int gateway, Comebacks.Stay stay) {
        switch (stay) {
            case BRIEF -> {
                gateways.standings().endedSoon(now, gateway);
                lost(gateway);
            }
            case LASTING -> gateways.standings().lasted(gateway);
            case ORDINARY -> {}
        }
    }

    /// It has taken us, and that was of no use.
    private void lost(int gateway) {
        if (gateways.isPreferred(gateway)) {
            returning.disappoint();
        }
    }

    /// Somebody behind it is heard.
    void carries(@Nullable Primary current) {
        if (current != null && gateways.isPreferred(current.gateway())) {
            returning.trust();
        }
    }
}
