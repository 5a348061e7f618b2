package dev.postern.ike.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.StoreByHand;
import dev.postern.ike.world.Suites;

/// Two gateways with one session store behind them, and a client that keeps nothing but a name.
final class Stateful {
    final Resumption r;
    final StoreByHand store = new StoreByHand();

    Stateful(long seed) {
        r = new Resumption(seed);
        r.aSettings.store = store;
        r.bSettings.store = store;
        r.aSettings.resumption = Suites.BOTH_PROTOCOLS.storing(TicketStorage.BY_REFERENCE);
        r.bSettings.resumption = r.aSettings.resumption;
    }

    /// A full exchange with gw-a; the reference of it.
    ResumableSession connect() {
        ResumableSession session = r.connect();
        assertThat(session.isReference()).isTrue();
        return session;
    }
}
