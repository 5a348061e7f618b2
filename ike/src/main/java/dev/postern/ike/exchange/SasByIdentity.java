package dev.postern.ike.exchange;

import dev.postern.ike.sa.EstablishedSession;
import dev.postern.wire.Identity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The authenticated IKE SAs of one shard by the client's identity. Most identities have one.
final class SasByIdentity {
    private final Map<Identity, List<IkeSa>> sas = new HashMap<>();

    void add(IkeSa sa) {
        EstablishedSession session = sa.session();
        if (session != null) {
            sas.computeIfAbsent(InitialContact.owner(sa, session), _ -> new ArrayList<>(1)).add(sa);
        }
    }

    void remove(IkeSa sa) {
        EstablishedSession session = sa.session();
        if (session != null) {
            sas.computeIfPresent(
                    InitialContact.owner(sa, session),
                    (_, held) -> {
                        held.remove(sa);
                        return held.isEmpty() ? null : held;
                    });
        }
    }

    List<IkeSa> of(Identity identity) {
        return List.copyOf(sas.getOrDefault(identity, List.of()));
    }
}
